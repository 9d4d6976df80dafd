"""Measurements: results of a care plan (CPD-DK, section 11383-7) and reports of measurements (PHMR-DK)."""

from collections.abc import Iterable, Iterator
from typing import cast

from patientoverblik.care import Amount, Coding, MeasuredBy, Measurement
from patientoverblik.formats.cda.datatypes import CD, Time
from patientoverblik.formats.cda.derive.meaning import MEASURED_BY
from patientoverblik.formats.cda.derive.party import participations_of
from patientoverblik.formats.cda.derive.values import (
    Notes,
    amount_of,
    coding_of,
    concept_or_unknown,
    identifiers_of,
    moment_or_unknown,
    text_of,
    value_of,
)
from patientoverblik.formats.cda.derive.words import joined
from patientoverblik.formats.cda.documents import MeasuredValue, MeasurementSection, MeasurementSet
from patientoverblik.formats.cda.record import Outcome

WITHDRAWN = "nullified"


def measurement_of(wire: Outcome, group: str, section: str, notes: Notes, place: str) -> Measurement:
    """A result of a care plan; ``group`` is the title of its sub-section."""
    return Measurement(
        place=place,
        ids=identifiers_of(wire.ids),
        words=wire.words,
        section=section,
        documented_by=participations_of(wire.authors, "author", notes, f"{place}.authors") if wire.authors else (),
        note=text_of(wire.note),
        code=concept_or_unknown(wire.code),
        amount=amount_of(wire.value),
        time=moment_or_unknown(wire.time, notes, place),
        measured_by=measured_by(wire.methods),
        status=wire.status,
        group=group,
        method=methods_of(wire.methods),
    )


def measurements_of(section: MeasurementSection, notes: Notes, place: str) -> Iterator[Measurement]:
    """The measured values of a section, each with the time and author of its set where it has none of its own."""
    for at, each in enumerate(section.sets):
        for number, value in enumerate(each.values):
            yield _measured(value, each, section.title, notes, f"{place}.sets[{at}].values[{number}]")


def measured_by(methods: Iterable[CD]) -> MeasuredBy:
    """Who measured, by the method's code; unknown where no code tells."""
    for code in methods:
        found = value_of(code, "measured-by") or MEASURED_BY.get(code.code)
        if found:
            return cast(MeasuredBy, found)
    return "unknown"


def methods_of(methods: tuple[CD, ...]) -> tuple[Coding, ...]:
    """How it was measured and transferred, but for our own word for who measured."""
    if not methods:
        return ()
    found = (coding_of(code) for code in methods if value_of(code, "measured-by") is None)
    return tuple(code for code in found if code is not None)


def _measured(wire: MeasuredValue, of: MeasurementSet, section: str, notes: Notes, place: str) -> Measurement:
    return Measurement(
        place=place,
        ids=identifiers_of(wire.ids),
        words=wire.words,
        section=section,
        documented_by=participations_of(wire.authors or of.authors, "author", notes, f"{place}.authors"),
        note=joined(*(each.words for each in wire.comments)),
        code=concept_or_unknown(wire.code),
        amount=_amount(wire),
        time=moment_or_unknown(_time(wire, of), notes, place),
        measured_by=measured_by(wire.methods),
        status=_status(wire, of),
        group=section,
        method=methods_of(wire.methods),
    )


def _time(wire: MeasuredValue, of: MeasurementSet) -> Time | None:
    own = wire.time
    return own if own is not None and (own.value or own.low) else of.time


def _status(wire: MeasuredValue, of: MeasurementSet) -> str:
    """The value's own status, but for a set that was withdrawn: then so was every value in it."""
    return of.status if of.status == WITHDRAWN else wire.status or of.status


def _amount(wire: MeasuredValue) -> Amount:
    return amount_of(wire.values[0] if wire.values else None)
