"""The header: what a document says of itself and of its patient (DK CDA Header)."""

from patientoverblik.care import DocumentFacts, Identifier, Participation, Patient, Period, Relative
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.derive.party import (
    organisation_of,
    participation_of,
    participations_of,
    recipient_of,
    relative_of,
)
from patientoverblik.formats.cda.derive.profiles import nature_of
from patientoverblik.formats.cda.derive.values import (
    Notes,
    addresses_of,
    birth_of,
    coding_of,
    identifier_of,
    identifiers_of,
    moment_or_unknown,
    name_of,
    period_of,
    telecoms_of,
)
from patientoverblik.formats.cda.documents import Document


def facts_of(document: Document, profile: str, notes: Notes) -> DocumentFacts:
    """What the document says of itself."""
    episode = document.episode
    label = coding_of(episode.code) if episode is not None else None
    return DocumentFacts(
        id=identifier_of(document.id) or Identifier(system=""),
        title=document.title,
        created=moment_or_unknown(document.effective, notes, "effective"),
        series=identifier_of(document.series),
        version=int(document.version) if document.version.isdecimal() else None,
        replaces=tuple(one for each in document.related if each.kind == "RPLC" for one in identifiers_of(each.ids)),
        authors=participations_of(document.authors, "author", notes, "authors"),
        custodian=organisation_of(document.custodian),
        recipients=tuple(map(recipient_of, document.recipients)),
        code=coding_of(document.code),
        language=document.language,
        confidentiality=coding_of(document.confidentiality),
        period=period_told(document, []),
        labels=(label,) if label is not None else (),
        episodes=identifiers_of(episode.ids) if episode is not None else (),
        legal_authenticator=_authenticator(document, notes),
        profile=profile,
        example_profile=nature_of(profile).example,
    )


def period_told(document: Document, notes: Notes) -> Period | None:
    """The time a document is about: the period by template, else the first service that has a time."""
    if document.period is not None:
        return period_of(document.period.time, notes, "period.time")
    for at, service in enumerate(document.services):
        if service.time is not None:
            return period_of(service.time, notes, f"services[{at}].time")
    return None


def patient_of(wire: record.Patient, notes: Notes) -> Patient:
    """The patient as the document names them."""
    return Patient(
        ids=identifiers_of(wire.ids),
        name=name_of(wire.name),
        gender=wire.gender.code if wire.gender is not None else "",
        birth=birth_of(wire.birth, notes, "patient.birth"),
        addresses=addresses_of(wire.addresses),
        telecoms=telecoms_of(wire.telecoms),
        general_practice=organisation_of(wire.provider),
    )


def relatives_of(document: Document) -> tuple[Relative, ...]:
    """The relatives and guardians the header names."""
    relatives = (relative_of(each, f"relatives[{at}]") for at, each in enumerate(document.relatives))
    guardians = (relative_of(each, f"patient.guardians[{at}]") for at, each in enumerate(document.patient.guardians))
    return (*relatives, *guardians)


def _authenticator(document: Document, notes: Notes) -> Participation | None:
    if document.legal_authenticator is None:
        return None
    return participation_of(document.legal_authenticator, "responsible", notes, "legal_authenticator")
