"""How often somebody may ask: 429 with Retry-After and a code, counted by who asks and never by what about."""

import pytest

from patientoverblik.app.guarding import at_the_gate, refusing
from patientoverblik.edges.guard import Guard, Rates, guarded
from patientoverblik.edges.portal.assets import load_assets
from tests.doors.hardening.place import NANCY, STRANGER, Place, token
from tests.doors.soap.world import PATIENT, Door

MINUTE = 60_000


def statuses(place, times: int, *asked: str, **sent) -> list[int]:
    return [place.ask(*asked, **sent).status_code for _ in range(times)]


@pytest.mark.parametrize("path", ["/log-ind", "/log-ind/svar", "/oauth/authorize", "/testlogin/authorize"])
def test_entries_are_limited_by_address(path):
    place = Place(limit_entry=3)
    found = statuses(place, 5, "GET", path)
    assert [each == 429 for each in found] == [False, False, False, True, True]
    assert place.ask("GET", path, peer="192.0.2.8").status_code != 429


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/testlogin/token", "/log-ud/bagkanal"])
def test_programs_entries_are_limited_too_and_answered_as_data(path):
    place = Place(limit_entry=2)
    form = {"grant_type": "authorization_code", "client_id": "demo-dagbog", "code": "guess"}
    found = [place.ask("POST", path, data=form) for _ in range(3)]
    assert [each.status_code == 429 for each in found] == [False, False, True]
    assert 0 < int(found[-1].headers["retry-after"]) <= 60
    assert "portal.too-often" in found[-1].text or "Der er kommet for mange" in found[-1].text


def test_who_waits_as_long_as_told_is_let_in_again():
    place = Place(limit_entry=2)
    statuses(place, 2, "GET", "/log-ind")
    refused = place.ask("GET", "/log-ind")
    place.now += int(refused.headers["retry-after"]) * 1000
    assert place.ask("GET", "/log-ind").status_code != 429
    assert statuses(place, 2, "GET", "/log-ind")[-1] == 429


def test_a_page_is_refused_with_a_page_that_says_what_to_do():
    place = Place(limit_address=1)
    place.ask("GET", "/was")
    refused = place.ask("GET", "/was")
    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("text/html")
    assert "Vent lidt" in refused.text


def test_a_message_is_refused_with_a_fault():
    place = Place(limit_address=1)
    place.ask("POST", "/dros/iti41")
    refused = place.ask("POST", "/dros/iti41")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "portal.too-often" in refused.text
    assert "Fault" in refused.text


def test_somebody_logged_in_is_counted_as_themselves_and_not_by_their_address():
    place = Place(limit_actor=4, limit_address=30)
    doctor, nancy = place.browser("egen-laege"), place.browser("nancy")
    found = [doctor.get("/").status_code for _ in range(6)]
    assert found[0] == 200
    assert found[-1] == 429
    assert nancy.get("/was").status_code == 200
    assert place.ask("GET", "/was").status_code == 200


def test_two_sessions_of_one_person_share_what_they_may():
    place = Place(limit_actor=6)
    one, other = place.browser("egen-laege"), place.browser("egen-laege")
    for _ in range(6):
        one.get("/")
    other.get("/")
    assert other.get("/").status_code == 429


def test_made_up_secrets_stay_one_address():
    place = Place(limit_address=5)
    made_up = [{"cookie": f"overblik=guess{number}"} for number in range(4)]
    made_up += [{"authorization": f"Bearer guess{number}"} for number in range(4)]
    found = [place.ask("GET", "/was", headers=each).status_code for each in made_up]
    assert found == [200] * 5 + [429] * 3


def test_a_sender_of_messages_is_counted_by_who_the_assertion_says_they_are():
    """Whoever is known is no longer an address: one message of a stranger does not use up what is theirs."""
    door = Door(related=("general-practice", "hospital"))
    guard = Guard(hosts=frozenset({"door"}), rates=Rates(actor=2, address=1, entry=0, search=0))
    door.app = guarded(door.app, guard, refusing(load_assets()), door.house.clock)
    asked = ("$XDSDocumentEntryPatientId", f"'{PATIENT.value}^^^&{PATIENT.system}&ISO'")
    status = ("$XDSDocumentEntryStatus", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')")
    found = [door.query("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", asked, status) for _ in range(3)]
    assert [each.status_code for each in found] == [200, 200, 429]
    assert found[-1].headers["retry-after"] == "30"
    assert "portal.too-often" in found[-1].text


def test_a_message_of_somebody_unknown_waits_where_too_much_comes_at_once():
    door = Door()
    guard = Guard(hosts=frozenset({"door"}), body_bytes=1000)
    door.app = guarded(door.app, guard, refusing(load_assets()), door.house.clock)
    found = door.query("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d")
    assert (found.status_code, found.headers["retry-after"]) == (503, "5")
    assert "portal.busy" in found.text
    assert "Fault>" in found.text


def test_style_sheets_are_not_counted():
    place = Place(limit_address=1)
    address = place.guard.free[0]
    assert 429 not in statuses(place, 5, "GET", f"{address}portal.css")


def searched(number: str) -> list[tuple[int, str]]:
    """What a professional meets who searches the same number again and again."""
    place = Place(limit_search=3)
    browser = place.browser("egen-laege")
    csrf = token(browser.get("/").text)
    found = [browser.post("/patient", data={"cpr": number, "csrf": csrf}, follow_redirects=False) for _ in range(5)]
    return [(each.status_code, each.headers.get("retry-after", "")) for each in found]


def test_searching_is_limited_and_the_limit_tells_nothing_of_the_patient():
    known, unknown, no_number = searched(NANCY), searched(STRANGER), searched("no number")
    assert known == unknown
    assert [status for status, _ in known] == [303, 303, 303, 429, 429]
    assert [status for status, _ in no_number] == [400, 400, 400, 429, 429]


def test_asking_who_has_seen_a_document_names_a_patient_too_and_is_limited_as_a_search():
    browser = Place(limit_search=3).browser("egen-laege")
    sent = {"csrf": token(browser.get("/").text), "cpr": NANCY, "document": "1.2.3"}
    found = [browser.post("/opfoelgning/laesere", data=sent).status_code for _ in range(5)]
    assert found[3:] == [429, 429]
    assert 429 not in found[:3]


def test_a_refusal_costs_as_much_as_an_answer():
    """By JSON: known, unknown and forbidden patients use up the same number of requests."""

    def left(number: str) -> int:
        place = Place(limit_search=50, limit_actor=20)
        browser = place.browser("egen-laege")
        csrf = {"x-csrf-token": token(browser.get("/").text)}
        found = [browser.post("/api/overblik", json={"patient": number}, headers=csrf).status_code for _ in range(25)]
        return found.index(429)

    assert left(NANCY) == left(STRANGER) == left("")


def test_forwarded_addresses_count_only_from_a_proxy():
    place = Place(limit_address=1)
    by_proxy = [
        place.ask("GET", "/was", peer="127.0.0.1", headers={"x-forwarded-for": each})
        for each in ("192.0.2.1", "192.0.2.2")
    ]
    by_stranger = [
        place.ask("GET", "/was", peer="192.0.2.9", headers={"x-forwarded-for": each})
        for each in ("192.0.2.3", "192.0.2.4")
    ]
    assert [each.status_code for each in by_proxy] == [200, 200]
    assert [each.status_code for each in by_stranger] == [200, 429]


def test_workers_count_logins_together_and_have_each_their_share_of_the_rest():
    one = Place(limit_entry=6, limit_actor=600, limit_address=90, workers=3)
    other = at_the_gate(one.settings, one.house, one.inner)[0]
    found = []
    for worker in (one.whole, other) * 4:
        one.whole = worker
        found.append(one.ask("GET", "/log-ind").status_code)
    assert found == [303] * 6 + [429] * 2
    assert one.guard.rates == Rates(actor=200, address=30, entry=6, search=20)
    one.now += 60_000
    assert one.ask("GET", "/log-ind").status_code == 303


def test_who_is_counted_stands_in_the_database_by_no_address():
    place = Place()
    place.ask("GET", "/log-ind", peer="192.0.2.77")
    (key,) = place.house.storage._state.counted
    assert "192.0.2" not in key
