"""Appointments as they are written (APD-DK 2.0.1)."""

from patientoverblik.care import Appointment, Contribution, Identifier, Period, Place, Unknown
from patientoverblik.care.systems import CPR
from patientoverblik.formats.cda.compose.party import wire_authors, wire_participations
from patientoverblik.formats.cda.compose.values import (
    flavor,
    wire_addresses,
    wire_concept,
    wire_id,
    wire_ids,
    wire_interval,
    wire_plain_name,
    wire_telecoms,
    wire_text,
)
from patientoverblik.formats.cda.datatypes import CD, Time
from patientoverblik.formats.cda.derive.meaning import APPOINTMENT_STATUS, writing
from patientoverblik.formats.cda.documents import Precondition, Visit, VisitSection
from patientoverblik.formats.cda.record import Party, ServiceEvent
from patientoverblik.formats.cda.record import Place as WirePlace

_SECTORS = writing("appointment_sector")
_STATUS = {value: code for code, value in reversed(APPOINTMENT_STATUS.items())}
_MEDCOM, _MEDCOM_NAME = _SECTORS["region"].system, _SECTORS["region"].system_name
_SECTION = CD(code="18776-5", system="2.16.840.1.113883.6.1", system_name="LOINC")
_GUIDING = CD(code="GuidedIntervalType", system=_MEDCOM, system_name=_MEDCOM_NAME)
_REPEATING = CD(code="RepeatingDocumentType", system=_MEDCOM, system_name=_MEDCOM_NAME)


def appointment_title(contribution: Contribution) -> str:
    """The title the norm wants (CONF-DK-APD 9ac6); a patient without a CPR number keeps the title given."""
    cpr = next((each.value for each in contribution.patient.ids if each.system == CPR), "")
    return f"Aftale for {cpr}" if cpr else contribution.document.title


def authors_of(contribution: Contribution) -> tuple[Party, ...]:
    """The document's authors, and those who asked for the appointments where they are not among them."""
    authors = contribution.document.authors
    asked = (each.requester for each in contribution.appointments if each.requester is not None)
    return wire_authors((*authors, *(one for one in asked if one not in authors)))


def visit_section(appointments: tuple[Appointment, ...]) -> VisitSection:
    """The section Aftale."""
    title = next((each.section for each in appointments if each.section), "Aftale")
    return VisitSection(code=_SECTION, title=title, items=tuple(map(_visit, appointments)))


def interval_event(appointments: tuple[Appointment, ...]) -> ServiceEvent | None:
    """The header's interval: the norm wants it equal to the visit's."""
    return ServiceEvent(time=_time(appointments[0].period)) if appointments else None


def _visit(of: Appointment) -> Visit:
    place = of.place_of
    return Visit(
        ids=wire_ids(of.ids),
        code=_SECTORS.get(of.sector),
        words=of.words,
        status=_STATUS.get(of.status, "") if isinstance(of.status, str) else "",
        time=_time(of.period),
        performers=wire_participations(of.performers, "performer"),
        location=None if place is None or place.at_home else _place(place),
        home=_place(place) if place is not None and place.at_home else None,
        reason=wire_concept(of.reason),
        guiding=Precondition(code=_GUIDING, words="Tidspunktet er vejledende") if of.guiding_time else None,
        series=_series(of.series),
        interventions=wire_ids(of.interventions),
        note=wire_text(of.note),
    )


def _time(of: Period | Unknown) -> Time:
    return Time(null=flavor(of)) if isinstance(of, Unknown) else wire_interval(of)


def _place(of: Place) -> WirePlace:
    return WirePlace(
        ids=wire_ids(of.ids),
        name=wire_plain_name(of.name),
        telecoms=wire_telecoms(of.telecoms),
        addresses=wire_addresses(of.addresses),
    )


def _series(of: Identifier | None) -> Precondition | None:
    return None if of is None else Precondition(code=_REPEATING, value=wire_id(of))
