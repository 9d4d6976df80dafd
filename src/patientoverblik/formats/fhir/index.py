"""The resources of a document: where each stands, what a reference leads to, and each party read once.

A reference leads to a contained resource (``#id``), to what has that fullUrl, or by type and id (FHIR R4, references in
bundles). Nothing outside the document is ever looked for.
"""

from collections.abc import Iterator
from typing import Any

from patientoverblik.care import Identifier, Organisation, Party, PersonName, Place
from patientoverblik.formats.fhir.engine.codec import Codec
from patientoverblik.formats.fhir.engine.compiled import Profile
from patientoverblik.formats.fhir.engine.references import URI
from patientoverblik.formats.fhir.engine.tables import system_of
from patientoverblik.formats.fhir.engine.walk import ABSENT, Walk, Way

BASE = "https://patientoverblik.invalid/"
"""The base of the addresses in documents we write: it leads nowhere (RFC 2606)."""


class Entry:
    """A resource and where it stands; ``above`` is the resource that contains it."""

    __slots__ = ("above", "codec", "done", "node", "party", "type", "url", "way")

    def __init__(self, node: dict[str, Any], way: Way, url: str = "", above: "Entry | None" = None) -> None:
        """A resource not yet looked at."""
        self.node = node
        self.way = way
        self.url = url
        self.above = above
        self.type = str(node.get("resourceType", ""))
        self.codec: Codec | None = None
        self.party: Any = None
        self.done = False


class Index:
    """Every resource of one document; made for one reading and thrown away."""

    def __init__(self, profile: Profile, entries: list[Entry]) -> None:
        """Note each resource by its address, and by its type and id."""
        self.profile = profile
        self.entries = entries
        self.known: dict[str, Entry] = {}
        self.contained: dict[tuple[int, str], Entry] = {}
        self.current: Entry | None = None
        self.patient: Entry | None = None
        self.patient_name: PersonName | None = None
        self.subject = ""
        self.document = ""
        for one in entries:
            one.codec = profile.recognise(one.node)
            self._note(one)
        self.has_plan = any(one.codec is not None and one.codec.shape.of == "Plan" for one in entries)

    def _note(self, one: Entry) -> None:
        if one.above is not None:
            self.contained[id(one.above), str(one.node.get("id"))] = one
            return
        if one.url:
            self.known.setdefault(one.url, one)
        self.known.setdefault(f"{one.type}/{one.node.get('id')}", one)
        if one.type == "Patient" and self.patient is None:
            self.patient = one

    def find(self, literal: Any) -> Entry | None:
        """The resource a literal reference leads to, None where it is not here."""
        if not isinstance(literal, str):
            return None
        if literal.startswith("#"):
            above = self.current.above or self.current if self.current else None
            return self.contained.get((id(above), literal[1:]))
        return self.known.get(literal.partition("/_history/")[0])

    def ids(self, entry: Entry) -> tuple[Identifier, ...]:
        """The identifiers a resource bears itself."""
        found = entry.node.get("identifier")
        return tuple(_identifiers(found if isinstance(found, list) else []))

    def own_id(self, entry: Entry) -> Identifier | None:
        """The identifier of a resource that bears none: its address, where that is a sender's own."""
        foreign = entry.url and not entry.url.startswith(BASE)
        return Identifier(system=URI, value=entry.url) if foreign and not self.ids(entry) else None

    def identity(self, entry: Entry) -> Identifier:
        """What a link to a resource says: its first identifier, its address, else its id within this document."""
        ids = self.ids(entry)
        if ids:
            return ids[0]
        local = f"{self.document}#{entry.type}/{entry.node.get('id')}"
        return self.own_id(entry) or Identifier(system=URI, value=local)

    def party(self, entry: Entry, walk: Walk) -> Party:
        """The actor a resource says, read once; a resource that is no actor's is one without a name."""
        if entry.party is None:
            entry.party = Party(kind="professional")  # where it leads back to itself
            entry.party = self._party(entry, walk)
        return entry.party  # type: ignore[no-any-return]

    def _party(self, entry: Entry, walk: Walk) -> Party:
        if entry.type == "Patient":
            return Party(kind="patient")
        codec = entry.codec
        if codec is None or codec.shape.of not in ("Party", "Organisation", "Relative", "Place"):
            return Party(kind="professional", ids=(self.identity(entry),))
        if entry.type == "RelatedPerson":
            codec = self.profile.codecs["RelatedPerson"]
        found = self._given(entry, codec, walk)
        return _party_of(codec, found)

    def place(self, entry: Entry, walk: Walk) -> Any:
        """The place a Location says, read once."""
        if entry.party is None:
            entry.party = self.profile.codecs["Location"].made(
                self._given(entry, self.profile.codecs["Location"], walk)
            )
        return Place() if entry.party is ABSENT else entry.party

    def _given(self, entry: Entry, codec: Codec, walk: Walk) -> dict[str, Any]:
        before, self.current = self.current, entry
        entry.done = True
        found = codec.given(self._without_members(entry, walk), entry.way, walk)
        walk.gathered.extend(("participants", one) for one in found.pop("@participants", ()))
        self.current = before
        return found

    def _without_members(self, entry: Entry, walk: Walk) -> dict[str, Any]:
        """A team's members take part in the plan; where there is none, they are told as lost."""
        if entry.type != "CareTeam" or self.has_plan or "participant" not in entry.node:
            return entry.node
        walk.lose(entry.node["participant"], (entry.way, "participant", -1))
        return {key: one for key, one in entry.node.items() if key != "participant"}

    def is_patient(self, reference: dict[str, Any]) -> bool:
        """Whether a reference leads to the document's patient; without one here, to whom the first reference led."""
        literal = reference.get("reference")
        if self.patient is not None:
            return self.find(literal) is self.patient
        return bool(literal or reference.get("identifier")) and self.subject == subject_key(reference)


def subject_key(reference: dict[str, Any]) -> str:
    """What a reference to a patient that is not here says, for comparing."""
    return f"{reference.get('reference', '')}|{reference.get('identifier', '')}"


def _identifiers(written: list[Any]) -> Iterator[Identifier]:
    for one in written:
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            assigner = one.get("assigner")
            authority = assigner.get("display", "") if isinstance(assigner, dict) else ""
            yield Identifier(system=system_of(str(one.get("system", ""))), value=one["value"], authority=authority)


def _party_of(codec: Codec, found: dict[str, Any]) -> Party:
    """An actor from what its resource said; a role is the person it names, with what the role adds."""
    persons = found.pop("@person", ())
    if codec.shape.of == "Organisation":
        made = codec.made(found)
        return Party(kind="organisation", organisation=Organisation() if made is ABSENT else made)
    said = {name: value for name, value in found.items() if not name.startswith("@")}
    if codec.home[0] != "PractitionerRole":
        return codec.made({"kind": codec.shape.default["kind"], **said})  # type: ignore[no-any-return]
    person = persons[0] if persons else None
    return _of_role(person, said)


def _of_role(person: Party | None, said: dict[str, Any]) -> Party:
    kind = said.pop("kind", "professional" if person else "organisation")
    if person is None:
        return Party(**{**said, "kind": kind})
    own = {name: getattr(person, name) for name in ("ids", "name", "profession", "addresses", "telecoms")}
    own["ids"] = (*own["ids"], *said.pop("ids", ()))
    own["telecoms"] = (*own["telecoms"], *said.pop("telecoms", ()))
    return Party(**{**own, **said, "kind": kind})
