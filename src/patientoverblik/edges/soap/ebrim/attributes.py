"""The attributes of an object ⇄ its values, by the table; every fault is told, with the attribute's name."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from patientoverblik.edges.soap.ebrim.model import Classification, RegistryObject
from patientoverblik.edges.soap.ebrim.table import Owner, Row, ValueKind, rows
from patientoverblik.edges.soap.ebrim.types import (
    is_oid,
    read_organisation,
    read_patient,
    read_person,
    read_time,
    write_organisation,
    write_patient,
    write_person,
    write_time,
)
from patientoverblik.problems import Finding
from patientoverblik.sharing.model import Author, Code, PatientId


class Attributes(msgspec.Struct, frozen=True):
    """What an object says of itself: values by field, its patient, slots beyond the table, and every fault."""

    values: dict[str, Any]
    patient: PatientId | None
    extra: tuple[tuple[str, tuple[str, ...]], ...]
    faults: tuple[Finding, ...]


def read_attributes(owner: Owner, one: RegistryObject) -> Attributes:
    """The values of an object's attributes. A value that is no such value is left out, with a fault."""
    values: dict[str, Any] = {}
    patient: PatientId | None = None
    faults: list[Finding] = []
    for row in rows(owner):
        said = _said(row, one)
        if not said:
            continue
        found = _READ[row.kind](said)
        faults += _faults(row, said, found)
        if row.field:
            values |= {row.field: found} if found else {}
        elif isinstance(found, PatientId):
            patient = found
    return Attributes(values, patient, tuple(_extra(owner, one, values)), tuple(faults))


def _extra(owner: Owner, one: RegistryObject, values: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Slots that the values do not give back as they were sent: those beyond the table, and other forms of a value."""
    again = {
        row.name: tuple(_WRITE[row.kind](values[row.field]))
        for row in rows(owner)
        if row.place == "slot" and row.field in values
    }
    for name, listed in one.slots.items():
        if again.get(name) != listed:
            yield name, listed


def missing(owner: Owner, said: Attributes, but: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """The attributes that the norm or the Danish profile demands and the object lacks; ``but`` are ours to add."""
    wrong = {fault.place for fault in said.faults}
    for row in rows(owner):
        there = row.attribute in wrong or (said.values.get(row.field) if row.field else said.patient)
        if "R" in (row.ihe, row.danish) and row.attribute not in but and not there:
            code = "xds.attribute-missing" if row.ihe == "R" else "xds.danish-attribute-missing"
            yield Finding(code, place=row.attribute, about=row.attribute)


def write_attributes(owner: Owner, value: object, patient: PatientId, one: RegistryObject) -> RegistryObject:
    """The object with the attributes of a value; what is empty is not written."""
    slots: dict[str, tuple[str, ...]] = {}
    classifications: list[Classification] = list(one.classifications)
    identifiers: dict[str, str] = {}
    texts: dict[str, str] = {}
    for row in rows(owner):
        held = getattr(value, row.field) if row.field else patient
        if not held:
            continue
        if row.place == "classification":
            classifications += _classified(row, held)
        elif row.place == "slot":
            slots[row.name] = tuple(_WRITE[row.kind](held))
        else:
            said = "".join(_WRITE[row.kind](held))
            identifiers |= {row.name: said} if row.place == "identifier" else {}
            texts |= {row.place: said} if row.place != "identifier" else {}
    return msgspec.structs.replace(
        one, slots=slots, classifications=tuple(classifications), identifiers=identifiers, **texts
    )


def _said(row: Row, one: RegistryObject) -> Sequence[Any]:
    """What stands where an attribute has its place: texts, or classifications."""
    if row.place == "slot":
        return one.slots.get(row.name, ())
    if row.place == "classification":
        return one.of_scheme(row.name)
    text = one.identifiers.get(row.name, "") if row.place == "identifier" else getattr(one, row.place)
    return (text,) if text else ()


def _text(said: Sequence[str]) -> str:
    return said[0]


def _time(said: Sequence[str]) -> int:
    return read_time(said[0]) or 0


def _number(said: Sequence[str]) -> int:
    text = said[0]
    return int(text) if text.isascii() and text.isdigit() else 0


def _hash(said: Sequence[str]) -> str:
    return said[0].lower()


def _oid(said: Sequence[str]) -> str:
    return said[0] if is_oid(said[0]) else ""


def _patient(said: Sequence[str]) -> PatientId | None:
    return read_patient(said[0])


def _person(said: Sequence[str]) -> Author:
    return Author(None, *read_person(said[0]))


def _authors(said: Sequence[Classification]) -> tuple[Author, ...]:
    return tuple(map(_author, said))


def _author(said: Classification) -> Author:
    places = [read_organisation(text) for text in said.slots.get("authorInstitution", ())]
    family, given = read_person("".join(said.slots.get("authorPerson", ())[:1]))
    author = Author(
        next((place for place in places if place), None),
        family,
        given,
        said.slots.get("authorRole", ()),
        said.slots.get("authorSpecialty", ()),
        said.slots.get("authorTelecommunication", ()),
    )
    as_sent = tuple(said.slots.items()) if _author_slots(author) != dict(said.slots) else ()
    return msgspec.structs.replace(author, as_sent=as_sent)


def _codes(said: Sequence[Classification]) -> tuple[Code, ...]:
    return tuple(
        Code(each.code, "".join(each.slots.get("codingScheme", ())[:1]), each.name) for each in said if each.code
    )


def _code(said: Sequence[Classification]) -> Code | None:
    return next(iter(_codes(said)), None)


_READ: dict[ValueKind, Callable[[Any], Any]] = {
    "time": _time,
    "text": _text,
    "texts": tuple,
    "number": _number,
    "hash": _hash,
    "oid": _oid,
    "patient": _patient,
    "person": _person,
    "author": _authors,
    "code": _code,
    "codes": _codes,
}


def _faults(row: Row, said: Sequence[Any], found: object) -> Iterator[Finding]:
    if row.place == "classification":
        yield from _faults_of_codes(row, said)
        return
    if not found and said != ("0",):
        code = "xds.attribute-wrong" if row.field else "xds.patient-number"
        yield Finding(code, place=row.attribute, about=row.attribute)
    if row.most and any(len(text) > row.most for text in said):
        yield Finding("xds.attribute-too-long", place=row.attribute, about=row.attribute)


def _faults_of_codes(row: Row, said: Sequence[Classification]) -> Iterator[Finding]:
    if row.kind == "code" and len(said) > 1:
        yield Finding("xds.attribute-repeated", place=row.attribute, about=row.attribute)
    if row.kind in ("code", "codes") and any(not code.scheme for code in _codes(said)):
        yield Finding("xds.code-without-scheme", place=row.attribute, about=row.attribute)


def _classified(row: Row, held: Any) -> Iterator[Classification]:
    if row.kind == "author":
        authors = (held,) if isinstance(held, Author) else held
        yield from (Classification(row.name, slots=_author_slots(author)) for author in authors)
        return
    for code in (held,) if isinstance(held, Code) else held:
        yield Classification(row.name, code=code.code, name=code.display, slots={"codingScheme": (code.scheme,)})


def _author_slots(author: Author) -> dict[str, tuple[str, ...]]:
    if author.as_sent:
        return dict(author.as_sent)
    person = write_person(author)
    slots = {
        "authorInstitution": (write_organisation(author.organisation),) if author.organisation else (),
        "authorPerson": (person,) if person else (),
        "authorRole": author.roles,
        "authorSpecialty": author.specialties,
        "authorTelecommunication": author.telecoms,
    }
    return {name: values for name, values in slots.items() if values}


_WRITE: dict[str, Callable[[Any], tuple[str, ...]]] = {
    "time": lambda held: (write_time(held),),
    "text": lambda held: (held,),
    "texts": tuple,
    "number": lambda held: (str(held),),
    "hash": lambda held: (held,),
    "oid": lambda held: (held,),
    "patient": lambda held: (write_patient(held),),
    "person": lambda held: (write_person(held),),
}
