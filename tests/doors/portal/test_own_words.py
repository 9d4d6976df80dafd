"""What matters to the patient, written on a page: the whole way from the form to both overviews."""

import html
import re

import msgspec
import pytest

from patientoverblik.access import PersonFacts, PowerOfAttorney, Relation
from patientoverblik.app.login import with_test_login
from patientoverblik.care import parse_moment
from patientoverblik.demo.organisations import organisation, organisations
from patientoverblik.demo.wiring import demo_sources, organisation_facts
from patientoverblik.edges.portal import Acts
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made

DOCTOR = organisations()["general-practice"].reference


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def token(page: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


@pytest.fixture
def place():
    """A house with the real acts, where the doctor treats Nancy and the daughter has power over her plans."""
    house = msgspec.structs.replace(
        made.house(),
        sources=demo_sources(),
        organisations=organisation_facts(),
        keeps_own_words=organisation("citizen"),
    )

    def work(transaction):
        transaction.put_person(made.KEY, PersonFacts(born=parse_moment("1948-12-25").earliest))
        transaction.put_relation(made.KEY, Relation("own-gp", DOCTOR))
        transaction.put_relation(made.KEY, Relation("own-gp", made.GP))
        transaction.put_power(made.KEY, PowerOfAttorney("p1", made.RELATIVE_KEY, ("plans",)))

    house.storage.act(work).result()
    return house


def someone(place, persona: str, whose: str = "0") -> tuple[Browser, str]:
    client = Browser(with_test_login(place, made.settings(acts=Acts()), demo=True))
    page = client.log_in(persona)
    if persona == "laege":
        found = client.post("/patient", data={"cpr": made.NANCY.value, "csrf": token(page.text)})
    else:
        found = client.post("/vaelg", data={"whose": whose, "csrf": token(page.text)})
    return client, found.url.path


def write(client: Browser, base: str, **form: str):
    page = client.get(f"{base}/vigtigt").text
    return client.post(f"{base}/vigtigt", data={"csrf": token(page), "line": "", **form})


def line_of(page: str, words: str) -> str:
    return re.search(rf'/vigtigt/([0-9a-f]+)" aria-label="Ret: {words}"', page)[1]


def test_what_the_citizen_writes_stands_on_both_overviews_with_them_as_author(place):
    client, base = someone(place, "nancy")
    answer = write(client, base, words="Passe min have", importance="meget vigtigt", horizon="long")
    assert answer.url.path == f"{base}/vigtigt"
    assert "Passe min have" in plain(answer.text)
    doctor, patient = someone(place, "laege")
    assert "Passe min have" in plain(doctor.get(patient).text)
    page = plain(client.get(base).text)
    assert "Passe min have" in page
    assert "Skrevet af: Nancy Ann Test Berggren" in page


def test_a_goal_is_changed_and_ended_and_nothing_is_lost_of_the_others(place):
    client, base = someone(place, "nancy")
    write(client, base, words="Passe min have")
    page = write(client, base, words="Se mine børnebørn").text
    line = line_of(page, "Passe min have")
    form = client.get(f"{base}/vigtigt/{line}").text
    assert ">Passe min have</textarea>" in form
    changed = client.post(
        f"{base}/vigtigt", data={"csrf": token(form), "line": line, "words": "Passe min lille have"}
    ).text
    assert "Passe min lille have" in plain(changed)
    assert "Se mine børnebørn" in plain(changed)
    line = line_of(changed, "Passe min lille have")
    ended = client.post(f"{base}/vigtigt/slut", data={"csrf": token(changed), "line": line, "outcome": "achieved"}).text
    assert "Vis det, der er slut (1)" in plain(ended)
    assert len(re.findall("Ret: ", ended)) == 1


def test_a_relative_writes_in_their_own_name(place):
    client, base = someone(place, "paaroerende")
    answer = write(client, base, words="At mor kan blive boende hjemme")
    assert "At mor kan blive boende hjemme" in plain(answer.text)
    doctor, patient = someone(place, "laege")
    page = plain(doctor.get(patient).text)
    assert "At mor kan blive boende hjemme" in page
    assert "Skrevet af: Datteren" in page


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"words": "  \x07 "}, "Skriv, hvad du vil have til at stå"),
        ({"words": "x" * 2001}, "Teksten er for lang"),
        ({"words": "Noget", "due": "2026-02-31"}, "Datoen findes ikke"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_nothing_is_written(place, form, told):
    client, base = someone(place, "nancy")
    answer = write(client, base, **form)
    assert answer.status_code == 400
    assert told in plain(answer.text)
    assert place.storage.reader().entries(made.KEY) == ()


def test_a_professional_has_no_such_page_and_cannot_write(place):
    client, base = someone(place, "laege")
    assert client.get(f"{base}/vigtigt").status_code == 404
    overview = client.get(base).text
    answer = client.post(f"{base}/vigtigt", data={"csrf": token(overview), "line": "", "words": "Ny tekst"})
    assert answer.status_code == 403
    assert place.storage.reader().entries(made.KEY) == ()


def test_a_form_without_the_sessions_token_writes_nothing(place):
    client, base = someone(place, "nancy")
    assert client.post(f"{base}/vigtigt", data={"csrf": "x", "words": "Noget"}).status_code == 403
    assert place.storage.reader().entries(made.KEY) == ()


def test_markup_in_what_is_written_stays_text(place):
    client, base = someone(place, "nancy")
    answer = write(client, base, words="<script>alert(1)</script> & æøå")
    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;&#x2f;script&gt; &amp; æøå" in answer.text
