"""Small values: HL7 v3 data types of a record to the domain's values. Digits, units and words stay as written."""

from functools import lru_cache
from typing import Any as Anything
from typing import Literal, cast

from patientoverblik.care import (
    Address,
    Amount,
    Bound,
    Coding,
    Concept,
    Identifier,
    Moment,
    Period,
    PersonName,
    Quantity,
    Range,
    Reason,
    Telecom,
    Text,
    Unknown,
)
from patientoverblik.formats.cda.constructs import URI_IDS, meant
from patientoverblik.formats.cda.datatypes import (
    AD,
    CD,
    ED,
    II,
    INT,
    IVLPQ,
    PN,
    PQ,
    ST,
    TEL,
    Any,
    Edge,
    Limit,
    Null,
    Time,
)
from patientoverblik.formats.cda.derive.meaning import NULL_FLAVOR
from patientoverblik.formats.cda.derive.moments import read_date, read_time
from patientoverblik.problems import Finding

Notes = list[Finding]
_NO_INFORMATION = Unknown()


def unknown_of(flavor: str) -> Unknown:
    """Why a value is absent; a flavour outside the table means no more than that it is another reason."""
    return Unknown(reason=cast(Reason, NULL_FLAVOR.get(flavor, "other"))) if flavor else _NO_INFORMATION


def identifier_of(wire: II | None) -> Identifier | None:
    """An identifier; none where the record says why it is absent."""
    if wire is None or not (wire.root or wire.extension):
        return None
    if wire.root == URI_IDS and "|" in wire.extension:
        system, _, value = wire.extension.partition("|")
        return Identifier(system=system, value=value, authority=wire.authority)
    return Identifier(system=wire.root, value=wire.extension, authority=wire.authority)


def identifiers_of(wires: tuple[II, ...]) -> tuple[Identifier, ...]:
    """The identifiers that are there."""
    return tuple([found for wire in wires if (found := identifier_of(wire)) is not None]) if wires else ()


@lru_cache(maxsize=16384)
def coding_of(wire: CD | None) -> Coding | None:
    """A single code; none where there is no code, or only a null flavour where the code should stand."""
    if wire is None or not wire.code or (not wire.system and wire.code in NULL_FLAVOR):
        return None
    return Coding(system=wire.system, code=wire.code, display=wire.display, system_name=wire.system_name)


@lru_cache(maxsize=16384)
def concept_of(wire: CD | None) -> Concept | None:
    """A code with its other codes and the author's own words; none where it holds neither."""
    if wire is None:
        return None
    codings = tuple(found for found in map(coding_of, (wire, *wire.translations)) if found is not None)
    text = wire.original_text or ("" if codings else wire.display)
    return Concept(codings=codings, text=text) if codings or text else None


def concept_or_unknown(wire: CD | None) -> Concept | Unknown:
    """A coded meaning, or why it is absent."""
    return concept_of(wire) or unknown_of(wire.null if wire is not None else "")


def value_of(code: CD | None, name: str) -> str | None:
    """The value of one of our constructs, such as ``on-hold`` of ``plan-status.on-hold``; none if it is another's."""
    found = meant(code)
    return found[len(name) + 1 :] if found.startswith(f"{name}.") else None


def stated(code: CD | None, name: str, otherwise: str | None) -> Anything:
    """What a construct states: its value, why it is unknown, or where there is none what the norm's own codes say."""
    if code is None:
        return _NO_INFORMATION if otherwise is None else otherwise
    return value_of(code, name) or unknown_of(code.null or "OTH")


def text_of(wire: ST | None) -> str:
    """The words of a string, empty where there are none."""
    return wire.text if wire is not None else ""


def amount_of(wire: Any | None) -> Amount:
    """A measured or wished value. A bound's inclusiveness and the unit stay as written; nothing is converted."""
    if isinstance(wire, PQ):
        return Quantity(value=wire.value, unit=wire.unit) if wire.value else unknown_of(wire.null)
    if isinstance(wire, IVLPQ):
        return _range_of(wire)
    if isinstance(wire, CD):
        return concept_or_unknown(wire)
    if isinstance(wire, ST | ED):
        return Text(words=wire.text) if wire.text else unknown_of(wire.null)
    if isinstance(wire, INT):
        return Quantity(value=wire.value) if wire.value else unknown_of(wire.null)
    return _unusual(wire)


def moment_of(time: Time | Edge | None, notes: Notes, place: str) -> Moment | None:
    """The moment of a point, or of the beginning of an interval; none where the source has none."""
    found = moment_or_unknown(time, notes, place)
    return found if isinstance(found, Moment) else None


def moment_or_unknown(time: Time | Edge | None, notes: Notes, place: str) -> Moment | Unknown:
    """The moment of a point, or of the beginning of an interval, or why it is absent."""
    if time is None:
        return _NO_INFORMATION
    if time.value:
        moment, code = read_time(time.value)
        if code:
            notes.append(Finding(code, place))
        return moment
    if isinstance(time, Time) and time.low is not None:
        return moment_or_unknown(time.low, notes, place)
    return unknown_of(time.null)


def birth_of(time: Time | None, notes: Notes, place: str) -> Moment | None:
    """A date of birth: the date as written, whatever clock and zone stand behind it."""
    if time is None or not time.value:
        return None
    moment, code = read_date(time.value)
    if code:
        notes.append(Finding(code, place))
    return moment if isinstance(moment, Moment) else None


def period_of(time: Time | None, notes: Notes, place: str, point: Literal["start", "both"] = "start") -> Period | None:
    """A period. A point is its start, or start and end where what it dates takes no time of its own to tell of."""
    if time is None or (time.null and not (time.value or time.low or time.high)):
        return None
    if time.value:
        at = moment_of(time, notes, place)
        return Period(start=at, end=at if point == "both" else None)
    return Period(start=moment_of(time.low, notes, place), end=moment_of(time.high, notes, place))


def name_of(wire: PN | None) -> PersonName | None:
    """A name's parts as written; parts without a place of their own stand in the text."""
    if wire is None or not wire.parts:
        return None
    given, family, prefix = wire.of("given"), wire.of("family"), wire.of("prefix")
    rest = " ".join(p.text for p in wire.parts if p.text and p.kind not in ("given", "family", "prefix"))
    if not (given or family or prefix or rest):
        return None
    return PersonName(prefix=prefix, given=given, family=family, text=rest)


def plain_name_of(wire: PN | None) -> str:
    """A name as one line, in the order it was written."""
    return " ".join(part.text for part in wire.parts if part.text) if wire is not None else ""


def addresses_of(wires: tuple[AD, ...]) -> tuple[Address, ...]:
    """The addresses that hold anything."""
    return tuple([found for found in map(address_of, wires) if found is not None]) if wires else ()


def address_of(wire: AD) -> Address | None:
    """An address as written; none where it only says why it is absent."""
    lines: list[str] = []
    rest: list[str] = []
    kept: dict[str, list[str]] = {"postalCode": [], "city": [], "country": []}
    for part in wire.parts:
        if part.kind in ("", "delimiter"):
            rest.extend([part.text] if any(map(str.isalnum, part.text)) else [])
        elif part.text:
            kept.get(part.kind, lines).append(part.text)
    if not (lines or rest or any(kept.values())):
        return None
    code, city, country = map(" ".join, kept.values())
    return Address(use=wire.use, lines=tuple(lines), postal_code=code, city=city, country=country, text=" ".join(rest))


def telecoms_of(wires: tuple[TEL, ...]) -> tuple[Telecom, ...]:
    """The ways of contact that hold anything."""
    return tuple([Telecom(value=wire.value, use=wire.use) for wire in wires if wire.value]) if wires else ()


def _range_of(wire: IVLPQ) -> Amount:
    unit = wire.unit or next((edge.unit for edge in (wire.low, wire.high) if edge is not None and edge.unit), "")
    low, high = _bound_of(wire.low), _bound_of(wire.high)
    return Range(low=low, high=high, unit=unit) if low or high else unknown_of(wire.null)


def _bound_of(wire: Limit | None) -> Bound | None:
    if wire is None or not wire.value:
        return None
    return Bound(value=wire.value, inclusive=wire.inclusive != "false")


def _unusual(wire: Any | None) -> Amount:
    if wire is None:
        return _NO_INFORMATION
    if isinstance(wire, Null):
        return unknown_of(wire.flavor)
    words = _words_of(wire)
    return Text(words=words) if words else unknown_of(wire.null)


def _words_of(wire: Any) -> str:
    if isinstance(wire, PN | AD):
        return " ".join(part.text for part in wire.parts if part.text)
    if isinstance(wire, II):
        return wire.extension or wire.root
    return str(getattr(wire, "value", ""))
