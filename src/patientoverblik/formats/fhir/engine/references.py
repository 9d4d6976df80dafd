"""Kinds of value that are references: to a party, an organisation, a place, another item, or the patient.

Reading follows the reference to the resource, which is read once; writing puts the resource into the pen's pool.
"""

from typing import Any

from patientoverblik.care import Identifier, Organisation, Participation, Party, PersonName, Place
from patientoverblik.formats.fhir.engine.compiled import Profile
from patientoverblik.formats.fhir.engine.kinds import Kind, Wire
from patientoverblik.formats.fhir.engine.walk import ABSENT, DIFFERS, NO_TARGET, NOT_THE_TYPE, Walk, Way

URI = "urn:ietf:rfc:3986"
PERSONS = {"Patient": "patient", "RelatedPerson": "relative", "Device": "system", "Organization": "organisation"}
BODIES = frozenset({"Organization", "CareTeam", "HealthcareService", "Group"})


def type_of(reference: dict[str, Any]) -> str:
    """The type of resource a reference says it leads to; empty where it says none."""
    stated = reference.get("type")
    literal = reference.get("reference")
    if isinstance(stated, str):
        return stated
    return literal.rpartition("/")[0].rpartition("/")[2] if isinstance(literal, str) else ""


def link(profile: Profile, _arguments: tuple[str, ...]) -> Kind:
    """An item by its identifier: the one the reference gives, else the first of the resource it leads to."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if not isinstance(value, dict) or not value:
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        entry = walk.index.find(value.get("reference"))
        found = _stated(profile, value, way, walk)
        if found is ABSENT and value.get("reference") is not None:
            found = walk.index.identity(entry) if entry else _address(value["reference"], way, walk)
            walk.take(value["reference"])
        elif "reference" in value:
            _agree(found, entry, value["reference"], way, walk)
        _rest(value, way, walk, entry)
        return found

    def write(value: Identifier, pen: Any) -> Wire:
        return pen.link(value, profile.codecs["Identifier"].write(value, pen)), None

    return Kind(read, write, (Identifier,))


def _stated(profile: Profile, value: dict[str, Any], way: Way, walk: Walk) -> Any:
    if "identifier" not in value:
        return ABSENT
    return profile.codecs["Identifier"].read(value["identifier"], (way, "identifier", -1), walk)


def _address(literal: Any, way: Way, walk: Walk) -> Any:
    """What a reference says that leads to nothing here: the address is the identifier."""
    walk.warn("fhir.reference-without-target", way)
    return Identifier(system=URI, value=str(literal))


def _agree(found: Any, entry: Any, literal: Any, way: Way, walk: Walk) -> None:
    """A reference beside an identifier leads to what bears it, else it is told."""
    if entry is not None and found in walk.index.ids(entry):
        walk.hold(literal)
    else:
        walk.lose(literal, (way, "reference", -1), NO_TARGET if entry is None else DIFFERS)


def _rest(value: dict[str, Any], way: Way, walk: Walk, entry: Any, named: bool = False) -> None:
    """What else a reference says: a type that is right, a display of what can be looked at."""
    for key, inner in value.items():
        if key in ("reference", "identifier") or (named and key == "display"):
            continue
        if key == "type" and inner == (entry.type if entry else type_of(value)):
            walk.hold(inner)
        elif key == "display" and entry is not None and isinstance(inner, str):
            walk.keep_quiet(inner)
        else:
            walk.lose(inner, (way, key, -1))


def party(profile: Profile, arguments: tuple[str, ...]) -> Kind:
    """A healthcare actor, whatever resource says who it is; of those ``!Type`` R4 lets none stand there."""
    barred = _barred(arguments)

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        return read_party(profile, value, way, walk)

    return Kind(read, lambda value, pen: (pen.party(value, barred), None), (Party,))


def _barred(arguments: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one.removeprefix("!") for one in arguments if one.startswith("!"))


def read_party(profile: Profile, value: Any, way: Way, walk: Walk, type_: str = "") -> Any:
    """The actor a reference leads to; one that leads to nothing here says what it says itself, as one of ``type_``."""
    if not isinstance(value, dict) or not value:
        walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT
    entry = walk.index.find(value.get("reference"))
    if entry is None:
        return _unresolved(profile, value, way, walk, type_ or type_of(value))
    found = walk.index.party(entry, walk)
    walk.take(value["reference"])
    if entry.type == "Patient" and isinstance(value.get("display"), str):
        found = _displayed(value["display"], walk)
        _rest(value, way, walk, entry, named=True)
    else:
        _rest(value, way, walk, entry)
    if "identifier" in value:
        walk.lose(value["identifier"], (way, "identifier", -1))
    return found


def _displayed(display: str, walk: Walk) -> Party:
    """The patient with the name that is said, as the document's own where it is that."""
    walk.read += 1
    name = walk.index.patient_name
    return Party(kind="patient", name=name if full_name(name) == display else PersonName(text=display))


def full_name(name: PersonName | None) -> str:
    """A name on one line."""
    return " ".join((*name.prefix, *name.given, *name.family, *filter(None, [name.text]))) if name else ""


def _unresolved(profile: Profile, value: dict[str, Any], way: Way, walk: Walk, type_: str) -> Any:
    ids: tuple[Identifier, ...] = ()
    if (found := _stated(profile, value, way, walk)) is not ABSENT:
        ids = (found,)
    if value.get("reference") is not None:
        walk.take(value["reference"])
        ids = (*ids, _address(value["reference"], way, walk))
    display = value.get("display")
    if isinstance(display, str):
        walk.read += 1
    _rest(value, way, walk, None, named=isinstance(display, str))
    return _named(type_, ids, display if isinstance(display, str) else "")


def _named(type_: str, ids: tuple[Identifier, ...], display: str) -> Any:
    if not ids and not display:
        return ABSENT
    if type_ in BODIES:
        return Party(kind="organisation", organisation=Organisation(ids=ids, name=display))
    name = PersonName(text=display) if display else None
    return Party(kind=PERSONS.get(type_, "professional"), ids=ids, name=name)  # type: ignore[arg-type]


def organisation(profile: Profile, _arguments: tuple[str, ...]) -> Kind:
    """An organisation; a person in its place is told as lost."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if isinstance(value, dict) and _is_body(value, walk):
            found = read_party(profile, value, way, walk, "Organization")
            return ABSENT if found is ABSENT else found.organisation or ABSENT
        walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT

    return Kind(read, lambda value, pen: (pen.organisation(value), None), (Organisation,))


def _is_body(value: dict[str, Any], walk: Walk) -> bool:
    entry = walk.index.find(value.get("reference"))
    type_ = entry.type if entry else type_of(value)
    return type_ in BODIES or (not type_ and "identifier" in value)


def participation(profile: Profile, arguments: tuple[str, ...]) -> Kind:
    """An actor in a part: the part is the argument unless the reference says another, and when beside it."""
    default, barred = arguments[0], _barred(arguments)

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if not isinstance(value, dict):
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        beside = {"extension": value["extension"]} if "extension" in value else {}
        found = read_party(profile, {key: one for key, one in value.items() if key != "extension"}, way, walk)
        given = profile.codecs["Participation"].given(beside, way, walk)
        if found is ABSENT:
            return ABSENT
        return Participation(**{"role": default, **given, "party": found})

    def write(value: Participation, pen: Any) -> Wire:
        said = {} if value.role != default else {"role": None}
        beside = profile.codecs["Participation"].write(_Beside(value, said), pen)
        return {**beside, **pen.party(value.party, barred)}, None

    return Kind(read, write, (Participation,))


class _Beside:
    """A participation without what need not be said."""

    def __init__(self, of: Participation, without: dict[str, None]) -> None:
        """Keep its fields, those of ``without`` as None."""
        self.role = None if "role" in without else of.role
        self.period = of.period
        self.time = of.time


def location(_profile: Profile, _arguments: tuple[str, ...]) -> Kind:
    """A place, by the Location it leads to; one that is only named is a name."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if not isinstance(value, dict) or not value:
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        entry = walk.index.find(value.get("reference"))
        if entry is None and isinstance(value.get("display"), str):
            walk.read += 1
            walk.lose({key: one for key, one in value.items() if key != "display"}, way, NO_TARGET)
            return Place(name=value["display"])
        if entry is None or entry.type != "Location":
            walk.lose(value, way, NO_TARGET)
            return ABSENT
        walk.take(value["reference"])
        _rest(value, way, walk, entry)
        return walk.index.place(entry, walk)

    return Kind(read, lambda value, pen: (pen.place(value), None), (Place,))


def patient(_profile: Profile, _arguments: tuple[str, ...]) -> Kind:
    """That it is about the document's patient."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if not isinstance(value, dict) or not walk.index.is_patient(value):
            walk.lose(value, way, DIFFERS)
            return ABSENT
        for key, inner in value.items():
            if key in ("reference", "type", "identifier"):
                walk.hold(inner)
            elif key == "display":
                walk.keep_quiet(inner)
            else:
                walk.lose(inner, (way, key, -1))
        return None

    return Kind(read, lambda _value, pen: ({"reference": pen.patient}, None), ())


def member(_profile: Profile, arguments: tuple[str, ...]) -> Kind:
    """That another item of the document belongs here; the argument names which items are written."""

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        literal = value.get("reference") if isinstance(value, dict) else None
        entry = walk.index.find(literal)
        if entry is None:
            walk.lose(value, way, NO_TARGET)
            return ABSENT
        walk.hold(literal)
        for key, inner in value.items():
            if key == "display" or (key == "type" and inner == entry.type):
                walk.keep_quiet(inner)
            elif key != "reference":
                walk.lose(inner, (way, key, -1))
        return None

    def write(_value: Any, pen: Any) -> Wire:
        found = [{"reference": one} for name in arguments for one in pen.members.get(name, ())]
        return found or None, None

    return Kind(read, write, ())


NAMED = {
    "link": link,
    "party": party,
    "organisation": organisation,
    "participation": participation,
    "location": location,
    "patient": patient,
    "member": member,
}
