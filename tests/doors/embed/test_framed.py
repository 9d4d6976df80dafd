"""The overview inside a record system: framed by that system alone, one patient per session, nothing else of the pages."""

import re
from html import unescape

import msgspec
import pytest
from starlette.routing import Mount

from patientoverblik.app.guarding import at_the_gate
from patientoverblik.app.settings import Settings
from patientoverblik.edges.portal.embed import ROOT, START
from patientoverblik.edges.portal.embed.addresses import COMPONENT
from patientoverblik.problems import CATALOGUE
from tests.doors.embed.world import BASE, EPJ, OMSORG, OTHER_KEY, World
from tests.doors.identity.web.world import World as LoginWorld
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made


def ancestors(answer) -> str:
    return re.search(r"frame-ancestors ([^;]*)", answer.headers["content-security-policy"])[1]


def cookies(answer) -> list[str]:
    return answer.headers.get_list("set-cookie")


def test_only_the_system_that_opened_it_may_frame_it():
    world = World()
    browser, address = world.opened()
    for page in (address, f"{address}/dokumenter", f"{address}/findes-ikke"):
        if (answer := browser.get(page)).status_code == 200:
            assert ancestors(answer) == EPJ
    browser, address = world.opened(iss=OMSORG, key=OTHER_KEY)
    assert ancestors(browser.get(address)) == OMSORG


def test_a_refusal_may_be_framed_by_the_configured_systems_and_nobody_else():
    world = World()
    assert ancestors(world.open(world.browser(), "x")) == f"{EPJ} {OMSORG}"
    assert ancestors(world.browser().get(f"{ROOT}/ingen")) == f"{EPJ} {OMSORG}"


def test_the_ordinary_pages_may_still_be_framed_by_nobody():
    assert (
        "frame-ancestors" not in World().browser().get("/").headers["content-security-policy"]
    )  # the gate says 'none'


def test_the_session_is_kept_for_one_address_and_one_site():
    world = World()
    answer = world.open(world.browser())
    (cookie,) = cookies(answer)
    assert f"Path={answer.headers['location']};" in cookie
    for word in ("__Secure-", "Secure", "HttpOnly", "SameSite=None", "Partitioned"):
        assert word in cookie


def test_an_overview_opens_no_other_page():
    world = World()
    browser, address = world.opened()
    assert 'action="/log-ud"' not in browser.get("/").text
    assert browser.get("/p/" + address.rpartition("/")[2]).status_code == 401


def test_one_opening_is_no_way_into_another():
    """The cookie of one patient's overview opens no other's, even sent there by hand."""
    world = World()
    first, one = world.opened()
    _, other = world.opened()
    secret = next(each.value for each in first.cookies.jar)
    answer = world.browser().get(other, headers={"cookie": f"__Secure-indlejret={secret}"})
    assert answer.status_code == 401
    assert "Nancy" not in answer.text
    assert "Nancy" in world.browser().get(one, headers={"cookie": f"__Secure-indlejret={secret}"}).text


def test_two_overviews_are_open_beside_each_other():
    world = World()
    browser = world.browser()
    one = world.open(browser).headers["location"]
    two = world.open(browser).headers["location"]
    assert browser.get(one).status_code == browser.get(two).status_code == 200


def test_a_launch_leaves_an_ordinary_login_as_it_is():
    login = LoginWorld(systems=World().settings.systems, once=World().settings.once)
    browser = login.log_in()
    browser.post(START, data={"link": "x"})
    assert 'action="/log-ud"' in browser.get("/").text


def test_an_unknown_patient_and_one_without_relation_look_alike():
    world = World(acts=made.acts())
    browser, address = world.opened(patient="0101809999")
    answer = browser.get(address)
    assert answer.status_code == 403
    assert "portal.refused" in answer.text


def test_a_session_that_is_over_shows_nothing_and_says_what_to_do():
    world = World()
    browser, address = world.opened()
    world.clock[0] += world.settings.lifetime + 1
    answer = browser.get(address)
    assert answer.status_code == 401
    assert "Åbn overblikket igen fra dit eget system" in answer.text
    assert "Nancy" not in answer.text


def test_the_page_leads_nowhere_outside_the_overview():
    """No link or form in the frame leads to the pages outside, but the accessibility statement in a window of its own."""
    browser, address = World().opened()
    for page in (address, f"{address}/dokumenter"):
        text = browser.get(page).text
        led = set(re.findall(r'(?:href|action)="(/[^"]*)"', unescape(text)))
        outside = {each for each in led if not each.startswith((address, "/static/"))}
        assert outside == {"/was"}
        assert re.search(r'href="/was" target="_blank" rel="noopener"', text)


def test_there_is_no_second_banner_but_always_a_name():
    world = World()
    browser, address = world.opened()
    without = browser.get(address).text
    assert 'class="banner"' not in without
    assert "<h1>Samlet patientoverblik for Nancy" in without
    browser, address = world.opened(banner=True)
    assert 'class="banner"' in browser.get(address).text


def test_the_page_knows_whom_it_may_speak_with_and_what_they_call_the_patient():
    browser, address = World().opened(ref='p"1<')
    text = browser.get(address).text
    assert 'data-ref="p"1<"' not in text
    assert f'data-hosts="{EPJ}" data-ref="p"1<"' in unescape(text)


def test_the_way_back_leads_to_the_system():
    browser, address = World().opened()
    assert f'data-back href="{EPJ}/patient" target="_top">Tilbage til System epj<' in unescape(
        browser.get(address).text
    )


def test_a_form_in_the_frame_needs_the_sessions_own_token():
    browser, address = World().opened()
    assert "seconds" not in browser.post(f"{address}/bliv", data={"csrf": "x"}).text
    text = browser.get(address).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', text)[1]
    assert browser.post(f"{address}/bliv", data={"csrf": csrf}).json()["seconds"] > 0


def test_the_script_may_be_fetched_by_pages_of_other_origins():
    answer = World().browser().get(COMPONENT)
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", [START, COMPONENT, f"{ROOT}/smart"])
def test_without_record_systems_there_is_nothing(path):
    world = LoginWorld()
    assert world.browser().get(path).status_code == 404


def test_the_look_names_the_record_system():
    seen = []

    async def look(house, actor, patient, purpose, view):
        seen.append(actor)
        return await made.acts().look(house, actor, patient, purpose, view)

    browser, address = World(acts=msgspec.structs.replace(made.acts(), look=look)).opened()
    browser.get(address)
    assert [actor.client for actor in seen] == ["System epj"]
    assert seen[0].id == f"{EPJ}#bruger-1"


def test_only_the_launch_address_takes_what_another_site_posts():
    """The gate lets a record system's page post a link though a cookie comes along; every other form it refuses."""
    world = World()
    gated, _ = at_the_gate(Settings(database="memory:", demo=True, base_url=BASE), world.house, world.application)
    browser = Browser(gated, BASE)
    sent = {"cookie": "__Host-overblik=x", "sec-fetch-site": "cross-site"}
    assert browser.post(START, data={"link": world.link()}, headers=sent, follow_redirects=False).status_code == 303
    for path in ("/patient", "/log-ud", f"{ROOT}/x/bliv", f"{START}/"):
        answer = browser.post(path, headers=sent)
        assert CATALOGUE["portal.cross-site"].da in unescape(answer.text)


def test_every_form_in_the_frame_refuses_without_the_sessions_own_token():
    world = World()
    browser, address = world.opened()
    mount = next(each for each in world.application.routes if isinstance(each, Mount) and each.path == ROOT)
    posts = [each.path for each in mount.routes if "POST" in each.methods]
    assert len(posts) > 8
    for path in posts:
        at = address + re.sub(r"\{[^}]+\}", "x", path.removeprefix("/{handle}"))
        for given in ({}, {"csrf": "x"}):
            answer = browser.post(at, data=given, follow_redirects=False)
            assert CATALOGUE["portal.form-expired"].da in unescape(answer.text), path
            assert ancestors(answer) == EPJ
