"""Care to FHIR R4: one resource for each item, the parties they refer to once, and the document that holds them.

Ids are a digest of series, type and key: opaque, safe in a URL, and the same after a document is replaced. Two series
never share one, so that no id tells of another document.
"""

from base64 import b32encode
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal

import msgspec

from patientoverblik.care import (
    CardItem,
    Concept,
    Contribution,
    Identifier,
    Intervention,
    Moment,
    Organisation,
    Participation,
    Party,
    Patient,
    Place,
    Unknown,
    Value,
)
from patientoverblik.care.rules import items as items_of
from patientoverblik.formats.fhir.claims import claim
from patientoverblik.formats.fhir.encoding import Resource
from patientoverblik.formats.fhir.engine.codec import Codec
from patientoverblik.formats.fhir.engine.kinds import instant_of
from patientoverblik.formats.fhir.engine.references import full_name
from patientoverblik.formats.fhir.index import BASE
from patientoverblik.formats.fhir.registry import PLAIN, profile

Shape = Literal["service-request", "care-plan"]
ID_LENGTH = 26
_ENCODE = msgspec.msgpack.Encoder().encode
ORDER = (
    *("Patient", "CarePlan", "Condition", "Goal", "ServiceRequest", "Procedure", "Observation", "Encounter"),
    *("Appointment", "Task", "Communication", "EpisodeOfCare", "CareTeam", "RelatedPerson", "Organization"),
    *("Practitioner", "PractitionerRole", "Location", "Device"),
)
SHAPES = {
    "Plan": "Plan",
    "Condition": "Condition",
    "Goal": "Goal",
    "Measurement": "Measurement",
    "Contact": "Contact",
    "Appointment": "Appointment",
}
DIRECT_TITLES = {
    "goals": "Mål",
    "conditions": "Helbredsforhold",
    "interventions": "Indsatser",
    "card": "Stamoplysninger",
}
PERSONS = frozenset({"custody-over", "custody-holder", "guardian"})
"""Fields of the card that tell of somebody else than the patient."""


class Anchor(msgspec.Struct, frozen=True):
    """What the ids hang on: the series of a document (its set, or its logical id), and the patient's resource id."""

    series: str
    patient: str
    document: str = ""


def resource_id(anchor: Anchor, type_: str, key: str) -> str:
    """The id of a resource: 26 characters of a-z and 2-7."""
    digest = sha256("\x00".join((anchor.series, type_, key)).encode()).digest()
    return b32encode(digest)[:ID_LENGTH].decode().lower()


def write_resources(care: Contribution, anchor: Anchor, shape: Shape = "service-request") -> tuple[Resource, ...]:
    """Every resource a contribution comes to, each once, the patient first; references between them are relative."""
    pen = _written(worded(care), anchor, shape)
    return tuple(sorted(pen.resources.values(), key=lambda one: ORDER.index(one["resourceType"])))


def places(care: Contribution, anchor: Anchor, shape: Shape = "service-request") -> Mapping[str, str]:
    """The place of each item → the resource that says it, as ``Goal/<id>``."""
    return Pen(worded(care), anchor, shape).at


def worded(care: Contribution) -> Contribution:
    """Items that only their code has words for say them as their own, so that every reader finds them."""
    names = ("conditions", "goals", "interventions", "measurements", "contacts")
    changed = {name: tuple(map(_worded, getattr(care, name))) for name in names}
    return msgspec.structs.replace(care, **changed)


def _worded(item: Any) -> Any:
    code = item.code
    if item.words or not isinstance(code, Concept) or not code.text:
        return item
    rest = Concept(codings=code.codings) if code.codings else _codeless(item)
    return msgspec.structs.replace(item, words=code.text, code=rest)


def _codeless(item: Any) -> Unknown | None:
    return Unknown() if type(item).__name__ in ("Condition", "Measurement") else None


class Pen:
    """One writing under way; made for one contribution and thrown away."""

    def __init__(self, care: Contribution, anchor: Anchor, shape: Shape) -> None:
        """Give every item its id, and note which items are what to the plan."""
        self.anchor = anchor
        self.codecs: Mapping[str, Codec] = profile(PLAIN).codecs
        self.care = care
        self.patient = f"Patient/{anchor.patient}"
        self.resources: dict[str, Resource] = {}
        self.at: dict[str, str] = {}
        self.links: dict[tuple[str, str], str] = {}
        self.items: list[tuple[Any, Codec, str]] = []
        self.members: dict[str, list[str]] = {}
        self._number(shape)

    def _number(self, shape: Shape) -> None:
        items: tuple[Any, ...] = (*items_of(self.care), *self.care.card)
        known = Counter(_key(one) for item in items for one in item.ids)
        known[_key(self.care.document.id)] += 1
        for number, item in enumerate(items):
            named = "Message" if item is self.care.plan and is_message(self.care) else ""
            codec = self.codecs[named or _shape_of(item, shape if self.care.plan else "service-request")]
            key = next((_joined(one) for one in item.ids if known[_key(one)] == 1), item.place or f"#{number}")
            name = f"{codec.home[0]}/{resource_id(self.anchor, codec.home[0], key)}"
            self._note(item, codec, name)

    def _note(self, item: Any, codec: Codec, name: str) -> None:
        self.items.append((item, codec, name))
        self.at[item.place] = name
        for one in item.ids:
            self.links.setdefault(_key(one), name)
        kind = _GROUPS.get(type(item).__name__, "others")
        if kind == "interventions" and (codec.name == "PlannedIntervention" or codec.home[0] == "Procedure"):
            kind = "others"
        self.members.setdefault(kind, []).append(name)

    def put(self, type_: str, key: str, node: Resource) -> str:
        """Keep a resource under its id; its reference."""
        own = resource_id(self.anchor, type_, key)
        self.resources.setdefault(f"{type_}/{own}", {"resourceType": type_, "id": own, **node})
        return f"{type_}/{own}"

    def put_as(self, name: str, node: Resource) -> None:
        """Keep a resource whose reference is known."""
        type_, _, own = name.partition("/")
        self.resources[name] = {"resourceType": type_, "id": own, **node}

    def link(self, identifier: Identifier, wire: Resource) -> Resource:
        """A reference to an item by its identifier, and to the resource where it is here."""
        name = self.links.get(_key(identifier))
        return {"reference": name, "identifier": wire} if name else {"identifier": wire}

    def party(self, party: Party, barred: frozenset[str] = frozenset()) -> Resource:
        """A reference to an actor, whose resources are kept; none of ``barred`` is among them."""
        named = Party(kind="patient", name=self.care.patient.name)
        if party in (Party(kind="patient"), named) and "Patient" not in barred:
            return {"reference": self.patient} | ({"display": full_name(party.name)} if party.name else {})
        body = party.organisation
        if body and party == Party(kind="organisation", organisation=body) and "Organization" not in barred:
            return self.organisation(body)
        return {"reference": self._actor(party, "Device" in barred)}

    def _actor(self, party: Party, nothing_made: bool) -> str:
        key = _content(party)
        if party.kind in ("patient", "relative"):
            return self.put("RelatedPerson", key, self._written("RelatedPerson", _implied(party, "relative")))
        if party.kind == "system":
            return self._role(party, None, key) if nothing_made else self._device(party, key)
        person = _person(party)
        if person is not None and party == person:
            return self.put("Practitioner", key, self._written("Practitioner", person))
        return self._role(party, person, key)

    def _device(self, party: Party, key: str) -> str:
        return self.put("Device", key, self._written("Device", party))

    def _role(self, party: Party, person: Party | None, key: str) -> str:
        said = _implied(party, "professional" if person else "organisation")
        extras = {}
        if person is not None:
            extras = {"@person": (person,)}
            said.ids, said.telecoms, said.addresses, said.name, said.profession = (), (), (), None, None
        return self.put("PractitionerRole", key, self.codecs["PractitionerRole"].write(said, self, extras))

    def organisation(self, organisation: Organisation) -> Resource:
        """A reference to an organisation."""
        node = self._written("Organization", organisation)
        return {"reference": self.put("Organization", _content(organisation), node)}

    def place(self, place: Place) -> Resource:
        """A reference to a place."""
        return {"reference": self.put("Location", _content(place), self._written("Location", place))}

    def _written(self, name: str, value: Any) -> Resource:
        return self.codecs[name].write(value, self)


_GROUPS = {
    "Plan": "plan",
    "Goal": "goals",
    "Condition": "conditions",
    "Intervention": "interventions",
    "CardItem": "card",
}


class _Said:
    """A party's fields, of which some are not written."""

    def __init__(self, party: Party) -> None:
        """Take every field over."""
        self.kind: str | None = party.kind
        self.ids, self.name, self.code, self.profession = party.ids, party.name, party.code, party.profession
        self.organisation, self.addresses, self.telecoms = party.organisation, party.addresses, party.telecoms


def _implied(party: Party, kind: str) -> _Said:
    """A party without its kind where its resource implies it."""
    said = _Said(party)
    said.kind = None if party.kind == kind else party.kind
    return said


def _person(party: Party) -> Party | None:
    """The person of a party: who it is, without the role; None where it is an organisation alone."""
    own = {name: getattr(party, name) for name in ("ids", "name", "profession", "addresses", "telecoms")}
    if party.kind == "organisation" and not any(own[name] for name in own if name not in ("ids", "telecoms")):
        return None
    return Party(kind="professional", **own)


def is_message(care: Contribution) -> bool:
    """Whether a contribution is a message and nothing besides: it is written as Communication."""
    return care.plan is not None and care.plan.kind == "message" and not care.interventions


def _shape_of(item: Any, shape: Shape) -> str:
    if isinstance(item, CardItem):
        return _card_shape_of(item)
    if not isinstance(item, Intervention):
        return SHAPES[type(item).__name__]
    if shape == "care-plan":
        return "PlannedIntervention"
    return "Procedure" if _only_done(item) else "ServiceRequest"


def _card_shape_of(item: CardItem) -> str:
    """The shape that can say all an item says; a person is one only where nobody else is told of beside."""
    if item.answer is not None:
        return "CardUnanswered" if item.answer == "not-available" else "CardAnswer"
    if item.field in PERSONS and len(item.persons) <= 1 and len(item.names) <= 1:
        return "CardPerson"
    return "CardEntry" if item.concept is None else "CardCoded"


def _only_done(item: Intervention) -> bool:
    """Whether an intervention has been done and was never said to be planned."""
    return item.activity == "completed" and item.intent == Unknown() and item.authorisation == Unknown()


def _key(identifier: Identifier) -> tuple[str, str]:
    return identifier.system, identifier.value


def _joined(identifier: Identifier) -> str:
    return f"{identifier.system}|{identifier.value}"


def _content(value: Value) -> str:
    return sha256(_ENCODE(value)).hexdigest()


# The resources


def _written(care: Contribution, anchor: Anchor, shape: Shape) -> Pen:
    pen = Pen(care, anchor, shape)
    pen.put_as(pen.patient, {**_secured(care.patient), **pen.codecs["Patient"].write(care.patient, pen)})
    if care.plan is not None:
        _team(pen, care.plan.participants)
        _tasks(pen)
    for item, codec, name in pen.items:
        pen.put_as(name, codec.write(item, pen))
    for number, relative in enumerate(care.relatives):
        pen.put("RelatedPerson", f"#{number}{_content(relative)}", pen.codecs["Relative"].write(relative, pen))
    for identifier in care.document.episodes:
        _episode(pen, identifier)
    pen.resources = claim(pen.resources.values())
    return pen


def _secured(patient: Patient) -> Resource:
    """A protected name or address is marked on the resource (MedCom, meta.security)."""
    if not any("CONF" in address.use.upper().split() for address in patient.addresses):
        return {}
    system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    return {"meta": {"security": [{"system": system, "code": "R"}]}}


def _team(pen: Pen, participants: tuple[Participation, ...]) -> None:
    if participants:
        node = pen.codecs["CareTeam"].write(Organisation(), pen, {"@participants": participants})
        pen.members["teams"] = [pen.put("CareTeam", "#plan", node)]


def _tasks(pen: Pen) -> None:
    """Each responsibility of the plan; of a message, each time somebody wrote."""
    plan = pen.care.plan
    sender = tuple(one.party for one in pen.care.document.authors[:1])
    for number, one in enumerate(plan.responsibilities if plan else ()):
        if is_message(pen.care):
            pen.put("Communication", f"#{number}", pen.codecs["Writing"].write(one, pen, {"@sender": sender}))
        else:
            pen.put("Task", f"#{number}", pen.codecs["Responsibility"].write(one, pen))


def _episode(pen: Pen, identifier: Identifier) -> None:
    node = pen.codecs["EpisodeOfCare"].write(None, pen, {"@episodes": (identifier,)})
    name = pen.put("EpisodeOfCare", _joined(identifier), node)
    pen.links.setdefault(_key(identifier), name)


# The document


def write_document(care: Contribution, shape: Shape = "service-request", base: str = BASE) -> Resource:
    """A document Bundle: Composition first, everything it refers to within, each under its address below ``base``."""
    care = worded(care)
    key = _joined(care.document.series or care.document.id)
    anchor = Anchor(key, resource_id(Anchor(key, ""), "Patient", ""))
    pen = _written(care, anchor, shape)
    composition = _composition(pen)
    rest = sorted(pen.resources.values(), key=lambda one: ORDER.index(one["resourceType"]))
    facts = _said_of(pen)
    entries = [{"fullUrl": f"{base}{one['resourceType']}/{one['id']}", "resource": one} for one in (composition, *rest)]
    return {"resourceType": "Bundle", **facts, "type": "document", "entry": entries}


def _said_of(pen: Pen) -> Resource:
    """What a Bundle says of itself; its time is an instant, which a Composition's need not be."""
    written = pen.codecs["Bundle"].write(pen.care.document, pen)
    said = {key: one for key, one in written.items() if key.removeprefix("_") != "timestamp"}
    created = pen.care.document.created
    return {**said, "timestamp": instant_of(created)} if isinstance(created, Moment) else said


def _composition(pen: Pen) -> Resource:
    node = pen.codecs["Composition"].write(pen.care.document, pen, {"@passages": pen.care.passages})
    own = {"resourceType": "Composition", "id": resource_id(pen.anchor, "Composition", ""), **node}
    sections = [*own.pop("section", ()), *_sections(pen)]
    return {**own, "section": sections} if sections else own


def _sections(pen: Pen) -> Iterator[Resource]:
    """Everything stands in a section, so that a reader of sections finds it."""
    named = {name: pen.members.get(name, []) for name in DIRECT_TITLES}
    told = {one for names in named.values() for one in names}
    named["others"] = [name for _, _, name in pen.items if name not in told]
    for name, references in named.items():
        if references:
            title = DIRECT_TITLES.get(name, "Øvrigt")
            yield {"title": title, "entry": [{"reference": one} for one in references]}
