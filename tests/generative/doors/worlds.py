"""Two stores of one patient: documents of synthetic patients and of the story, delivered through the service's own door.

A document's ids follow from its place in the story, so leaving one out changes no other's. What is left out is at the
same moment said hello for by its source, as a party does that has nothing to deliver.
"""

from functools import cache, partial
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

import msgspec

from patientoverblik.access import Actor, Message, Notice, OrganisationRef, PersonFacts, PowerOfAttorney, Relation
from patientoverblik.care import parse_moment
from patientoverblik.demo.generator import documents
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.organisations import organisation, organisations
from patientoverblik.demo.story import Delivery as Told
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.demo.wiring import delivers_for, demo_sources, organisation_facts, system_of
from patientoverblik.service import Delivery, Handed, House, Received, Recent, deliver, heartbeat
from patientoverblik.service.handover import Answer, answer_handover, handovers
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.service.remark import Remark
from patientoverblik.service.remarks import answer_remark, put_remark
from patientoverblik.service.sources import source_of
from patientoverblik.service.work import Work, key_of
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stated import Stated
from patientoverblik.storage.memory import MemoryStorage
from tests.generative.doors.doors import About, Reader
from tests.generative.doors.fhir_door import identifiers_of, resources_of
from tests.unit.service.make import Time, run, wait

CPR = "1.2.208.176.1.2"
KEY, HOLDER = 7, 9
HOLDER_ID = PatientId(CPR, "6301701239")
NOW = parse_moment("2026-10-20T12:00:00+02:00").earliest
KEPT = Recent(500)


class Named:
    """Identifiers that follow from what is being done."""

    def __init__(self) -> None:
        self.now, self.number = "", 0

    def start(self, name: str) -> None:
        self.now, self.number = name, 0

    def uuid(self) -> str:
        self.number += 1
        return uuid5(NAMESPACE_OID, f"{self.now}-{self.number}").urn

    def patient_key(self) -> int:
        return KEY


class Beside(msgspec.Struct, frozen=True):
    """What stands beside a patient's message: whom it is for, where it stands, on whose worklists, and who is told."""

    message: Message | None
    remark: Remark
    works: tuple[Work, ...]
    notices: tuple[Notice, ...]


class Document(msgspec.Struct, frozen=True):
    """A document, who hands it in (a key of the organisations), and when (milliseconds UTC); ``shown_from`` is when the
    patient may see it, 0 for at once. A message has things beside it, which came in the same act."""

    name: str
    by: str
    at: int
    data: bytes
    shown_from: int = 0
    beside: Beside | None = None


@cache
def synthetic(number: int) -> tuple[Document, ...]:
    """The documents of a full synthetic patient."""
    return tuple(map(_document, range(99), documents(number, "doors", full=True)))


@cache
def told(steps: str = "ABC") -> tuple[Document, ...]:
    """The storyboard's documents up to a step."""
    events = [one for one in storyboard() if isinstance(one, Told) and one.step in steps]
    return tuple(map(_document, range(999), events))


def _document(number: int, one: Told) -> Document:
    return Document(f"d{number}", one.by, one.at.earliest, written(one))


@cache
def looped() -> tuple[Document, ...]:
    """The story until its second step, where the municipality has answered the two things it is asked to take over: to
    one it has said yes and begun, to the other no with a reason and then yes."""
    story, by = told("AB"), "prevention"
    house = furnished(story, relations=(*RELATIONS, Relation("referral", place(by))))
    actor = Actor("professional", f"test-{by}", "Test Modtager", "Sygeplejerske", place(by))
    made: list[Document] = []
    for number, answer in LOOP:
        house.clock.now += 60_000
        house.ids.start(f"loop-{len(made)}")
        before = len(house.storage.reader().entries(KEY))
        line = run(handovers(house, actor, whose(story)))[number].line
        done = run(answer_handover(house, actor, whose(story), line, answer, REASON if answer == "declined" else ""))
        assert isinstance(done, Received), done
        entry = house.storage.reader().entries(KEY)[before]
        data = house.storage.reader().content(KEY, entry.content)
        made.append(Document(f"a{len(made)}", by, house.clock.now, data))
    return (*story, *made)


@cache
def lettered() -> tuple[Document, ...]:
    """The story with the municipality's answers, after which Nancy has written of what two parties plan: one has answered,
    the other has it on its worklist."""
    story = looped()
    house = msgspec.structs.replace(furnished(story), keeps_own_words=organisation("citizen"))
    made: list[Document] = []
    for words, answered in LETTERS.items():
        house.clock.now += 60_000
        house.ids.start(f"letter-{len(made)}")
        before = {entry.uuid for entry in house.storage.reader().entries(KEY)}
        remark = _write(house, words, answered)
        reader = house.storage.reader()
        entry = next(entry for entry in reader.entries(KEY) if entry.uuid not in before)
        works = tuple(
            work
            for one in organisations().values()
            for work in reader.work_of(key_of(one.reference))
            if work.id == remark
        )
        notices = tuple(one for one in reader.notices(KEY) if one.about == remark)
        held = next(one for one in reader.remarks(KEY) if one.id == remark)
        data = reader.content(KEY, entry.content)
        beside = Beside(entry.message, held, works, notices)
        made.append(Document(f"m{len(made)}", "citizen", house.clock.now, data, beside=beside))
    return (*story, *made)


def _write(house: House, about_words: str, answered: bool) -> str:
    """Nancy writes about a line, which the party it stands with answers or not; the id of what she wrote."""
    asked = Asked(CITIZEN.actor, KEY, "own-overview", "citizen", house.clock())
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, asked)
    assert isinstance(seen, Picture)
    line = next(one.id for one in seen.overview.lines.values() if getattr(one.value, "words", "") == about_words)
    made = run(put_remark(house, asked, line, "not-right", f"Om {about_words}: det passer ikke"))
    assert isinstance(made, Remark), made
    if answered:
        party = Actor("professional", "party", "Test Part", "læge", made.to)
        assert isinstance(run(answer_remark(house, party, KEY, "treatment", made.id, "Vi retter det", False)), Remark)
    return made.id


def place(key: str) -> OrganisationRef:
    """An organisation of the demo."""
    return organisations()[key].reference


def an_empty_house() -> House:
    """The demo's configuration on a memory storage; decoded contributions are shared, since they are immutable."""
    return House(
        storage=MemoryStorage(),
        clock=Time(NOW),
        ids=Named(),
        wait=wait,
        kept=KEPT,
        repository="1.2.3.4",
        home="1.2.3.5",
        sources=demo_sources(),
        delivers_for=delivers_for(),
        organisations=organisation_facts(),
    )


@cache
def delivered(story: tuple[Document, ...], without: frozenset[str] = frozenset()) -> tuple[object, PatientId]:
    """The state of a store to which all of a story came but some documents, and whose it is."""
    house = an_empty_house()
    for one in story:
        house.clock.now = one.at
        house.ids.start(one.name)
        if one.name in without:
            run(heartbeat(house, system_of(one.by), source_of(house.sources, (place(one.by),))))
        else:
            message = one.beside.message if one.beside else None
            handed = Handed(one.data, Stated(shown_from=one.shown_from, message=message))
            answer = run(deliver(house, system_of(one.by), Delivery((handed,))))
            assert isinstance(answer, Received), answer
            if one.beside:
                house.storage.act(partial(_put_beside, one.beside)).result()
    state = house.storage._state
    return state, next(iter(state.patients), PatientId(CPR, "0000000000"))


def _put_beside(beside: Beside, transaction) -> None:
    transaction.put_remark(beside.remark)
    for work in beside.works:
        transaction.put_work(work)
    for notice in beside.notices:
        transaction.put_notice(notice)


def furnished(story: tuple[Document, ...], without: frozenset[str] = frozenset(), **evidence: tuple) -> House:
    """A house with a story's documents and what is known of the patient: relations, powers, blocks and so on."""
    house = an_empty_house()
    house.storage._state, _ = delivered(story, without)
    patient = whose(story)

    def work(transaction):
        transaction.claim_patient(patient, KEY)
        transaction.claim_patient(HOLDER_ID, HOLDER)
        transaction.put_person(KEY, PersonFacts(born=parse_moment(evidence.get("born", "1948-12-25")).earliest))
        for relation in evidence.get("relations", RELATIONS):
            transaction.put_relation(KEY, relation)
        for power in evidence.get("powers", ()):
            transaction.put_power(KEY, power)
        for block in evidence.get("blocks", ()):
            transaction.put_block(KEY, block)
        for custody in evidence.get("custodies", ()):
            transaction.put_custody(KEY, custody)
        for guardian in evidence.get("guardians", ()):
            transaction.put_guardian(KEY, guardian)
        for opening in evidence.get("openings", ()):
            transaction.put_opening(KEY, opening)

    house.storage.act(work).result()
    house.clock.now = max(NOW, story[-1].at + 60_000 if story else NOW)
    return house


def whose(story: tuple[Document, ...]) -> PatientId:
    """Whose documents they are."""
    return delivered(story)[1]


def named(story: tuple[Document, ...]) -> dict[str, str]:
    """The document's name by the uuid of its entry."""
    by_content = {entry.content: entry.uuid for entry in furnished(story).storage.reader().entries(KEY)}
    return {by_content[sha256(one.data).hexdigest()]: one.name for one in story}


def about(story: tuple[Document, ...], lines: tuple[str, ...] = (), most: int = 99) -> About:
    """Everything of a story that can be asked about, by its ids in the store to which all of it came."""
    house = furnished(story)
    reader = house.storage.reader()
    entries = reader.entries(KEY)[:most]
    return About(
        whose(story),
        documents=tuple(entry.uuid for entry in entries),
        unique=tuple(entry.unique_id for entry in entries),
        sets=tuple(one.uuid for one in reader.sets(KEY))[:most],
        folders=tuple(one.uuid for one in reader.folders(KEY)),
        lines=lines,
        resources=resources_of(house, tuple(entry.uuid for entry in entries)),
        identifiers=identifiers_of(house, tuple(entry.uuid for entry in entries)),
        theirs={entry.uuid: entry.origins for entry in entries},
    )


LOOP: tuple[tuple[int, Answer], ...] = ((0, "accepted"), (1, "declined"), (0, "started"), (1, "accepted"))
REASON = "Ventelisten er lukket"
LETTERS = {"Daglig gåtur på 20 minutter": True, "Fundusfoto og OCT": False}
RELATIONS = (Relation("own-gp", place("general-practice")),)
AUTHORISATION = "ZZ999"
DOCTOR = Reader(
    "laege",
    Actor("professional", "laege", "Test Læge", "læge", place("general-practice"), authorisation=AUTHORISATION),
)
CITIZEN = Reader("borger", Actor("citizen", "borger", "Test Borger", person=KEY))
RELATIVE = Reader(
    "paaroerende",
    Actor("relative", f"demo-{uuid5(NAMESPACE_OID, HOLDER_ID.value)}", "Test Pårørende", person=HOLDER),
    HOLDER_ID,
)


def power(*parts: str, name: str = "p") -> PowerOfAttorney:
    """A power of attorney to the relative."""
    return PowerOfAttorney(name, HOLDER, parts)
