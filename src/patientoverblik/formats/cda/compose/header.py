"""The header of a document that is written (DK CDA Header)."""

import msgspec

from patientoverblik.care import Contribution, DocumentFacts, Participation, Patient, Plan
from patientoverblik.care.systems import SKS
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.compose.party import (
    wire_authors,
    wire_custodian,
    wire_organisation,
    wire_participation,
    wire_participations,
    wire_recipient,
    wire_relative,
)
from patientoverblik.formats.cda.compose.values import (
    NO_INFORMATION,
    wire_addresses,
    wire_coding,
    wire_id,
    wire_ids,
    wire_interval,
    wire_moment,
    wire_name,
    wire_telecoms,
)
from patientoverblik.formats.cda.datatypes import CD, II, Time
from patientoverblik.formats.cda.documents import Document

CARE_PLAN = CD(
    code="81215-6",
    system="2.16.840.1.113883.6.1",
    system_name="LOINC",
    display="Care plan - recommended C-CDA R2.0 & R2.1 sections",
)
APPOINTMENT = CD(
    code="39289-4",
    system="2.16.840.1.113883.6.1",
    system_name="LOINC",
    display="Dato og tidspunkt for møde mellem patient og sundhedsperson",
)
_NORMAL = CD(code="N", system="2.16.840.1.113883.5.25")
SIGNED = CD(code="S")
_NO_LABEL = CD(null=NO_INFORMATION, system=SKS, system_name="Sundhedsvæsenets Klassifikations System")
_GENDER = "2.16.840.1.113883.5.1"


def header_of(contribution: Contribution, code: CD, title: str) -> Document:
    """What every document has, with the relatives that the header has room for; code and title are the profile's."""
    facts = contribution.document
    return Document(
        id=wire_id(facts.id) or II(),
        code=code,
        title=title,
        effective=wire_moment(facts.created),
        confidentiality=wire_coding(facts.confidentiality) or _NORMAL,
        language=facts.language or "da-DK",
        series=wire_id(facts.series),
        version="" if facts.version is None else str(facts.version),
        patient=_patient(contribution.patient),
        authors=wire_authors(facts.authors),
        relatives=tuple(map(wire_relative, contribution.relatives)) if in_header(contribution) else (),
        custodian=wire_custodian(facts.custodian),
        recipients=tuple(map(wire_recipient, facts.recipients)),
        legal_authenticator=_authenticator(facts.legal_authenticator),
        period=None if facts.period is None else record.ServiceEvent(time=wire_interval(facts.period)),
        episode=_episode(facts),
        related=tuple(record.RelatedDocument(kind="RPLC", ids=(each,)) for each in wire_ids(facts.replaces)),
    )


def in_header(contribution: Contribution) -> bool:
    """Whether the header has room for all that is told of the relatives; it has none for notes and who wrote them."""
    return not any(each.note or each.entered for each in contribution.relatives)


def team_event(participants: tuple[Participation, ...]) -> tuple[record.ServiceEvent, ...]:
    """Who takes part in the plan."""
    if not participants:
        return ()
    return (record.ServiceEvent(performers=wire_participations(participants, "performer")),)


def consents_of(plan: Plan) -> tuple[record.Consent, ...]:
    """The consent a plan names; the norm knows no consent that is not completed."""
    if plan.consent is None and not plan.consent_status:
        return ()
    return (record.Consent(code=wire_coding(plan.consent), status=plan.consent_status or "completed"),)


def _patient(of: Patient) -> record.Patient:
    return record.Patient(
        ids=wire_ids(of.ids),
        addresses=wire_addresses(of.addresses),
        telecoms=wire_telecoms(of.telecoms),
        name=wire_name(of.name),
        gender=CD(code=of.gender, system=_GENDER) if of.gender else None,
        birth=wire_moment(of.birth),
        provider=wire_organisation(of.general_practice),
    )


def _episode(facts: DocumentFacts) -> record.ServiceEvent | None:
    """The course of care the document belongs to; a plan's own statement has room for more labels."""
    if not (facts.labels or facts.episodes):
        return None
    label = wire_coding(facts.labels[0]) if facts.labels else _NO_LABEL
    return record.ServiceEvent(code=label, ids=wire_ids(facts.episodes))


def _authenticator(of: Participation | None) -> record.Party | None:
    if of is None:
        return None
    party = wire_participation(of, "responsible")
    return msgspec.structs.replace(party, signature=SIGNED, time=party.time or Time(null=NO_INFORMATION))
