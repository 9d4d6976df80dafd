"""``derive``: a document's record to what it contributes, by the kind of record it is."""

from patientoverblik.care import Contribution
from patientoverblik.care.rules import check
from patientoverblik.formats.cda.derive.appointment import appointment_of
from patientoverblik.formats.cda.derive.card import card_items_of, card_relatives_of, register_items_of
from patientoverblik.formats.cda.derive.care_plan import care_plan
from patientoverblik.formats.cda.derive.header import facts_of, patient_of, relatives_of
from patientoverblik.formats.cda.derive.measurement import measurements_of
from patientoverblik.formats.cda.derive.values import Notes
from patientoverblik.formats.cda.derive.words import passage_of
from patientoverblik.formats.cda.documents import (
    AppointmentDocument,
    CardDocument,
    CarePlanDocument,
    MeasurementDocument,
    Record,
)
from patientoverblik.problems import Finding


def derive(record: Record, profile: str) -> tuple[Contribution, tuple[Finding, ...]]:
    """What a document contributes, what was odd about how it says it, and what contradicts itself (``care.rules``).

    A finding's place is a path in the record.
    """
    notes: Notes = []
    if isinstance(record, CarePlanDocument):
        found = care_plan(record, profile, notes)
    elif isinstance(record, AppointmentDocument):
        found = _appointment(record, profile, notes)
    elif isinstance(record, CardDocument):
        found = _card(record, profile, notes)
    else:
        found = _measurements(record, profile, notes)
    return found, (*dict.fromkeys(notes), *check(found))


def _appointment(record: AppointmentDocument, profile: str, notes: Notes) -> Contribution:
    visits = record.visit.items if record.visit is not None else ()
    section = record.visit.title if record.visit is not None else ""
    passages = (passage_of(other, "", (), f"others[{at}]") for at, other in enumerate(record.others))
    return Contribution(
        document=facts_of(record, profile, notes),
        patient=patient_of(record.patient, notes),
        appointments=tuple(
            appointment_of(visit, record, section, notes, f"visit.items[{at}]") for at, visit in enumerate(visits)
        ),
        relatives=relatives_of(record),
        passages=tuple(each for each in passages if each is not None),
    )


def _card(record: CardDocument, profile: str, notes: Notes) -> Contribution:
    typed = tuple((section, f"sections[{at}]") for at, section in enumerate(record.sections))
    items = (item for section, place in typed for item in card_items_of(section, notes, place))
    relatives = (each for section, place in typed for each in card_relatives_of(section, notes, place))
    header = relatives_of(record)[: len(record.relatives)]
    return Contribution(
        document=facts_of(record, profile, notes),
        patient=patient_of(record.patient, notes),
        card=(*register_items_of(record.patient), *items),
        relatives=(*header, *relatives),
    )


def _measurements(record: MeasurementDocument, profile: str, notes: Notes) -> Contribution:
    sections = tuple((section, f"sections[{at}]") for at, section in enumerate(record.sections))
    passages = (passage_of(section, "", (), place) for section, place in sections if not section.sets)
    return Contribution(
        document=facts_of(record, profile, notes),
        patient=patient_of(record.patient, notes),
        measurements=tuple(found for section, place in sections for found in measurements_of(section, notes, place)),
        relatives=relatives_of(record),
        passages=tuple(each for each in passages if each is not None),
    )
