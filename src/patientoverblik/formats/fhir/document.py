"""A FHIR document read: its resources found, each read by its shape, and put together to one contribution.

One patient only. An item about somebody else, or about nobody that can be told, makes the document unreadable: it must
never stand in another patient's overview.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from patientoverblik.care import (
    Address,
    Contribution,
    DocumentFacts,
    Goal,
    Identifier,
    Measurement,
    Organisation,
    Participation,
    Party,
    Patient,
    parse_moment,
)
from patientoverblik.formats.fhir.engine.codec import Codec
from patientoverblik.formats.fhir.engine.compiled import Profile
from patientoverblik.formats.fhir.engine.kinds import exact_of, instant_of
from patientoverblik.formats.fhir.engine.references import URI
from patientoverblik.formats.fhir.engine.walk import ABSENT, DIFFERS, NOT_REFERRED, Walk, Way, fhirpath
from patientoverblik.formats.fhir.entries import ABOUT, document_key, entries_of, one_patient
from patientoverblik.formats.fhir.index import Entry, Index, subject_key

FIELDS = {
    "Condition": "conditions",
    "Goal": "goals",
    "Intervention": "interventions",
    "Measurement": "measurements",
    "Contact": "contacts",
    "Appointment": "appointments",
    "CardItem": "card",
}
"""Which field of a contribution the items of a class belong to."""

PARTIES = frozenset({"Party", "Organisation", "Place", "Relative"})
CHANGED = "meaning-changed"
PROTECTED = "CONF"


class Gathering:
    """What has been read so far of one document; made for one reading and thrown away."""

    def __init__(self, profile: Profile, walk: Walk, index: Index) -> None:
        """Nothing yet."""
        self.profile = profile
        self.walk = walk
        self.index = index
        self.facts: dict[str, Any] = {}
        self.patient = Patient()
        self.keeper: Organisation | None = None
        self.plan: Any = None
        self.items: dict[str, list[Any]] = {name: [] for name in FIELDS.values()}
        self.passages: list[Any] = []
        self.relatives: list[Any] = []
        self.responsibilities: list[Any] = []
        self.participants: list[Participation] = []
        self.composed = False
        self.bundle_id: Any = None


def read_care(resource: dict[str, Any], profile: Profile, walk: Walk) -> Contribution:
    """What a document contributes; ``AnotherPatient`` where it is about more than one."""
    entries = list(entries_of(resource, (None, str(resource.get("resourceType")), -1), walk, profile))
    index = Index(profile, entries)
    walk.index = index
    one_patient(index)
    found = Gathering(profile, walk, index)
    index.document = document_key(resource)
    found.bundle_id = resource.get("identifier") if resource.get("resourceType") == "Bundle" else None
    _bundle(found, resource)
    _patient(found)
    for entry in _in_turn(entries):
        _read(found, entry)
    _leftovers(found)
    return _contribution(found, resource)


def _bundle(found: Gathering, resource: dict[str, Any]) -> None:
    """What a Bundle says of itself; its time only where its Composition has none."""
    if resource.get("resourceType") != "Bundle":
        return
    way = (None, "Bundle", -1)
    said = {key: one for key, one in resource.items() if key != "entry"}
    composed = next((one.node for one in found.index.entries if one.type == "Composition"), {})
    if "date" in composed and "timestamp" in said:
        _twice(found.walk, said, "timestamp", _instants(composed), way)
    found.facts = found.profile.codecs["Bundle"].given(said, way, found.walk)


def _instants(composed: dict[str, Any]) -> list[Any]:
    """The ways to write a Composition's time as an instant."""
    exact = exact_of(composed.get("_date"))
    try:
        return [composed["date"], instant_of(parse_moment(exact or composed["date"]))]
    except (TypeError, ValueError):
        return [composed["date"]]


def _twice(walk: Walk, said: dict[str, Any], key: str, others: list[Any], way: Way) -> None:
    """What is said in another place too: the same, or told as lost."""
    value = said.pop(key)
    if value in others:
        walk.hold(value)
    else:
        walk.lose(value, (way, key, -1), DIFFERS)


def _patient(found: Gathering) -> None:
    """The patient; without one here, whom the first reference names."""
    entry = found.index.patient
    if entry is None:
        found.patient = Patient(ids=tuple(_named(found.index)))
        return
    entry.done = True
    said = found.profile.codecs["Patient"].given(entry.node, entry.way, found.walk)
    found.keeper = next(iter(said.pop("@keeper", ())), None)
    protected = "protected" in said.pop("@security", ())
    found.patient = _protected(Patient(**said)) if protected else Patient(**said)
    found.index.patient_name = found.patient.name


def _named(index: Index) -> Iterator[Identifier]:
    for entry in index.entries:
        for name in ABOUT:
            written = entry.node.get(name)
            if isinstance(written, dict) and subject_key(written) == index.subject:
                stated = written.get("identifier")
                if isinstance(stated, dict):
                    yield from index.ids(Entry({"identifier": [stated]}, entry.way))
                elif written.get("reference"):
                    yield Identifier(system=URI, value=str(written["reference"]))
                return


def _protected(patient: Patient) -> Patient:
    """A patient whose name and address are protected: every address says so (MedCom, meta.security)."""
    marked = tuple(_marked(one) for one in patient.addresses) or (Address(use=PROTECTED),)
    return msgspec.structs.replace(patient, addresses=marked)


def _marked(address: Address) -> Address:
    return msgspec.structs.replace(address, use=f"{address.use} {PROTECTED}".strip())


def _in_turn(entries: Iterable[Entry]) -> list[Entry]:
    """Plans before what belongs to them; actors and places are read where something refers to them."""
    return sorted(entries, key=lambda one: one.type != "CarePlan" and (not one.codec or one.codec.shape.of != "Plan"))


def _read(found: Gathering, entry: Entry) -> None:
    codec = entry.codec
    if entry.done or (codec and codec.shape.of in PARTIES):
        return
    if codec is None or entry.type == "Patient":
        found.walk.lose(entry.node, entry.way)
        entry.done = True
        return
    entry.done = True
    if changes_meaning(entry.node):
        found.walk.lose(entry.node, entry.way, CHANGED)
        found.walk.warn("fhir.meaning-changed", entry.way, entry.type)
        return
    found.index.current = entry
    _READERS.get(codec.shape.of, _item)(found, entry, codec)
    found.index.current = None


def changes_meaning(node: Any) -> bool:
    """Whether something in a resource turns what it says into something else: an unknown modifier, or that it must not
    be done (FHIR R4 2.1.0.1, modifier elements)."""
    if isinstance(node, list):
        return any(map(changes_meaning, node))
    if not isinstance(node, dict):
        return False
    turned = "modifierExtension" in node or "implicitRules" in node or node.get("doNotPerform") is True
    return turned or any(changes_meaning(one) for one in node.values() if isinstance(one, dict | list))


def _item(found: Gathering, entry: Entry, codec: Codec) -> None:
    """One item of the document, with its place and, where it bears no identifier, its address."""
    said = codec.given(entry.node, entry.way, found.walk)
    made = codec.made(said)
    if made is ABSENT:
        found.walk.warn("fhir.incomplete", entry.way, entry.type)
        return
    parts = said.get("@components", ())
    found.items[FIELDS[type(made).__name__]].extend(_with_parts(_placed(found, entry, made), parts))


def _placed(found: Gathering, entry: Entry, made: Any) -> Any:
    own = found.index.own_id(entry)
    changed: dict[str, Any] = {"place": fhirpath(entry.way)}
    if own is not None and not made.ids:
        changed["ids"] = (own,)
    if isinstance(made, Goal) and "category" not in entry.node:
        changed["kind"] = _whose(made)
    return msgspec.structs.replace(made, **changed)


def _whose(goal: Goal) -> str:
    """A goal without a category is the patient's where the patient or a relative expressed it."""
    return "patient" if getattr(goal.expressed_by, "kind", "") in ("patient", "relative") else "professional"


def _with_parts(made: Any, parts: tuple[Measurement, ...]) -> Iterator[Any]:
    """A measurement of several components is a measurement for each, under the heading of the whole."""
    yield made
    heading = made.group or made.words if parts else ""
    for number, one in enumerate(parts):
        yield msgspec.structs.replace(
            made,
            place=f"{made.place}.component[{number}]",
            ids=(),
            words=one.words,
            code=one.code,
            amount=one.amount,
            group=heading,
        )


def _composition(found: Gathering, entry: Entry, codec: Codec) -> None:
    node = dict(entry.node)
    if found.bundle_id is not None and "identifier" in node:
        _twice(found.walk, node, "identifier", [found.bundle_id], entry.way)
    said = codec.given(node, entry.way, found.walk)
    found.composed = True
    for number, one in enumerate(said.pop("@passages", ())):
        found.passages.append(msgspec.structs.replace(one, place=f"{fhirpath(entry.way)}.section[{number}]"))
    said.pop("@sections", None)
    if found.keeper is not None and said.setdefault("custodian", found.keeper) != found.keeper:
        found.walk.warn("fhir.said-twice", entry.way, "custodian")
    found.facts = found.facts | said


def _plan(found: Gathering, entry: Entry, codec: Codec) -> None:
    """The first plan is the document's; another is an intervention of many steps."""
    if found.plan is not None:
        _item(found, entry, found.profile.codecs["FurtherPlan"])
        return
    said = codec.given(entry.node, entry.way, found.walk)
    steps = said.pop("@interventions", ())
    participants = said.pop("@participants", ())
    found.participants.extend(participants)
    found.plan = _placed(found, entry, codec.made({"kind": found.profile.head.plan_kind, **said}))
    for number, one in enumerate(steps):
        place = f"{fhirpath(entry.way)}.activity[{number}]"
        found.items["interventions"].append(msgspec.structs.replace(one, place=place))


def _responsibility(found: Gathering, entry: Entry, codec: Codec) -> None:
    if found.plan is None:
        found.walk.lose(entry.node, entry.way)
        return
    made = codec.read(entry.node, entry.way, found.walk)
    if made is not ABSENT:
        found.responsibilities.append(msgspec.structs.replace(made, place=fhirpath(entry.way)))


def _beside(found: Gathering, entry: Entry, codec: Codec) -> None:
    """What says something of the document as a whole: its courses of care."""
    said = codec.given(entry.node, entry.way, found.walk)
    for name in ("episodes", "labels"):
        mine = said.get(f"@{name}", ())
        known = found.facts.get(name, ())
        found.facts[name] = (*known, *(one for one in mine if one not in known))


_READERS = {
    "DocumentFacts": _composition,
    "Plan": _plan,
    "Responsibility": _responsibility,
    "-": _beside,
}


def _leftovers(found: Gathering) -> None:
    """Teams of the plan, relatives that nobody refers to, and what stands in the document for nothing."""
    for entry in _teams_first(found.index):
        if entry.done:
            continue
        if entry.type == "CareTeam" and found.plan is not None:
            found.index.party(entry, found.walk)
        elif entry.type == "RelatedPerson" and entry.above is None:
            _relative(found, entry)
        else:
            found.walk.lose(entry.node, entry.way, NOT_REFERRED)
        entry.done = True
    team = [one for name, one in found.walk.gathered if name == "participants"]
    found.participants.extend(team)


def _teams_first(index: Index) -> list[Entry]:
    """What is left: teams, then relatives, then the actors that these may refer to, who are read by then."""
    left = [one for one in index.entries if not one.done]
    named = {name for one in left if one.type == "RelatedPerson" for name in references_in(one.node)}
    actors = {id(index.find(name)) for name in named}
    turn = {"CareTeam": 0, "RelatedPerson": 1}
    return sorted(left, key=lambda one: 2 if id(one) in actors else turn.get(one.type, 2))


def references_in(node: Any) -> Iterator[str]:
    """Every literal reference in an object."""
    if isinstance(node, list):
        for one in node:
            yield from references_in(one)
    elif isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node["reference"]
        for one in node.values():
            if isinstance(one, dict | list):
                yield from references_in(one)


def _relative(found: Gathering, entry: Entry) -> None:
    found.index.current = entry
    made = found.profile.codecs["Relative"].read(entry.node, entry.way, found.walk)
    if made is not ABSENT:
        found.relatives.append(msgspec.structs.replace(made, place=fhirpath(entry.way)))


# Putting it together


def _contribution(found: Gathering, resource: dict[str, Any]) -> Contribution:
    plan = found.plan
    if plan is not None:
        plan = msgspec.structs.replace(
            plan, participants=tuple(found.participants), responsibilities=tuple(found.responsibilities)
        )
    return Contribution(
        document=_facts(found, resource, plan),
        patient=found.patient,
        plan=plan,
        **{name: tuple(items) for name, items in found.items.items()},
        relatives=tuple(found.relatives),
        passages=tuple(found.passages),
    )


def _facts(found: Gathering, _resource: dict[str, Any], plan: Any) -> DocumentFacts:
    said = {name: value for name, value in found.facts.items() if not name.startswith("@")}
    said.setdefault("id", Identifier(system=found.index.document))
    if not found.composed:
        said.setdefault("custodian", found.keeper)
        said.setdefault("authors", tuple(_authors(plan)))
        said.setdefault("title", getattr(plan, "title", ""))
    head = found.profile.head
    return DocumentFacts(**{**said, "profile": head.id, "example_profile": head.example})


def _authors(plan: Any) -> Iterator[Participation]:
    """Who wrote a document that does not say so: who is responsible for its plan."""
    responsible = getattr(plan, "responsible", None)
    if isinstance(responsible, Organisation):
        yield Participation(role="author", party=Party(kind="organisation", organisation=responsible))
