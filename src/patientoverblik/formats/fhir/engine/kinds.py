"""Kinds of value that are JSON scalars: texts, numbers, moments, codes with a meaning, and why something is absent.

A kind reads ``(value, sibling, way, walk)``: what the property says and what its ``_property`` says of it (FHIR R4,
JSON representation of primitives), does the books, and gives a value or ``ABSENT``. It writes a value as the pair
again. What R4's own value cannot say exactly stands beside it in an extension of ours (``exact``).
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from patientoverblik.care import Moment, Unknown, parse_moment
from patientoverblik.formats.cda.constructs import CONSTRUCTS, SYSTEM
from patientoverblik.formats.fhir.engine.tables import Meaning, extensions, system_of, url_of
from patientoverblik.formats.fhir.engine.walk import ABSENT, NO_MEANING, NOT_THE_TYPE, Walk, Way

Wire = tuple[Any, Any]
Read = Callable[[Any, Any, Way, Walk], Any]
Write = Callable[[Any, Any], Wire]
EXACT = extensions()["exact"].url
REASON = extensions()["reason"].url
DATA_ABSENT = extensions()["data-absent-reason"].url
OWN = f"urn:oid:{SYSTEM}"
NOTHING: Wire = (None, None)
MOST_INTEGER = 2**31 - 1
"""R4's integers are of 32 bits."""


class Kind(NamedTuple):
    """How a value of some care classes is read and written; ``accepts`` are those classes."""

    read: Read
    write: Write
    accepts: tuple[type, ...]


def _beside(sibling: Any, way: Way, walk: Walk) -> None:
    """What stands beside a value and is not understood."""
    if sibling is not None:
        walk.lose(sibling, (way[0], f"_{way[1]}", way[2]))


def _scalar(of: type, fits: Callable[[Any], bool] = lambda _value: True) -> Read:
    """The reader of a scalar of a type, of which only what fits is one; told as a loss where it is none."""

    def read(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
        _beside(sibling, way, walk)
        if type(value) is of and fits(value):
            walk.read += 1
            return value
        if value is not None:
            walk.lose(value, way, NOT_THE_TYPE)
        return ABSENT

    return read


_read_text = _scalar(str)


def _read_system(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
    exact = exact_of(sibling) if sibling is not None else ""
    if exact and url_of(exact) == value:
        walk.read += 1
        walk.take(sibling)
        return exact
    found = _read_text(value, sibling, way, walk)
    return found if found is ABSENT else system_of(found)


def _write_system(value: str, _pen: Any) -> Wire:
    wire = url_of(value)
    return wire, None if system_of(wire) == system_of(value) else exactly(value)


def _plain(value: Any, _pen: Any) -> Wire:
    return value, None


TEXT = Kind(_read_text, _plain, (str,))
NUMBER = Kind(_scalar(int, lambda value: abs(value) <= MOST_INTEGER), _plain, (int,))
FLAG = Kind(_scalar(bool), _plain, (bool,))
SYSTEM_KIND = Kind(_read_system, _write_system, (str,))


def exactly(text: str, name: str = "valueString") -> dict[str, Any]:
    """The extension that says exactly what a value of R4 can only say roughly."""
    return {"extension": [{"url": EXACT, name: text}]}


def exact_of(sibling: Any, name: str = "valueString") -> str:
    """What such an extension says; empty where that is not all that stands there."""
    match sibling:
        case {"extension": [{"url": url, **rest}]} if url == EXACT and rest.keys() == {name} and len(sibling) == 1:
            return str(rest[name])
    return ""


# Moments (FHIR R4 date, dateTime, instant)

_DATE_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?")


def fhir_time(moment: Moment, type_: str) -> str | None:
    """A moment as a date, dateTime or instant of R4; None where it cannot be one."""
    if type_ == "date":
        return moment.text if moment.is_date else moment.local().date().isoformat()
    if moment.is_date:
        return moment.text if type_ == "dateTime" else None
    return moment.text if _DATE_TIME.fullmatch(moment.text) else moment.local().isoformat(timespec="seconds")


def instant_of(moment: Moment) -> str:
    """A moment as an instant of R4: itself where it is one, else the first that it may mean."""
    text = fhir_time(moment, "instant")
    return text if text is not None else moment.local().isoformat(timespec="seconds")


@cache
def moment(type_: str) -> Kind:
    """The kind of a moment on a date, dateTime or instant."""

    def read(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
        exact = exact_of(sibling)
        found = _moment(exact or value)
        if found is ABSENT or (exact and fhir_time(found, type_) != value):
            if value is not None:
                walk.lose(value, way, NOT_THE_TYPE)
            _beside(sibling, way, walk)
            return _moment(value) if exact else ABSENT
        walk.read += value is not None
        walk.take(sibling) if exact else _beside(sibling, way, walk)
        return found

    def write(value: Moment, _pen: Any) -> Wire:
        wire = fhir_time(value, type_)
        return wire, None if wire == value.text else exactly(value.text)

    return Kind(read, write, (Moment,))


def _moment(text: Any) -> Any:
    try:
        return parse_moment(text) if isinstance(text, str) else ABSENT
    except ValueError:
        return ABSENT


# Codes with a meaning

UNKNOWN_CODE = "?unknown"
"""The value of a code that says that it is not known."""


def _own_code(prefix: str, value: str) -> dict[str, str]:
    name = f"{prefix}.{value}"
    return {"system": OWN, "code": name, "display": CONSTRUCTS[name].display}


def coded(table: Meaning, prefix: str = "", words: frozenset[str] = frozenset()) -> Kind:
    """A code in a Coding whose meaning a table tells, or one of our own under ``prefix`` that is one of ``words``."""
    own = {f"{prefix}.{word}" for word in words} if prefix else set()

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        if not isinstance(value, dict):
            walk.lose(value, way, NOT_THE_TYPE)
            return ABSENT
        return _read_coding(value, way, walk, table, own)

    def write(value: str, _pen: Any) -> Wire:
        row = table.write.get(value)
        if row is None:
            return _own_code(prefix, value), None
        wire = {"system": row.system, "code": row.code, "display": row.display}
        inexact = table.read[row.system, row.code] != value
        return _exact_coding({k: v for k, v in wire.items() if v}, value if inexact else ""), None

    return Kind(read, write, (str,))


def _exact_coding(wire: dict[str, Any], value: str) -> dict[str, Any]:
    return {**exactly(value, "valueCode"), **wire} if value else wire


def _read_coding(value: dict[str, Any], way: Way, walk: Walk, table: Meaning, own: set[str]) -> Any:
    found = _meaning(value, table, own)
    if found is ABSENT:
        walk.lose(value, way, NO_MEANING)
        return ABSENT
    exact = exact_of({"extension": value.get("extension")}, "valueCode")
    if not table.exact(value.get("system", ""), value["code"], exact):
        exact = ""
    for key, inner in value.items():
        if key in ("system", "code") or (key == "extension" and exact):
            walk.take(inner)
        elif key == "display" and isinstance(inner, str):
            walk.quiet += 1
        else:
            walk.lose(inner, (way, key, -1))
    return exact or found


def _meaning(value: dict[str, Any], table: Meaning, own: set[str]) -> Any:
    system, code = value.get("system", ""), value.get("code", "")
    if not (isinstance(system, str) and isinstance(code, str)):
        return ABSENT
    if system == OWN:
        return code.partition(".")[2] if code in own and code in CONSTRUCTS else ABSENT
    return table.read.get((system, code.replace("_", "-")), ABSENT)


def concept_coded(table: Meaning, prefix: str = "", words: frozenset[str] = frozenset()) -> Kind:
    """A code in a CodeableConcept: the first coding that has a meaning is read."""
    inner = coded(table, prefix, words)

    def read(value: Any, _sibling: Any, way: Way, walk: Walk) -> Any:
        codings = value.get("coding") if isinstance(value, dict) else None
        if not isinstance(codings, list):
            walk.lose(value, way, NO_MEANING)
            return ABSENT
        found: Any = ABSENT
        for number, coding in enumerate(codings):
            at = ((way), "coding", number)
            if found is ABSENT:
                found = inner.read(coding, None, at, walk)
            else:
                walk.lose(coding, at)
        if len(value) > 1:
            walk.lose({key: one for key, one in value.items() if key != "coding"}, way)
        return found

    def write(value: str, pen: Any) -> Wire:
        return {"coding": [inner.write(value, pen)[0]]}, None

    return Kind(read, write, (str,))


def simple_coded(table: Meaning) -> Kind:
    """A code that is a string of its own; several values may share one, and say exactly which beside it."""

    def read(value: Any, sibling: Any, way: Way, walk: Walk) -> Any:
        found = table.read.get(("", value), ABSENT) if isinstance(value, str) else ABSENT
        exact = exact_of(sibling, "valueCode")
        if found is ABSENT:
            if value is not None:
                walk.lose(value, way, NO_MEANING)
            _beside(sibling, way, walk)
            return ABSENT
        walk.read += 1
        if table.exact("", value, exact):
            walk.take(sibling)
            return exact
        _beside(sibling, way, walk)
        return found

    def write(value: str, _pen: Any) -> Wire:
        wire = table.write[value].code
        return wire, None if table.read["", wire] == value else exactly(value, "valueCode")

    return Kind(read, write, (str,))


# Why something is absent (HL7 data-absent-reason; ours where that is coarser)

REASONS = {
    "no-information": "unknown",
    "not-applicable": "not-applicable",
    "unknown": "unknown",
    "masked": "masked",
    "asked-unknown": "asked-unknown",
    "not-asked": "not-asked",
    "other": "unsupported",
    "not-readable": "error",
}
_MEANT = {code: reason for reason, code in REASONS.items()}


def absence(unknown: Unknown) -> list[dict[str, str]]:
    """The extensions that say why a value is absent."""
    code = REASONS[unknown.reason]
    found = [{"url": DATA_ABSENT, "valueCode": code}]
    return found if _MEANT[code] == unknown.reason else [*found, {"url": REASON, "valueCode": unknown.reason}]


def absent_of(extension: Any) -> Unknown | None:
    """Why a value is absent, where that is all the extensions say."""
    match extension:
        case [{"url": url, "valueCode": str(code), **more}] if url == DATA_ABSENT and not more:
            reason = _MEANT.get(code)
        case [{"url": url, "valueCode": str(code), **more}, {"url": own, "valueCode": str(reason), **most}] if (
            url == DATA_ABSENT and own == REASON and not more and not most and REASONS.get(reason) == code
        ):
            pass
        case _:
            return None
    return Unknown(reason=reason) if reason else None  # type: ignore[arg-type]


def digits_of(value: Any) -> str | None:
    """A JSON number's digits as written; None where it is no number."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.as_tuple().exponent in _PLAIN else str(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


_PLAIN = range(-60, 1)


def number_of(digits: str) -> Decimal | int | None:
    """Digits as a JSON number that is written just so; None where that cannot be."""
    if not re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", digits):
        return None
    return Decimal(digits) if "." in digits else int(digits)
