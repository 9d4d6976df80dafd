"""Appointments (APD-DK): when, where, with whom, at whose request, and whether the time is a guide."""

from typing import cast

from patientoverblik.care import (
    Appointment,
    AppointmentSector,
    AppointmentStatus,
    Identifier,
    Organisation,
    Participation,
    Place,
    Unknown,
)
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.datatypes import II
from patientoverblik.formats.cda.derive.meaning import APPOINTMENT_SECTOR, APPOINTMENT_STATUS
from patientoverblik.formats.cda.derive.party import organisation_of, participation_of, participations_of, role_of
from patientoverblik.formats.cda.derive.results import compare_clocks
from patientoverblik.formats.cda.derive.values import (
    Notes,
    addresses_of,
    concept_of,
    identifier_of,
    identifiers_of,
    period_of,
    plain_name_of,
    telecoms_of,
    text_of,
)
from patientoverblik.formats.cda.derive.words import unknown_status
from patientoverblik.formats.cda.documents import AppointmentDocument, Precondition, Visit


def appointment_of(visit: Visit, document: AppointmentDocument, section: str, notes: Notes, place: str) -> Appointment:
    """The appointment of a document."""
    period = period_of(visit.time, notes, f"{place}.time", "both")
    if document.visit is not None:
        compare_clocks(period, document.visit.text, notes, place)
    return Appointment(
        place=place,
        ids=identifiers_of(visit.ids),
        words=visit.words,
        section=section,
        note=text_of(visit.note),
        status=_status(visit, notes, place),
        sector=_sector(visit),
        period=period or Unknown(),
        reason=concept_of(visit.reason),
        place_of=_place(visit),
        performers=participations_of(visit.performers, "performer", notes, f"{place}.performers"),
        requester=_requester(visit, document, notes, place),
        guiding_time=visit.guiding is not None,
        series=_series(visit.series),
        episodes=identifiers_of(document.episode.ids) if document.episode is not None else (),
        interventions=identifiers_of(visit.interventions),
        responsible=_responsible(document),
    )


def is_requester(party: record.Party) -> bool:
    """Whether an author only asked for the appointment."""
    return role_of(party, "author") == "requester"


def _status(visit: Visit, notes: Notes, place: str) -> AppointmentStatus | Unknown:
    found = APPOINTMENT_STATUS.get(visit.status)
    if found is None:
        unknown_status(visit.status, notes, place)
    return cast(AppointmentStatus, found) if found else Unknown()


def _sector(visit: Visit) -> AppointmentSector:
    code = visit.code.code if visit.code is not None else ""
    return cast(AppointmentSector, APPOINTMENT_SECTOR.get(code, "other"))


def _place(visit: Visit) -> Place | None:
    found = visit.location or visit.home or visit.destination
    if found is None:
        return None
    return Place(
        ids=identifiers_of(found.ids),
        name=plain_name_of(found.name),
        addresses=addresses_of(found.addresses),
        telecoms=telecoms_of(found.telecoms),
        at_home=visit.location is None and visit.home is not None,
    )


def _requester(visit: Visit, document: AppointmentDocument, notes: Notes, place: str) -> Participation | None:
    for at, author in enumerate(document.authors):
        if is_requester(author):
            return participation_of(author, "requester", notes, f"authors[{at}]")
    if visit.authors:
        return participation_of(visit.authors[0], "requester", notes, f"{place}.authors[0]")
    return None


def _responsible(document: AppointmentDocument) -> Organisation | None:
    first = next((each for each in document.authors if not is_requester(each)), None)
    return organisation_of(first.organisation) if first is not None else None


def _series(wire: Precondition | None) -> Identifier | None:
    return identifier_of(wire.value) if wire is not None and isinstance(wire.value, II) else None
