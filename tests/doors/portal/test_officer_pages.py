"""The pages of those who account for looks: what is asked of them, what was shown, and who saw a withdrawn document."""

import html
import re

import msgspec
import pytest

from patientoverblik.access import Actor, FollowUp, Look, Refusal
from patientoverblik.edges.portal import Persona
from patientoverblik.edges.portal.present.followed import trail_text
from patientoverblik.service import Replayed
from patientoverblik.service.follow_up import NO_ANSWER
from patientoverblik.service.seals import Checkpoint
from patientoverblik.service.telling import Telling
from patientoverblik.service.told import NO_DOCUMENT, Readership
from tests.doors.portal.test_access_pages import plain
from tests.doors.portal.test_pages import CPR, logged_in, token
from tests.unit.portal import house as made
from tests.unit.portal import sample

NOW = sample.NOW
DAY = 86_400_000
DOCTOR = Actor("professional", "laege", "Anna Læge", "læge", made.GP)
OFFICER = Persona("kontrol", "Kontrol", "Dataansvarlig", Actor("officer", "kontrol", "Kim Kontrol", "replay-officer"))
LATE = FollowUp("urn:uuid:f1", made.KEY, "urn:uuid:look", DOCTOR, "override", NOW - 20 * DAY, NOW - DAY)
DONE = FollowUp(
    "urn:uuid:f2", made.KEY, "urn:uuid:l2", DOCTOR, "family", NOW - DAY, NOW + DAY, "explained", "En fejl", NOW
)
TOLD = Telling("urn:uuid:t", made.KEY, "urn:uuid:d", "misfiled", NOW, DOCTOR, ("urn:uuid:look",), NOW - DAY, NOW - DAY)


class Desk:
    """Remembers what was asked of the service."""

    def __init__(self) -> None:
        self.answered: list[tuple[int, str, str]] = []
        self.replayed: list[tuple[int, str]] = []
        self.seen: list[str] = []
        self.read: list[str] = []

    async def follow_ups(self, house, actor, organisation=None):
        return (LATE, DONE)

    async def answer_follow_up(self, house, actor, patient, follow_up, answer):
        if not answer.strip():
            return NO_ANSWER
        self.answered.append((patient, follow_up, answer))
        return LATE

    async def replay(self, house, actor, patient, look):
        self.replayed.append((patient, look))
        original = Look(
            look, patient, DOCTOR, "treatment", "professional-override", NOW - 20 * DAY, "overview", "professional"
        )
        return Replayed(sample.overview(), original, "urn:uuid:replay", True)

    async def worklist(self, house, actor):
        return (msgspec.structs.replace(TOLD, seen=NOW),)

    async def tellings(self, house, actor):
        return (TOLD, msgspec.structs.replace(TOLD, id="urn:uuid:old", seen=NOW))

    async def telling_seen(self, house, actor, telling):
        self.seen.append(telling)
        return TOLD

    async def readers_of(self, house, actor, patient, document):
        self.read.append(document)
        return (Readership(DOCTOR, ("urn:uuid:look",), NOW - DAY, NOW),) if document == "urn:uuid:d" else NO_DOCUMENT

    def given(self) -> dict:
        """Settings of pages that ask this desk, with an officer among those who can log in."""
        names = ("follow_ups", "answer_follow_up", "replay", "worklist", "tellings", "telling_seen", "readers_of")
        acts = msgspec.structs.replace(made.acts(), **{name: getattr(self, name) for name in names})
        return {"acts": acts, "personas": (*made.personas(), OFFICER)}

    def log_in(self, persona: str):
        return logged_in(persona, **self.given())


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("persona", ["kontrol", "laege"])
def test_what_must_be_accounted_for_stands_with_its_deadline_and_without_the_patient(desk, persona):
    page = plain(desk.log_in(persona).get("/opfoelgning").text)
    for text in (
        "Afventer svar (1)",
        "Ophævet spærring (værdispring)",
        "Fristen er overskredet",
        "Anna Læge, læge",
        "Svar: En fejl",
    ):
        assert text in page
    assert "Nancy" not in page
    assert CPR not in page


def test_an_answer_is_written_down_and_an_empty_one_is_asked_for_again(desk):
    client = desk.log_in("laege")
    form = {"csrf": token(client.get("/opfoelgning").text), "follow_up": LATE.id}
    empty = client.post("/opfoelgning", data={**form, "answer": "  "})
    assert (empty.status_code, desk.answered) == (400, [])
    assert "Skriv et svar" in plain(empty.text)
    client.post("/opfoelgning", data={**form, "answer": "Patienten bad om det"})
    assert desk.answered == [(made.KEY, LATE.id, "Patienten bad om det")]


def test_nobody_answers_what_they_are_not_asked(desk):
    client = desk.log_in("laege")
    form = {"csrf": token(client.get("/opfoelgning").text), "follow_up": "urn:uuid:other", "answer": "x"}
    assert client.post("/opfoelgning", data=form).status_code == 404
    assert desk.answered == []


def test_an_officer_sees_what_a_look_showed_under_words_that_say_so(desk):
    client = desk.log_in("kontrol")
    assert f'href="/opfoelgning/{LATE.id}"' in client.get("/opfoelgning").text.replace("&#x2f;", "/")
    page = client.get(f"/opfoelgning/{LATE.id}").text
    assert desk.replayed == [(made.KEY, LATE.look)]
    assert "Sådan så det ud for Anna Læge, Lægerne Testvej, 3. november 2026 kl. 09.14." in plain(page)
    assert "Det er vigtigt for mig" in page


def test_a_professional_is_offered_no_replay(desk):
    assert f"/opfoelgning/{LATE.id}" not in desk.log_in("laege").get("/opfoelgning").text.replace("&#x2f;", "/")


def test_who_saw_a_document_is_listed_and_what_is_not_there_is_refused(desk):
    client = desk.log_in("kontrol")
    form = {"csrf": token(client.get("/opfoelgning").text), "cpr": CPR}
    page = client.post("/opfoelgning/laesere", data={**form, "document": "urn:uuid:d"})
    assert "Anna Læge, læge" in plain(page.text)
    assert CPR not in page.text
    none = client.post("/opfoelgning/laesere", data={**form, "document": "urn:uuid:x"})
    assert none.status_code == 404
    assert "Patienten har ikke et dokument med det nummer" in plain(none.text)
    assert 'name="document"' in none.text, "the form again"
    assert desk.read == ["urn:uuid:d", "urn:uuid:x"]


@pytest.mark.parametrize("persona", ["laege", "paaroerende"])
def test_a_reader_is_told_on_the_front_page_that_a_document_was_misfiled(desk, persona):
    client = desk.log_in(persona)
    page = client.get("/").text
    assert plain(page).count("Et dokument lå på en forkert patient") == 1
    assert "Du så det 22. november 2026" in plain(page)
    client.post("/beskeder", data={"csrf": token(page), "telling": TOLD.id})
    assert desk.seen == [TOLD.id]


def test_a_message_leads_to_the_patient_under_a_handle(desk):
    client = desk.log_in("laege")
    answer = client.get(f"/beskeder/{TOLD.id}")
    assert answer.url.path.startswith("/p/")
    assert str(made.KEY) not in answer.url.path
    assert client.get("/beskeder/urn:uuid:none").status_code == 404


@pytest.mark.parametrize("persona", ["nancy", "paaroerende"])
def test_citizens_and_relatives_account_for_nothing(persona):
    async def follow_ups(house, actor, organisation=None):
        return Refusal("no-rule", "access.no-right")

    client = logged_in(persona, acts=msgspec.structs.replace(made.acts(), follow_ups=follow_ups))
    assert client.get("/opfoelgning").status_code == 403


def test_only_an_officer_is_told_how_far_the_trail_is_sealed(desk):
    assert "Sikkerhedsloggen er ikke forseglet endnu." in plain(desk.log_in("kontrol").get("/opfoelgning").text)
    assert "Sikkerhedsloggen" not in desk.log_in("laege").get("/opfoelgning").text


def test_the_newest_seal_is_told_with_what_has_grown_since():
    seal = Checkpoint(7, NOW, b"", b"", 3, "key")
    assert trail_text(seal, 2) == (
        "Sikkerhedsloggen blev sidst forseglet 23. november 2026 kl. 09.14 (forsegling nummer 7). "
        "Siden er der skrevet nyt om 2 patienter eller steder. Det bliver forseglet næste gang."
    )


def test_what_is_shown_again_to_an_officer_leads_nowhere_they_may_not_go(desk):
    page = html.unescape(desk.log_in("kontrol").get(f"/opfoelgning/{LATE.id}").text)
    leads = re.findall(r'<a[^>]*href="([^"]*)"', page.partition("<main")[2])
    assert leads
    assert not [lead for lead in leads if not lead.startswith(("#", "tel:", "/was", "/tilsluttet"))]
