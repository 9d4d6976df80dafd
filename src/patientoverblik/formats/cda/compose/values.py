"""Small values: the domain's values to HL7 v3 data types, the way back of ``derive.values``."""

from typing import Literal, assert_never

from patientoverblik.care import (
    Address,
    Amount,
    Coding,
    Concept,
    Identifier,
    Moment,
    Period,
    PersonName,
    Quantity,
    Range,
    Telecom,
    Text,
    Unknown,
)
from patientoverblik.care.values import Bound
from patientoverblik.formats.cda.constructs import URI_IDS, coded
from patientoverblik.formats.cda.datatypes import AD, CD, II, IVLPQ, PN, PQ, ST, TEL, Any, Edge, Limit, Piece, Time
from patientoverblik.formats.cda.derive.meaning import NULL_FLAVOR
from patientoverblik.formats.cda.derive.moments import write_time

_FLAVOR = {value: code for code, value in NULL_FLAVOR.items()}
NO_INFORMATION = "NI"


def flavor(of: Unknown) -> str:
    """The null flavour of what is unknown; that a value could not be read concerns one reading, not the care."""
    return _FLAVOR.get(of.reason, NO_INFORMATION)


def wire_id(of: Identifier | None) -> II | None:
    """An identifier as it is written; a URI, which cannot be a root, stands before the value."""
    if of is None:
        return None
    if ":" in of.system:
        return II(root=URI_IDS, extension=f"{of.system}|{of.value}", authority=of.authority)
    return II(root=of.system, extension=of.value, authority=of.authority)


def wire_ids(of: tuple[Identifier, ...]) -> tuple[II, ...]:
    """Identifiers as they are written."""
    return tuple(made for each in of if (made := wire_id(each)) is not None)


def wire_coding(of: Coding | None) -> CD | None:
    """A single code."""
    if of is None:
        return None
    return CD(code=of.code, system=of.system, system_name=of.system_name, display=of.display)


def wire_concept(of: Concept | None) -> CD | None:
    """A coded meaning: its first code, the others beside it, and the author's words; words alone have no code."""
    if of is None:
        return None
    if not of.codings:
        return CD(null="OTH", original_text=of.text)
    first, *others = of.codings
    return CD(
        code=first.code,
        system=first.system,
        system_name=first.system_name,
        display=first.display,
        original_text=of.text,
        translations=tuple(found for found in map(wire_coding, others) if found is not None),
    )


def wire_concept_or_null(of: Concept | Unknown) -> CD:
    """A coded meaning, or why it is absent."""
    if isinstance(of, Unknown):
        return CD(null=flavor(of))
    return wire_concept(of) or CD(null=NO_INFORMATION)


def statement(of: str | Unknown | None, name: str, implied: str | None) -> CD | None:
    """Our construct for a value, where the norm's own codes do not say the same (``implied``)."""
    if isinstance(of, Unknown):
        silent = implied is None and of.reason == "no-information"
        return None if silent else CD(null=flavor(of))
    return None if of is None or of == implied else coded(f"{name}.{of}")


def wire_text(of: str) -> ST | None:
    """A string; nothing where it is empty."""
    return ST(text=of) if of else None


def wire_amount(of: Amount) -> Any:
    """A measured or wished value, digits and unit as they are."""
    if isinstance(of, Quantity):
        return PQ(value=of.value, unit=of.unit)
    if isinstance(of, Range):
        return IVLPQ(low=_limit(of.low, of.unit), high=_limit(of.high, of.unit))
    if isinstance(of, Text):
        return ST(text=of.words)
    if isinstance(of, Concept | Unknown):
        return wire_concept_or_null(of)
    assert_never(of)


def wire_moment(of: Moment | Unknown | None) -> Time | None:
    """A point of time."""
    if of is None:
        return None
    return Time(null=flavor(of)) if isinstance(of, Unknown) else Time(value=write_time(of))


def wire_period(of: Period | None, point: Literal["start", "both"] = "start") -> Time | None:
    """A period; one that ``derive`` would read from a point is written as the point."""
    if of is None:
        return None
    if of.start is not None and of.end == (None if point == "start" else of.start):
        return Time(value=write_time(of.start))
    return wire_interval(of)


def wire_interval(of: Period) -> Time:
    """A period with both ends; an open end is written as such."""
    return Time(low=_edge(of.start), high=_edge(of.end))


def wire_name(of: PersonName | None) -> PN | None:
    """A name: title, given names, family names, and what is not divided."""
    if of is None:
        return None
    parts = [("prefix", of.prefix), ("given", of.given), ("family", of.family), ("", (of.text,))]
    return PN(parts=tuple(Piece(kind=kind, text=text) for kind, texts in parts for text in texts if text))


def wire_plain_name(of: str) -> PN | None:
    """A name of one line."""
    return PN(parts=(Piece(text=of),)) if of else None


def wire_addresses(of: tuple[Address, ...]) -> tuple[AD, ...]:
    """Addresses as they are written."""
    return tuple(map(_address, of))


def wire_telecoms(of: tuple[Telecom, ...]) -> tuple[TEL, ...]:
    """Ways of contact as they are written."""
    return tuple(TEL(value=each.value, use=each.use) for each in of)


def _address(of: Address) -> AD:
    parts = [
        ("streetAddressLine", of.lines),
        ("postalCode", (of.postal_code,)),
        ("city", (of.city,)),
        ("country", (of.country,)),
        ("", (of.text,)),
    ]
    return AD(use=of.use, parts=tuple(Piece(kind=kind, text=text) for kind, texts in parts for text in texts if text))


def _limit(of: Bound | None, unit: str) -> Limit | None:
    return None if of is None else Limit(value=of.value, unit=unit, inclusive="" if of.inclusive else "false")


def _edge(of: Moment | None) -> Edge:
    return Edge(null=NO_INFORMATION) if of is None else Edge(value=write_time(of))
