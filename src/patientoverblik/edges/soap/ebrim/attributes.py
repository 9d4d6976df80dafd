"""The attributes of an object ⇄ its values, by the table; every fault is told, with the attribute's name."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from patientoverblik.edges.soap.ebrim.model import Classification, RegistryObject
from patientoverblik.edges.soap.ebrim.table import Owner, Row, rows
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
        found = _READ[row.kind](row, one)
        faults += _faults(row, one, found)
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


def _said(row: Row, one: RegistryObject) -> tuple[str, ...]:
    if row.place == "slot":
        return one.slots.get(row.name, ())
    text = {"name": one.name, "description": one.description}.get(row.place, one.identifiers.get(row.name, ""))
    return (text,) if text else ()


def _text(row: Row, one: RegistryObject) -> str:
    return "".join(_said(row, one)[:1])


def _time(row: Row, one: RegistryObject) -> int:
    return read_time(_text(row, one)) or 0


def _number(row: Row, one: RegistryObject) -> int:
    text = _text(row, one)
    return int(text) if text.isascii() and text.isdigit() else 0


def _hash(row: Row, one: RegistryObject) -> str:
    return _text(row, one).lower()


def _oid(row: Row, one: RegistryObject) -> str:
    text = _text(row, one)
    return text if is_oid(text) else ""


def _patient(row: Row, one: RegistryObject) -> PatientId | None:
    return read_patient(_text(row, one))


def _person(row: Row, one: RegistryObject) -> Author | None:
    text = _text(row, one)
    return Author(None, *read_person(text)) if text else None


def _authors(row: Row, one: RegistryObject) -> tuple[Author, ...]:
    return tuple(_author(said) for said in one.of_scheme(row.name))


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


def _codes(row: Row, one: RegistryObject) -> tuple[Code, ...]:
    return tuple(
        Code(said.code, "".join(said.slots.get("codingScheme", ())[:1]), said.name)
        for said in one.of_scheme(row.name)
        if said.code
    )


def _code(row: Row, one: RegistryObject) -> Code | None:
    return next(iter(_codes(row, one)), None)


_READ: dict[str, Callable[[Row, RegistryObject], Any]] = {
    "time": _time,
    "text": _text,
    "texts": _said,
    "number": _number,
    "hash": _hash,
    "oid": _oid,
    "patient": _patient,
    "person": _person,
    "author": _authors,
    "code": _code,
    "codes": _codes,
}


def _faults(row: Row, one: RegistryObject, found: object) -> Iterator[Finding]:
    said = _said(row, one)
    if said and not found and said != ("0",):
        code = "xds.attribute-wrong" if row.field else "xds.patient-number"
        yield Finding(code, place=row.attribute, about=row.attribute)
    if row.most and any(len(text) > row.most for text in said):
        yield Finding("xds.attribute-too-long", place=row.attribute, about=row.attribute)
    if row.kind == "code" and len(one.of_scheme(row.name)) > 1:
        yield Finding("xds.attribute-repeated", place=row.attribute, about=row.attribute)
    if row.kind in ("code", "codes") and any(not code.scheme for code in _codes(row, one)):
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
