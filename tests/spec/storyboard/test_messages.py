"""What the patient, or who acts for them, writes to a party is a document of theirs, and is for that party alone.

The story until the eye clinic's plan: Nancy asks about what it has planned.
"""

from collections.abc import Callable

import msgspec
import pytest
from tests.spec.storyboard.house import MINUTE, PATIENT, Told, run

from patientoverblik.access import Actor, Block, Opening, OrganisationRef, Refusal
from patientoverblik.care.systems import CPR
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.people import PERSONAS
from patientoverblik.service.documents import list_documents, retrieve
from patientoverblik.service.look import look
from patientoverblik.service.model import Listed, Retrieved
from patientoverblik.service.override import override
from patientoverblik.service.picture import Asked
from patientoverblik.service.remark import Remark
from patientoverblik.service.remarks import answer_remark, put_remark, remarks
from patientoverblik.service.worklist import Item, Wanted, WorkList, mark_read, work_list
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.storage.memory import MemoryStorage

WORDS = "Jeg skal først om to år"
PURPOSES = {"professional": "treatment", "citizen": "own-overview", "relative": "on-behalf"}


@pytest.fixture(scope="module")
def begun() -> Callable[[], Told]:
    first = Told().until("B")
    state = first.house.storage._state

    def made() -> Told:
        told = Told()
        told.clock.now = first.clock.now
        told.house = msgspec.structs.replace(first.house, storage=MemoryStorage(), clock=told.clock)
        told.house.storage._state = state.draft()
        return told

    return made


@pytest.fixture
def told(begun: Callable[[], Told]) -> Told:
    return begun()


def at(organisation: str) -> Actor:
    return Actor("professional", f"test-{organisation}", "Test Person", "Læge", organisations()[organisation].reference)


def persona(told: Told, name: str) -> Actor:
    who = next(one for one in PERSONAS if one.id == name)
    return who.actor(told.house.storage.reader().patient_key(PatientId(CPR, who.number)) or 0)


def say(told: Told, name: str, short: str, words: str = WORDS) -> Remark | Refusal:
    actor, line = persona(told, name), told.seen(name).line(short).id
    asked = Asked(actor, PATIENT, PURPOSES[actor.kind], actor.kind, told.clock.now)  # type: ignore[arg-type]
    made = run(put_remark(told.house, asked, line, "not-right", words))
    told.clock.now += MINUTE
    return made


def messages(told: Told) -> list[DocumentEntry]:
    reader = told.house.storage.reader()
    return [one for one in reader.entries(reader.patient_key(PATIENT) or 0) if one.profile == "henvendelse"]


def listed(told: Told, actor: Actor) -> list[str]:
    found = run(list_documents(told.house, actor, PATIENT, PURPOSES[actor.kind]))  # type: ignore[arg-type]
    assert isinstance(found, Listed)
    return [one.uuid for one in found.entries]


def remarks_listed(told: Told, actor: Actor) -> tuple[Item, ...]:
    found = run(work_list(told.house, actor, Wanted(kind="remark")))
    assert isinstance(found, WorkList)
    return found.items


def looks_of(told: Told, actor: Actor) -> list[str]:
    reader = told.house.storage.reader()
    looks = reader.looks(reader.patient_key(PATIENT) or 0)
    return [one.act for one in looks if one.actor.id == actor.id]


@pytest.mark.parametrize(("name", "family"), [("nancy", "Berggren"), ("aegtefaelle", "Ægtefælle")])
def test_it_is_a_document_with_whoever_wrote_it_as_author_and_its_words_stand_there_alone(
    told: Told, name: str, family: str
) -> None:
    made = say(told, name, "I8")
    assert isinstance(made, Remark)
    (entry,) = messages(told)
    assert [one.family for one in entry.authors] == [family]
    assert entry.custodian is not None
    assert entry.custodian.same(organisations()["citizen"].reference)
    assert (entry.title, entry.state, entry.losses) == ("Det passer ikke", "read", 0)
    assert name != "nancy" or entry.findings == ()  # the spouse has no number and one name
    got = run(retrieve(told.house, persona(told, name), PURPOSES[persona(told, name).kind], entry.uuid, PATIENT))
    assert isinstance(got, Retrieved)
    assert WORDS.encode() in got.data
    (held,) = told.house.storage.reader().remarks(entry.patient)
    assert WORDS not in msgspec.json.encode(held).decode()


def test_only_the_party_it_is_to_has_it_among_its_documents(told: Told) -> None:
    say(told, "nancy", "I8")
    (entry,) = messages(told)
    has_it = {key: entry.uuid in listed(told, at(key)) for key in ("eye-clinic", "general-practice", "hospital")}
    assert has_it == {"eye-clinic": True, "general-practice": False, "hospital": False}
    assert entry.uuid in listed(told, persona(told, "nancy"))
    for one in (entry.uuid, entry.unique_id):
        assert isinstance(run(retrieve(told.house, at("general-practice"), "treatment", one, PATIENT)), Refusal)


@pytest.mark.parametrize("who", ["egen-laege", "nancy", "aegtefaelle"])
def test_nobodys_overview_is_another_for_it(told: Told, who: str) -> None:
    before = told.seen(who).overview
    say(told, "nancy", "I8")
    after = told.seen(who).overview
    assert {line.id: line for line in after.lines.values()} == {line.id: line for line in before.lines.values()}
    assert (after.counts, after.who, after.filtered) == (before.counts, before.who, before.filtered)


@pytest.mark.parametrize(
    "block", [Block("b", organisation=organisations()["eye-clinic"].reference), Block("b", person="test-eye-clinic")]
)
def test_it_goes_with_the_document_it_is_about(told: Told, block: Block) -> None:
    say(told, "nancy", "I8")
    (entry,) = messages(told)
    named = msgspec.structs.replace(block, origin=organisations()["eye-clinic"].reference)
    told.house.storage.act(lambda tx: tx.put_block(entry.patient, named)).result()
    assert entry.uuid not in listed(told, at("eye-clinic"))
    assert run(remarks(told.house, at("eye-clinic"), PATIENT, "treatment")) == ()


def test_an_override_does_not_open_what_is_written_to_others(told: Told) -> None:
    say(told, "nancy", "I8")
    (entry,) = messages(told)
    doctor = msgspec.structs.replace(at("stranger"), session="s1", authorisation="ABC12")
    assert isinstance(run(look(told.house, doctor, PATIENT, "treatment", "professional")), Refusal)
    assert isinstance(run(override(told.house, doctor, PATIENT, "consent", "Patienten har sagt ja")), Opening)
    found = listed(told, doctor)
    assert found
    assert entry.uuid not in found


def test_what_is_written_again_is_the_next_version_and_the_trace_holds_it_all(told: Told) -> None:
    made = say(told, "nancy", "I8")
    assert isinstance(made, Remark)
    eyes, nancy = at("eye-clinic"), persona(told, "nancy")
    for who, purpose, words, close in (
        (eyes, "treatment", "Det er hvert år", False),
        (nancy, "own-overview", "Så forstår jeg", False),
        (eyes, "treatment", "Godt", False),
        (persona(told, "aegtefaelle"), "on-behalf", "Tak for svaret", False),
        (nancy, "own-overview", "", True),
    ):
        assert isinstance(run(answer_remark(told.house, who, PATIENT, purpose, made.id, words, close)), Remark)  # type: ignore[arg-type]
        told.clock.now += MINUTE
    assert [(one.series_version, one.status, one.authors[0].family) for one in messages(told)] == [
        (1, "deprecated", "Berggren"),
        (2, "deprecated", "Berggren"),
        (3, "approved", "Ægtefælle"),
    ]
    for actor, purpose in ((eyes, "treatment"), (nancy, "own-overview")):
        (read,) = run(remarks(told.house, actor, PATIENT, purpose))  # type: ignore[arg-type]
        said = ["Det er hvert år", "Så forstår jeg", "Godt", "Tak for svaret", ""]
        assert (read.words, [step.words for step in read.steps], read.state) == (WORDS, said, "closed")


def test_nothing_is_asked_for_on_a_worklist_but_an_answer(told: Told) -> None:
    say(told, "nancy", "I8")
    place: OrganisationRef = organisations()["eye-clinic"].reference
    facts = told.house.storage.reader().work_of(f"{place.system}|{place.value}")
    assert [(one.words, one.party) for one in facts if one.kind == "remark"] == [("", "patienten")]
    assert not [one for one in facts if one.words in (WORDS, "Det passer ikke")]


def test_a_worklist_tells_that_there_is_a_message_and_its_words_open_with_a_look(told: Told) -> None:
    """A list is no look at the patient: what was written is read on the patient's page, which is."""
    eyes, wrote = at("eye-clinic"), told.clock.now
    say(told, "aegtefaelle", "I8")
    (one,) = remarks_listed(told, eyes)
    assert (one.work.words, one.work.party, one.work.at) == ("", "en pårørende", wrote)
    assert looks_of(told, eyes) == []
    (read,) = run(remarks(told.house, eyes, PATIENT, "treatment"))  # type: ignore[arg-type]
    assert read.words == WORDS
    assert looks_of(told, eyes) == ["document"]


def test_what_the_patient_writes_again_is_unread_again_and_came_when_it_was_written(told: Told) -> None:
    made, eyes = say(told, "nancy", "I8"), at("eye-clinic")
    assert isinstance(made, Remark)
    (first,) = remarks_listed(told, eyes)
    run(mark_read(told.house, eyes, [first.work.id]))
    run(answer_remark(told.house, eyes, PATIENT, "treatment", made.id, "Det er hvert år", False))
    assert remarks_listed(told, eyes) == ()
    told.clock.now += MINUTE
    nancy = persona(told, "nancy")
    run(answer_remark(told.house, nancy, PATIENT, "own-overview", made.id, "Så forstår jeg ikke", False))
    assert [(one.read, one.work.at) for one in remarks_listed(told, eyes)] == [(False, told.clock.now)]


def test_without_somebody_who_keeps_what_citizens_write_nothing_can_be_written(told: Told) -> None:
    told.house = msgspec.structs.replace(told.house, keeps_own_words=None)
    assert say(told, "nancy", "I8") == Refusal("own-words-are-kept", "service.no-keeper")
    assert messages(told) == []
