"""A record system at another site opens the overview in its own page, in a real browser: one click, the right patient."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error

from tests.journeys.embedding import ANNE, BENT, Slow, bare, both
from tests.journeys.serving import served
from tests.journeys.steps import RULES, WIDTHS
from tests.unit.portal import house as made

ELEMENT = "document.querySelector('samlet-patientoverblik')"
SHOWN = f"[...{ELEMENT}.shadowRoot.querySelectorAll('iframe')].filter(f => !('waiting' in f.dataset)).length"
LOOKS = 500
HIDDEN = "document.documentElement.scrollHeight - window.innerHeight"
FRAMES = f"{ELEMENT}.shadowRoot.querySelectorAll('iframe').length"


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def sites(chromium, slow) -> Iterator[tuple[str, str]]:
    with both(slow) as addresses:
        yield addresses


@pytest.fixture
def doctor(sites, visit):
    """A doctor with the record system open, and the overview in it."""
    _, own = sites
    visitor = visit("http://")  # two sites, and nobody else
    visitor.page.goto(own)
    return visitor


def overview(visitor):
    return visitor.page.frame_locator("samlet-patientoverblik iframe")


def until_shown(visitor, name: str) -> None:
    overview(visitor).get_by_role("heading", level=1, name=f"Samlet patientoverblik for {name}").wait_for()
    visitor.page.wait_for_function(f"{SHOWN} === 1")


def switch(visitor, patient: str) -> tuple[int, str]:
    """Ask for another patient; how many frames are shown in the same breath, and what the page says instead."""
    script = (
        f"p => {{ const e = {ELEMENT}; e.setAttribute('patient', p); return [{SHOWN}, e.shadowRoot.textContent]; }}"
    )
    shown, text = visitor.page.evaluate(script, patient)
    return shown, text


def until(visitor, holds, lacking: str) -> None:
    """Look again and again; what does not come in the end is a fault, not a wait without end."""
    for _ in range(LOOKS):
        if holds():
            return
        visitor.page.wait_for_timeout(20)
    raise AssertionError(lacking)


def until_asked(visitor, address: re.Pattern[str]) -> None:
    until(visitor, lambda: any(address.search(each) for each in visitor.asked), f"nobody asked for {address.pattern}")


def framed_texts(visitor) -> str:
    """All that any frame of the page holds, shown or not."""
    found = []
    for frame in [each for each in visitor.page.frames if each.parent_frame]:
        with contextlib.suppress(Error):  # one that is taken away meanwhile holds nothing
            found.append(frame.locator("body").inner_text(timeout=1000))
    return " ".join(found)


def test_one_click_no_second_login_no_second_banner(doctor):
    until_shown(doctor, "Anne Prøve")
    assert overview(doctor).get_by_role("region", name="Patient").count() == 0
    assert overview(doctor).get_by_text("Anna Læge", exact=True).count() == 1
    assert overview(doctor).get_by_role("button", name="Log ud").count() == 0


def test_the_frame_is_as_tall_as_what_it_holds(doctor):
    until_shown(doctor, "Anne Prøve")
    inside = next(frame for frame in doctor.page.frames if frame.parent_frame)
    for width in WIDTHS:
        doctor.page.set_viewport_size({"width": width, "height": 900})
        until(doctor, lambda: inside.evaluate(HIDDEN) <= 1, "the frame did not grow")
        left = inside.evaluate("window.innerHeight - document.querySelector('footer').getBoundingClientRect().bottom")
        assert 0 <= left <= 2
        assert inside.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_a_document_is_read_in_the_frame_and_the_overview_found_again(doctor):
    until_shown(doctor, "Anne Prøve")
    overview(doctor).get_by_role("link", name="Dokumenter", exact=True).first.click()
    overview(doctor).get_by_role("heading", level=1, name="Dokumenter").wait_for()
    overview(doctor).get_by_role("link", name="Overblikket").first.click()
    until_shown(doctor, "Anne Prøve")


def test_a_link_on_the_page_leads_there_though_the_frame_has_nothing_to_scroll(doctor):
    until_shown(doctor, "Anne Prøve")
    for _ in range(2):
        doctor.page.evaluate("window.scrollTo(0, 0)")
        overview(doctor).get_by_role("link", name="Se kilder").click()
        doctor.page.wait_for_function("window.scrollY > 500")
    assert overview(doctor).get_by_role("heading", name="Kilder").bounding_box()["y"] < 900


def test_the_way_back_is_told_to_the_record_system(doctor):
    until_shown(doctor, "Anne Prøve")
    doctor.page.evaluate(
        "addEventListener('overblik-tilbage', e => { document.title = 'tilbage ' + e.detail.patient; })"
    )
    overview(doctor).get_by_role("link", name="Tilbage til System epj").click()
    doctor.page.wait_for_function(f"document.title === 'tilbage {ANNE}'")


def test_a_switch_blanks_the_patient_before_in_the_same_breath(doctor, slow):
    until_shown(doctor, "Anne Prøve")
    slow.links[BENT] = 0.5
    shown, says = switch(doctor, BENT)
    assert shown == 0
    assert "Henter overblikket" in says
    assert "Anne" not in framed_texts(doctor)
    until_shown(doctor, "Bent Prøve")


@pytest.mark.parametrize("what", ["links", "pages"])
def test_an_answer_for_the_patient_before_finds_no_place(sites, visit, slow, what):
    """The first answer is on its way when the record system switches; it comes after the second's."""
    _, own = sites
    getattr(slow, what).update({ANNE: 1.0, made.KEY: 1.0})
    visitor = visit("http://")
    visitor.page.goto(own)
    visitor.page.wait_for_function(f"{FRAMES} === 1")
    if what == "pages":
        until_asked(visitor, re.compile("/indlejret/[^/]{22}$"))
    assert switch(visitor, BENT)[0] == 0
    until_shown(visitor, "Bent Prøve")
    visitor.page.wait_for_timeout(1500)
    until_shown(visitor, "Bent Prøve")
    assert "Anne" not in framed_texts(visitor)


def test_a_link_for_another_patient_than_the_one_asked_for_is_not_shown(sites, visit, slow):
    """The record system's own mistake: it is asked for Anne and signs for somebody it calls otherwise."""
    slow.refs[ANNE] = BENT
    visitor = visit("http://")
    visitor.page.goto(sites[1])
    visitor.page.get_by_text("Overblikket kunne ikke åbnes").wait_for()
    assert visitor.page.evaluate(FRAMES) == 0


def test_a_link_that_does_not_come_is_told(sites, visit):
    visitor = visit("http://")
    visitor.page.goto(f"{sites[1]}/?p=ukendt")
    visitor.page.get_by_text("Overblikket kunne ikke åbnes").wait_for()


def test_another_site_cannot_frame_it(sites, visit):
    """Clickjacking: a page that is none of the record system's origins shows nothing of an overview."""
    _, own = sites
    visitor = visit("http://")
    visitor.page.goto(own)
    until_shown(visitor, "Anne Prøve")
    address = next(frame.url for frame in visitor.page.frames if frame.parent_frame)
    with served(bare()) as there:  # of the record system's own site, so that the cookie comes along, but not its origin
        visitor.page.goto(there.replace("127.0.0.1", "localhost"))
        visitor.page.evaluate(
            "url => { const f = document.createElement('iframe'); f.src = url; document.body.append(f); }", address
        )
        visitor.page.wait_for_timeout(500)
        assert "Anne" not in framed_texts(visitor)
        visitor.page.goto(own)
    assert any("frame-ancestors" in each for each in visitor.complaints)
    visitor.complaints.clear()


def test_messages_of_others_are_not_heard(doctor):
    """What the record system's own page, or a script on it, says in the overview's place is not believed."""
    until_shown(doctor, "Anne Prøve")
    doctor.page.evaluate("window.told = 0; addEventListener('overblik-tilbage', () => { window.told += 1; })")
    for said in ("{ overblik: 'back' }", f"{{ overblik: 'shown', ref: '{BENT}', height: 300 }}"):
        doctor.page.evaluate(f"window.postMessage({said}, '*')")
    doctor.page.wait_for_timeout(100)
    assert doctor.page.evaluate("window.told") == 0
    assert doctor.page.evaluate(SHOWN) == 1


def test_anyone_can_use_it(doctor):
    """No violation of WCAG 2.1 A or AA at any width, in the record system's page and in the frame."""
    until_shown(doctor, "Anne Prøve")
    for width in WIDTHS:
        doctor.page.set_viewport_size({"width": width, "height": 900})
        for frame in doctor.page.frames:
            found = frame.evaluate(f"{doctor._axe}; axe.run(document, {{runOnly: {RULES!r}, iframes: false}})")
            assert not [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]], width


def test_it_is_reached_and_left_by_the_keyboard(doctor):
    until_shown(doctor, "Anne Prøve")
    doctor.page.keyboard.press("Tab")
    inside = next(frame for frame in doctor.page.frames if frame.parent_frame)
    names = []
    for _ in range(8):
        names.append(inside.evaluate("document.activeElement.textContent.trim()"))
        doctor.page.keyboard.press("Tab")
    assert "Gå til sidens indhold" in names
    assert "Tilbage til System epj" in names
    assert "Dokumenter" in names


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_shown_is_always_the_last_patient_asked_for(doctor, data):
    """Law: whatever the order in which links come, no frame is shown but that of the patient asked for last."""
    page = doctor.page
    page.evaluate(
        f"""() => {{
          window.pending = []; window.seen = [];
          const e = {ELEMENT};
          const real = p => fetch('/link', {{ method: 'POST', body: JSON.stringify({{ patient: p }}) }}).then(a => a.text());
          e.linkFor = p => new Promise(give => window.pending.push(() => real(p).then(give)));
          e.removeAttribute('patient');
          e.addEventListener('overblik-vist', event => window.seen.push([event.detail.patient, e.getAttribute('patient')]));
        }}"""
    )
    asked = data.draw(st.lists(st.sampled_from([ANNE, BENT]), min_size=2, max_size=4))
    turns = [each for at, each in enumerate(asked) if at == 0 or asked[at - 1] != each]
    for patient in turns:
        assert switch(doctor, patient)[0] == 0
        if data.draw(st.booleans()):
            page.evaluate(
                "window.pending.length && window.pending.splice(Math.floor(window.pending.length / 2), 1)[0]()"
            )
    order = data.draw(st.permutations(range(len(turns))))
    page.evaluate("order => order.forEach(n => window.pending[n] && window.pending[n]())", list(order))
    until_shown(doctor, {ANNE: "Anne Prøve", BENT: "Bent Prøve"}[turns[-1]])
    assert page.evaluate(FRAMES) == 1
    assert all(told == wanted for told, wanted in page.evaluate("window.seen"))
    assert {ANNE: "Bent", BENT: "Anne"}[turns[-1]] not in framed_texts(doctor)
