"""Kinds of value that are quantities and ranges: the source's own digits, its unit, and whether a bound is inside."""

from typing import Any

from patientoverblik.care import Bound, Quantity, Range
from patientoverblik.formats.fhir.engine.kinds import Kind, Wire, digits_of, exact_of, exactly, number_of
from patientoverblik.formats.fhir.engine.tables import extensions
from patientoverblik.formats.fhir.engine.walk import ABSENT, DIFFERS, NOT_THE_TYPE, Walk, Way

UCUM = "http://unitsofmeasure.org"
EXCLUSIVE = extensions()["exclusive"].url
_COMPARED = {"<": ("high", False), "<=": ("high", True), ">": ("low", False), ">=": ("low", True)}


def read_quantity(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
    """A Quantity; one with a comparator is a range with that one bound, never the number alone."""
    digits = _digits(value) if isinstance(value, dict) else None
    if digits is None:
        walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT
    compared = _COMPARED.get(value.get("comparator", ""))
    if compared is None and "comparator" in value:
        walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT
    unit = _books(value, way, walk, (*_number_keys(value), "comparator"))
    if compared is None:
        return Quantity(value=digits, unit=unit)
    end, inclusive = compared
    return Range(**{end: Bound(value=digits, inclusive=inclusive)}, unit=unit)


def write_quantity(value: Quantity, _pen: Any) -> Wire:
    """A Quantity with the digits and the unit as they are."""
    return _with_unit(_number(value.value), value.unit), None


def read_range(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
    """A Range whose ends are of one unit."""
    ends = _ends(value)
    found = {key: _digits(one) for key, one in ends.items()}
    units = {_unit(one) for one in ends.values()}
    if not found or None in found.values() or len(units) > 1 or any("comparator" in one for one in ends.values()):
        walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT
    bounds = {key: _bound(ends[key], digits or "", (way, key, -1), walk) for key, digits in found.items()}
    if rest := {key: one for key, one in value.items() if key not in found}:
        walk.lose(rest, way)
    return Range(low=bounds.get("low"), high=bounds.get("high"), unit=units.pop())


def write_range(value: Range, _pen: Any) -> Wire:
    """A Range; a bound that is not inside says so."""
    ends = {"low": value.low, "high": value.high}
    return {key: _wire_bound(one, value.unit) for key, one in ends.items() if one is not None}, None


QUANTITY = Kind(read_quantity, write_quantity, (Quantity,))
RANGE = Kind(read_range, write_range, (Range,))


def _ends(value: Any) -> dict[str, dict[str, Any]]:
    """The ends of a range that are there."""
    ends = {key: value.get(key) for key in ("low", "high")} if isinstance(value, dict) else {}
    return {key: one for key, one in ends.items() if isinstance(one, dict)}


def _digits(value: dict[str, Any]) -> str | None:
    if "value" in value:
        return digits_of(value["value"])
    return exact_of(value.get("_value")) or None


def _number_keys(value: dict[str, Any]) -> tuple[str, ...]:
    """Where the number stands: in the value, or beside it where no JSON number is written so."""
    return ("value",) if "value" in value else ("_value",)


def _unit(value: dict[str, Any]) -> str:
    for key in ("unit", "code"):
        if isinstance(value.get(key), str):
            return str(value[key])
    return ""


def _books(value: dict[str, Any], way: Way, walk: Walk, known: tuple[str, ...]) -> str:
    """The unit as written; a code that says something else than the unit is told, for either could be meant."""
    unit = _unit(value)
    for key, inner in value.items():
        if key in known or (key == "unit" and inner == unit):
            walk.take(inner)
        elif key == "code" and isinstance(inner, str):
            walk.take(inner) if inner == unit else walk.lose(inner, (way, key, -1), DIFFERS)
        elif key == "system" and inner == UCUM:
            walk.hold(inner)
        else:
            walk.lose(inner, (way, key, -1))
    return unit


def _bound(value: dict[str, Any], digits: str, way: Way, walk: Walk) -> Bound:
    outside = value.get("extension") == [{"url": EXCLUSIVE, "valueBoolean": True}]
    known = _number_keys(value)
    _books(value, way, walk, (*known, "extension") if outside else known)
    return Bound(value=digits, inclusive=not outside)


def _number(digits: str) -> dict[str, Any]:
    number = number_of(digits)
    return {"value": number} if number is not None else {"_value": exactly(digits)}


def _with_unit(wire: dict[str, Any], unit: str) -> dict[str, Any]:
    return {**wire, "unit": unit} if unit else wire


def _wire_bound(bound: Bound, unit: str) -> dict[str, Any]:
    outside = {} if bound.inclusive else {"extension": [{"url": EXCLUSIVE, "valueBoolean": True}]}
    return {**outside, **_with_unit(_number(bound.value), unit)}
