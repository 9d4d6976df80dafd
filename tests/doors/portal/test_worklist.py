"""The worklist and handovers on pages: asked, answered, told to the patient, and off the list when it has begun."""

import html
import re

import msgspec
import pytest

from patientoverblik.access import Block
from patientoverblik.demo.organisations import organisations
from patientoverblik.service.work import key_of
from tests.doors.portal.test_own_words import plain, token
from tests.doors.portal.told import KEY_OF, place_of, someone

ASKED = "Genoptræning"
HOSPITAL, REHABILITATION = (organisations()[key].reference for key in ("hospital", "rehabilitation"))


@pytest.fixture(scope="module")
def story():
    return place_of("F")


@pytest.fixture
def place(story):
    return story()


def line_of(page: str, words: str) -> str:
    return re.search(rf'name="line" value="([0-9a-f]+)"(?:(?!name="line").)*?: {words}"', page, re.DOTALL)[1]


def answer(client, base: str, choice: str, reason: str = "", words: str = ASKED):
    page = client.get(f"{base}/overdragelser").text
    sent = {"csrf": token(page), "line": line_of(page, words), "answer": choice, "reason": reason}
    return client.post(f"{base}/overdragelser", data=sent)


def items(client) -> str:
    return plain(client.get("/arbejdsliste").text)


def test_what_is_asked_stands_on_the_list_and_is_answered_from_it(place):
    client, _ = someone(place, "genoptraening")
    page = client.get("/arbejdsliste").text
    assert "Overdragelse: Genoptræning Skal besvares" in plain(page)
    work = re.search(r'name="work" value="(handover[^"]+)"', page)[1]
    there = client.post("/arbejdsliste/aabn", data={"csrf": token(page), "work": work, "to": "overdragelser"})
    assert "Det, andre har bedt jer om at overtage" in plain(there.text)
    base = there.url.path.removesuffix("/overdragelser")
    taken = answer(client, base, "accepted")
    assert "Genoptræning Taget, ikke begyndt" in plain(taken.text)
    assert "Overdragelse: Genoptræning Taget, ikke begyndt" in items(client)
    begun = answer(client, base, "started")
    assert "Genoptræning Begyndt" in plain(begun.text)
    assert "Genoptræning" not in items(client)


def test_the_patient_is_told_who_has_taken_it_and_sees_it_on_the_line(place):
    client, base = someone(place, "genoptraening")
    answer(client, base, "accepted")
    nancy, own = someone(place, "nancy")
    page = plain(nancy.get(own).text)
    assert "Nogen har overtaget noget for dig" in page
    assert "Testkøbing Kommune, Genoptræningen har taget opgaven" in page


def test_a_no_needs_a_reason_which_the_sender_reads_on_their_list(place):
    client, base = someone(place, "genoptraening")
    refused = answer(client, base, "declined")
    assert refused.status_code == 400
    assert "Skriv, hvorfor I siger nej" in plain(refused.text)
    answer(client, base, "declined", "Vi har ikke plads")
    hospital, _ = someone(place, "sygehuslaege")
    page = items(hospital)
    assert "Overdragelse: Genoptræning Afvist" in page
    assert "Svaret: Vi har ikke plads" in page


def test_another_organisation_has_nothing_to_answer(place):
    client, base = someone(place, "oejenlaege")
    assert "Der er ikke noget, I er bedt om at overtage" in plain(client.get(f"{base}/overdragelser").text)
    owner, its = someone(place, "genoptraening")
    line = line_of(owner.get(f"{its}/overdragelser").text, ASKED)
    page = client.get(base).text
    sent = {"csrf": token(page), "line": line, "answer": "accepted"}
    assert client.post(f"{base}/overdragelser", data=sent).status_code == 404


def test_a_citizen_answers_no_handover(place):
    nancy, base = someone(place, "nancy")
    assert nancy.get(f"{base}/overdragelser").status_code == 404


def test_what_is_read_is_read_for_that_reader_alone(place):
    client, _ = someone(place, "genoptraening")
    page = client.get("/arbejdsliste").text
    count = int(re.search(r"(\d+) ulæst", page)[1])
    work = re.search(r'name="work" value="(plan[^"]+)"', page)[1]
    after = client.post("/arbejdsliste/laest", data={"csrf": token(page), "work": work}).text
    assert f"{count - 1} ulæst" in after
    colleague, _ = someone(place, "genoptraening-2")
    assert f"{count} ulæst" in colleague.get("/arbejdsliste").text


def test_all_on_the_page_are_read_as_a_browser_sends_them(place):
    """A browser sends a line break of a form's value as CRLF (the URL standard, application/x-www-form-urlencoded)."""
    client, _ = someone(place, "genoptraening")
    page = client.get("/arbejdsliste").text
    every = html.unescape(re.findall(r'name="work" value="([^"]+)"', page)[-1])
    assert every.count("\n") > 0
    after = client.post("/arbejdsliste/laest", data={"csrf": token(page), "work": every.replace("\n", "\r\n")}).text
    assert " 0 ulæst" in after


def test_an_answer_is_unread_to_who_asked_though_they_had_read_that_it_waits(place):
    hospital, _ = someone(place, "sygehuslaege")
    assert "Genoptræning Venter på svar Ulæst" in items(hospital)
    read_all(hospital)
    assert " 0 ulæst" in hospital.get("/arbejdsliste").text
    client, base = someone(place, "genoptraening")
    for choice, state in (("accepted", "Taget, ikke begyndt"), ("declined", "Afvist")):
        answer(client, base, choice, "Vi har ikke plads")
        assert f"Genoptræning {state} Ulæst" in items(hospital)
        read_all(hospital)
        assert f"Genoptræning {state} Ulæst" not in items(hospital)
        assert " 0 ulæst" in hospital.get("/arbejdsliste").text


def read_all(client):
    page = client.get("/arbejdsliste").text
    every = html.unescape(re.findall(r'name="work" value="([^"]+)"', page)[-1])
    client.post("/arbejdsliste/laest", data={"csrf": token(page), "work": every})


def test_filters_choose_and_a_page_never_names_a_number_or_key(place):
    client, _ = someone(place, "genoptraening")
    only = client.get("/arbejdsliste?slags=handover").text
    assert "1 på listen" in only
    assert "2512489996" not in only
    assert str(KEY_OF(place)) not in re.findall(r'value="([^"]*)"', only)


def test_a_block_takes_everything_of_a_document_off_the_list_and_out_of_its_counts(place):
    client, base = someone(place, "genoptraening")
    before = items(client)
    assert "Opfølgningsplan" in before
    block = Block("b1", organisation=REHABILITATION, origin=HOSPITAL)
    place.storage.act(lambda tx: tx.put_block(KEY_OF(place), block)).result()
    after = items(client)
    assert "Opfølgningsplan" not in after
    assert "Genoptræning Skal besvares" not in after
    assert "Overdragelser:" not in after
    gone = client.get(f"{base}/overdragelser")
    assert "Der er ikke noget, I er bedt om at overtage" in plain(gone.text)


def test_who_treats_none_of_the_patients_has_an_empty_list(place):
    client, _ = someone(place, "fremmed")
    assert "0 på listen" in items(client)


def test_the_list_is_narrowed_to_one_unit_or_team_of_the_organisation(place):
    """The lung department lies below the hospital; what is asked by the hospital stands on the hospital's own list."""
    lung = organisations()["lung"].reference
    above, below = ((one.system, one.value) for one in (HOSPITAL, lung))
    policy = msgspec.structs.replace(place.policy, units={below: above}, unit_names={below: "Lunge, team 2"})
    client, _ = someone(msgspec.structs.replace(place, policy=policy), "sygehuslaege")
    whole = client.get("/arbejdsliste").text
    assert "Enhed eller team Alle Testsygehuset Lunge, team 2" in plain(whole)
    assert "Overdragelse: Genoptræning" in plain(whole)
    key = f"{lung.system}|{lung.value}"
    team = client.get("/arbejdsliste", params={"enhed": key}).text
    assert "Overdragelse: Genoptræning" not in plain(team)
    assert re.search(rf'value="{re.escape(html.escape(key))}"\s+selected', team.replace("&#x7c;", "|"))
    assert "0 på listen" in plain(client.get("/arbejdsliste", params={"enhed": "1.2|nobody"}).text)


def test_who_has_no_units_is_not_asked_for_one(place):
    client, _ = someone(place, "genoptraening")
    assert "Enhed eller team" not in client.get("/arbejdsliste").text


def test_the_patient_reads_in_the_log_that_somebody_saw_what_they_are_asked_to_take_over(place):
    client, base = someone(place, "genoptraening")
    client.get(f"{base}/overdragelser")
    entry = place.storage.reader().looks(KEY_OF(place))[-1]
    assert entry.act == "handover-list"
    asked = {one.basis.uuid for one in place.storage.reader().work_of(key_of(REHABILITATION)) if one.kind == "handover"}
    assert {one.entry for one in entry.documents} == asked
    nancy, own = someone(place, "nancy")
    listed = plain(
        nancy.post(f"{own}/opslag", data={"csrf": token(nancy.get(f"{own}/opslag").text), "act": entry.act}).text
    )
    assert "1 opslag passer" in listed
    assert "Så en liste over overdragelser" in listed
    assert "Dokumenter (1)" in listed


def test_whom_nothing_is_asked_of_has_seen_no_document_by_asking(place):
    client, base = someone(place, "oejenlaege")
    client.get(f"{base}/overdragelser")
    entry = place.storage.reader().looks(KEY_OF(place))[-1]
    assert (entry.act, entry.documents) == ("handover-list", ())
