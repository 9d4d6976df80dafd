"""Measurements as results of a care plan (CPD-DK, section 11383-7)."""

from patientoverblik.care import Measurement
from patientoverblik.formats.cda.compose.party import wire_authors
from patientoverblik.formats.cda.compose.values import (
    wire_amount,
    wire_coding,
    wire_concept_or_null,
    wire_ids,
    wire_moment,
    wire_text,
)
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.formats.cda.derive.measurement import measured_by
from patientoverblik.formats.cda.record import Outcome


def wire_measurement(of: Measurement) -> Outcome:
    """A result as it is written."""
    return Outcome(
        ids=wire_ids(of.ids),
        code=wire_concept_or_null(of.code),
        words=of.words,
        status=of.status,
        time=wire_moment(of.time),
        value=wire_amount(of.amount),
        methods=_methods(of),
        authors=wire_authors(of.documented_by),
        note=wire_text(of.note),
    )


def _methods(of: Measurement) -> tuple[CD, ...]:
    """The methods as written; who measured is added, and stands first, where they do not say it."""
    methods = tuple(found for found in map(wire_coding, of.method) if found is not None)
    if measured_by(methods) == of.measured_by or of.measured_by == "unknown":
        return methods
    return (coded(f"measured-by.{of.measured_by}"), *methods)
