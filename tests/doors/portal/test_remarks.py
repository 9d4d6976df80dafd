"""\"Det passer ikke\": from the patient's page to the party that owns the line, and back with a trace."""

import re
from html import unescape

import pytest

from patientoverblik.access import Block
from patientoverblik.demo.organisations import organisations
from patientoverblik.service.work import key_of
from tests.doors.portal.test_own_words import plain, token
from tests.doors.portal.told import KEY_OF, place_of, someone

GP, EYE = (organisations()[key].reference for key in ("general-practice", "eye-clinic"))


@pytest.fixture(scope="module")
def story():
    return place_of("B")


@pytest.fixture
def place(story):
    return story()


def line_id(client, base: str, words: str) -> str:
    return re.search(rf'/linje/([0-9a-f]+)/passer-ikke" aria-label="[^"]*: {words}', unescape(client.get(base).text))[1]


def say(client, base: str, about: str, words: str, kind: str = "not-right"):
    address = f"{base}/linje/{line_id(client, base, about)}/passer-ikke"
    form = client.get(address).text
    return client.post(address, data={"csrf": token(form), "kind": kind, "words": words})


ABOUT = "Fundusfoto og OCT"


def test_what_does_not_fit_reaches_the_party_that_owns_it_and_comes_back_answered(place):
    nancy, base = someone(place, "nancy")
    page = say(nancy, base, ABOUT, "Jeg skal først om to år")
    assert page.url.path == f"{base}/henvendelser"
    assert "Venter på svar" in plain(page.text)
    assert "Sendt til Øjenklinikken Testparken" in plain(page.text)
    eyes, patient = someone(place, "oejenlaege")
    page = eyes.get(f"{patient}/henvendelser").text
    assert "Jeg skal først om to år" in plain(page)
    remark = re.search(r'name="remark" value="([^"]+)"', page)[1]
    empty = eyes.post(f"{patient}/henvendelser", data={"csrf": token(page), "remark": remark, "action": "answer"})
    assert empty.status_code == 400
    answered = eyes.post(
        f"{patient}/henvendelser",
        data={"csrf": token(page), "remark": remark, "action": "answer", "words": "Det er rettet"},
    ).text
    assert "Besvaret" in plain(answered)
    told = plain(nancy.get(base).text)
    assert "Du har fået svar" in told
    mine = nancy.get(f"{base}/henvendelser").text
    assert "Det er rettet" in plain(mine)
    closed = nancy.post(f"{base}/henvendelser", data={"csrf": token(mine), "remark": remark, "action": "close"}).text
    assert "Vis dem, der er lukket (1)" in plain(closed)
    assert "Det er rettet" in plain(closed)


def test_another_party_that_treats_the_patient_is_not_told(place):
    nancy, base = someone(place, "nancy")
    say(nancy, base, ABOUT, "Jeg skal først om to år")
    doctor, patient = someone(place, "egen-laege")
    assert "Jeg skal først" not in plain(doctor.get(f"{patient}/henvendelser").text)
    on_lists = {
        place_key: [one.kind for one in place.storage.reader().work_of(place_key)]
        for place_key in (key_of(GP), key_of(EYE))
    }
    assert [kinds.count("remark") for kinds in on_lists.values()] == [0, 1]


def test_who_is_no_longer_shown_the_document_is_no_longer_shown_the_remark(place):
    nancy, base = someone(place, "nancy")
    say(nancy, base, ABOUT, "Jeg skal først om to år")
    block = Block("b1", organisation=EYE)
    place.storage.act(lambda tx: tx.put_block(KEY_OF(place), block)).result()
    eyes, patient = someone(place, "oejenlaege")
    before = eyes.get(f"{patient}/henvendelser").text
    assert "Jeg skal først" not in plain(before)
    answer = eyes.post(
        f"{patient}/henvendelser",
        data={"csrf": token(before), "remark": place.storage.reader().remarks(KEY_OF(place))[0].id, "words": "Nej"},
    )
    assert answer.status_code == 404


def test_a_professional_cannot_write_one(place):
    doctor, base = someone(place, "egen-laege")
    nancy, own = someone(place, "nancy")
    line = line_id(nancy, own, ABOUT)
    address = f"{base}/linje/{line}/passer-ikke"
    assert doctor.get(address).status_code == 404
    sent = {"csrf": token(doctor.get(base).text), "kind": "not-right", "words": "Nej"}
    assert doctor.post(address, data=sent).status_code == 404
    assert place.storage.reader().remarks(KEY_OF(place)) == ()


def test_what_is_ones_own_is_corrected_and_not_objected_to(place):
    nancy, base = someone(place, "nancy")
    page = unescape(nancy.get(base).text)
    line = re.search(r'/linje/([0-9a-f]+)">Hvor står det[^<]*</a>', page)[1]
    assert f"/linje/{line}/passer-ikke" not in page
    answer = nancy.post(
        f"{base}/linje/{line}/passer-ikke",
        data={"csrf": token(page), "kind": "not-right", "words": "Det er ikke sandt"},
    )
    assert answer.status_code == 422
    assert "Du kan selv rette det" in plain(answer.text)


def test_a_question_before_an_appointment_stands_as_one(place):
    nancy, base = someone(place, "nancy")
    assert "Spørgsmål til næste gang" in plain(say(nancy, base, ABOUT, "Må jeg køre bil bagefter?", "question").text)
