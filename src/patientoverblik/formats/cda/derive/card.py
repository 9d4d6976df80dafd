"""The master-data card (PDC-DK): its fields with where they come from, and the relatives typed in on it."""

from collections.abc import Iterator
from typing import cast

from patientoverblik.care import (
    Answer,
    CardField,
    CardItem,
    Coding,
    Concept,
    Moment,
    Origin,
    Participation,
    Relative,
    Unknown,
)
from patientoverblik.care.systems import CPR
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.datatypes import AD, BL, CD, II, PN, ST, TEL, Any
from patientoverblik.formats.cda.derive.meaning import CARD_FIELD, CARD_ORIGIN, CARD_REGISTER
from patientoverblik.formats.cda.derive.party import participation_of
from patientoverblik.formats.cda.derive.values import (
    Notes,
    addresses_of,
    concept_of,
    identifiers_of,
    name_of,
    period_of,
    telecoms_of,
)
from patientoverblik.formats.cda.derive.words import joined
from patientoverblik.formats.cda.documents import CardEntry, CardSection

PROTECTED = "ConfAddr"
RELATIVE, RELATION, RELATIVE_NOTE = "RelativeTypedIn", "RelationTypedIn", "RelativeNoteTypedIn"
_ANSWERS = {"true": "true", "false": "false", "NAV": "not-available"}
_ANSWERED = frozenset({"organ-donor", "treatment-will", "living-will", "no-resuscitation"})


def card_items_of(section: CardSection, notes: Notes, place: str) -> Iterator[CardItem]:
    """The fields of one section, without the relatives; an entry without any value says nothing (2019 draft)."""
    for at, entry in enumerate(section.items):
        if _code(entry) not in (RELATIVE, RELATION, RELATIVE_NOTE) and (entry.values or entry.words or entry.time):
            yield _item(entry, notes, f"{place}.items[{at}]")


def card_relatives_of(section: CardSection, notes: Notes, place: str) -> tuple[Relative, ...]:
    """The relatives typed in; relation and note that stand in entries of their own (2019 draft) join the one before."""
    found: list[list[tuple[CardEntry, str]]] = []
    for at, entry in enumerate(section.items):
        if _code(entry) == RELATIVE:
            found.append([(entry, f"{place}.items[{at}]")])
        elif _code(entry) in (RELATION, RELATIVE_NOTE) and found:
            found[-1].append((entry, ""))
    return tuple(_relative(tuple(each for each, _ in entries), notes, entries[0][1]) for entries in found)


def register_items_of(patient: record.Patient) -> Iterator[CardItem]:
    """Register data that the 2019 draft writes as further identifiers of the patient, and guardians."""
    for at, each in enumerate(patient.ids):
        field = CARD_REGISTER.get(each.authority)
        if field is not None:
            yield _registered(cast(CardField, field), each, f"patient.ids[{at}]")
    for at, guardian in enumerate(patient.guardians):
        name = name_of(guardian.name)
        yield CardItem(
            place=f"patient.guardians[{at}]",
            field="guardian",
            origin="register",
            persons=identifiers_of(guardian.ids),
            names=(name,) if name is not None else (),
            addresses=addresses_of(guardian.addresses),
            telecoms=telecoms_of(guardian.telecoms),
        )


def _registered(field: CardField, each: II, place: str) -> CardItem:
    answer = _ANSWERS.get(each.extension)
    return CardItem(
        place=place,
        field=field,
        origin="register",
        answer=cast("Answer | None", answer),
        text="" if answer else each.extension,
    )


def _item(entry: CardEntry, notes: Notes, place: str) -> CardItem:
    values = entry.values
    field = cast(CardField, CARD_FIELD.get(_code(entry), "other"))
    source = _source(entry, notes, place)
    return CardItem(
        place=place,
        ids=identifiers_of(entry.ids),
        field=field,
        origin=_origin(entry),
        source=source,
        answer=_answer(field, values),
        persons=identifiers_of(tuple(v for v in values if isinstance(v, II) and v.root == CPR)),
        names=tuple(found for v in values if isinstance(v, PN) and (found := name_of(v)) is not None),
        addresses=addresses_of(tuple(v for v in values if isinstance(v, AD))),
        telecoms=telecoms_of(tuple(v for v in values if isinstance(v, TEL))),
        concept=_concept(field, values),
        text=joined(entry.words, *(v.text for v in values if isinstance(v, ST))),
        period=period_of(entry.time, notes, f"{place}.time"),
        protected=any(map(_is_protected, values)),
        changed=_changed(source),
    )


def _relative(entries: tuple[CardEntry, ...], notes: Notes, place: str) -> Relative:
    values = tuple(value for entry in entries for value in entry.values)
    codes = (concept_of(v) for v in values if isinstance(v, CD))
    return Relative(
        place=place,
        name=next((name_of(v) for v in values if isinstance(v, PN)), None),
        relation=next((code for code in codes if code is not None), None),
        telecoms=telecoms_of(tuple(v for v in values if isinstance(v, TEL))),
        addresses=addresses_of(tuple(v for v in values if isinstance(v, AD))),
        note=joined(*(v.text for v in values if isinstance(v, ST))),
        entered=_source(entries[0], notes, place),
    )


def _code(entry: CardEntry) -> str:
    return entry.code.code if entry.code is not None else ""


def _origin(entry: CardEntry) -> Origin | Unknown:
    """By the author's template; without one by the field, which is a register's or typed in by its code."""
    if entry.registers:
        return "register"
    if entry.typists:
        return "typed-in"
    found = CARD_ORIGIN.get(_code(entry))
    return cast(Origin, found) if found else Unknown()


def _source(entry: CardEntry, notes: Notes, place: str) -> Participation | None:
    for name in ("registers", "typists", "authors"):
        for party in getattr(entry, name)[:1]:
            return participation_of(party, "author", notes, f"{place}.{name}[0]")
    return None


def _changed(source: Participation | None) -> Moment | None:
    return source.time if source is not None else None


def _answer(field: CardField, values: tuple[Any, ...]) -> Answer | None:
    if field not in _ANSWERED:
        return None
    for value in values:
        said = value.extension if isinstance(value, II) else value.value if isinstance(value, BL) else ""
        if said in _ANSWERS:
            return cast(Answer, _ANSWERS[said])
    return None


def _concept(field: CardField, values: tuple[Any, ...]) -> Concept | None:
    """A coded value; a dentist's or an insurance group's identifier is a code of its register."""
    for value in values:
        if isinstance(value, CD):
            return concept_of(value)
        if isinstance(value, II) and value.root != CPR and field in ("dentist", "insurance-group") and value.extension:
            return Concept(codings=(Coding(system=value.root, code=value.extension),))
    return None


def _is_protected(value: Any) -> bool:
    if isinstance(value, II):
        return value.extension == PROTECTED
    return isinstance(value, AD | PN) and any("BESKYTTET" in part.text.upper() for part in value.parts)
