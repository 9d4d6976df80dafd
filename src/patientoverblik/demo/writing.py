"""Short ways to write what the demo's parties say, as care values."""

from patientoverblik.care import (
    Amount,
    Bound,
    Coding,
    Concept,
    Identifier,
    Measurement,
    Moment,
    Participation,
    Party,
    Period,
    PersonName,
    Quantity,
    Range,
    Role,
    Target,
    parse_moment,
)
from patientoverblik.care.systems import SKS
from patientoverblik.demo.organisations import organisation

ICPC = "1.2.208.176.2.31"
NPU = "1.2.208.176.2.1"
MCS = "1.2.208.184.100.8"
FSIII = "1.2.208.176.2.21"
SYSTEM_NAMES = {
    ICPC: "ICPC-2-DK",
    SKS: "Sundhedsvæsenets Klassifikations System",
    NPU: "NPU terminologien",
    MCS: "MedCom Analysis Codes",
    FSIII: "FSIII",
}


def at(text: str) -> Moment:
    """A moment from ISO 8601."""
    return parse_moment(text)


def between(start: str, end: str = "") -> Period:
    """A period from ISO 8601 texts; no end is open."""
    return Period(start=at(start) if start else None, end=at(end) if end else None)


def coding(system: str, code: str, display: str = "") -> Coding:
    """One code of a system the demo uses."""
    return Coding(system=system, code=code, display=display, system_name=SYSTEM_NAMES.get(system, ""))


def concept(*codings: Coding) -> Concept:
    """Codes that say the same."""
    return Concept(codings=codings)


def quantity(value: str, unit: str = "") -> Quantity:
    """A measured amount in its author's digits."""
    return Quantity(value=value, unit=unit)


def below(value: str, unit: str) -> Range:
    """Less than a value, which itself is outside."""
    return Range(high=Bound(value=value, inclusive=False), unit=unit)


def within(low: str, high: str, unit: str) -> Range:
    """From a low to a high value, both inside; an empty text is an open end."""
    return Range(low=Bound(value=low) if low else None, high=Bound(value=high) if high else None, unit=unit)


def target(measure: Coding, amount: Amount, due: str = "") -> Target:
    """A goal's measurable target."""
    return Target(measure=concept(measure), amount=amount, due=at(due) if due else None)


def person(given: str, family: str, *, profession: Coding | None = None, of: str) -> Party:
    """A professional of one of the demo's organisations, identified by the organisation (DK CDA Header)."""
    place = organisation(of)
    return Party(
        kind="professional",
        ids=place.ids,
        name=PersonName(given=(given,), family=(family,)),
        profession=profession,
        organisation=place,
    )


def unit(key: str) -> Party:
    """One of the demo's organisations as a party, with no person named."""
    place = organisation(key)
    return Party(
        kind="organisation", ids=place.ids, organisation=place, addresses=place.addresses, telecoms=place.telecoms
    )


def part(role: Role, party: Party, *, time: str = "", period: Period | None = None) -> Participation:
    """The part a party plays."""
    return Participation(role=role, party=party, time=at(time) if time else None, period=period)


def measurement(identifier: Identifier, code: Coding, amount: Amount, time: str, group: str = "") -> Measurement:
    """One finished measurement by a professional."""
    return Measurement(
        ids=(identifier,),
        code=concept(code),
        amount=amount,
        time=at(time),
        status="completed",
        group=group or code.display,
    )
