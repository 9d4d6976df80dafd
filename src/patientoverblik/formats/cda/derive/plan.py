"""Plans: one party's plan, from the header, the sections' codes and the plan's own statement (CPD-DK)."""

from collections.abc import Iterator
from typing import cast

from patientoverblik.care import (
    Commitment,
    Organisation,
    Participation,
    Period,
    Plan,
    PlanKind,
    Responsibility,
    Unknown,
)
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.formats.cda.derive.header import period_told
from patientoverblik.formats.cda.derive.meaning import KEEPERS, PLAN_KIND_OF_CONSENT, PLAN_KIND_OF_GROUP
from patientoverblik.formats.cda.derive.party import (
    contact_point_of,
    organisation_of,
    participation_of,
    participations_of,
    party_of,
)
from patientoverblik.formats.cda.derive.profiles import Nature
from patientoverblik.formats.cda.derive.values import (
    Notes,
    coding_of,
    identifiers_of,
    moment_of,
    period_of,
    stated,
    text_of,
    value_of,
)
from patientoverblik.formats.cda.documents import CarePlanDocument, Document, Heading
from patientoverblik.formats.cda.record import PlanStatement, ResponsibilityStatement


def plan_of(document: CarePlanDocument, nature: Nature, notes: Notes) -> Plan:
    """The plan a document carries."""
    said = document.management.plan if document.management is not None else None
    plan = said or PlanStatement()
    place = "management.plan" if said is not None else "title"
    consent = document.consents[0] if document.consents else None
    return Plan(
        place=place,
        ids=identifiers_of(plan.ids if said is not None or document.series is None else (document.series,)),
        words=plan.words,
        documented_by=participations_of(plan.authors, "author", notes, f"{place}.authors"),
        note=text_of(plan.note),
        kind=cast(PlanKind, value_of(plan.kind, "plan-kind") or implied_kind(document, nature)),
        title=document.title,
        status=stated(plan.status, "plan-status", None),
        period=period_told(document, notes),
        review=moment_of(plan.review, notes, f"{place}.review"),
        responsible=responsible_of(document),
        labels=tuple(found for found in map(coding_of, _labels(document, plan)) if found is not None),
        participants=tuple(_participants(document, notes)),
        responsibilities=tuple(_responsibilities(document, notes)),
        consent=coding_of(consent.code) if consent is not None else None,
        consent_status=consent.status if consent is not None else "",
    )


def implied_kind(document: CarePlanDocument, nature: Nature) -> str:
    """The kind of plan by its profile, by the consent it names, or by the codes of its sub-sections; else other."""
    if nature.plan_kind:
        return nature.plan_kind
    for consent in document.consents:
        if consent.code is not None and consent.code.code in PLAN_KIND_OF_CONSENT:
            return PLAN_KIND_OF_CONSENT[consent.code.code]
    codes = (group.code.code for group in _groups(document) if group.code is not None)
    return next((PLAN_KIND_OF_GROUP[code] for code in codes if code in PLAN_KIND_OF_GROUP), "other")


def responsible_of(document: Document) -> Organisation | Unknown:
    """Whose plan it is: the custodian's, or where that only keeps documents for others the author's organisation."""
    custodian = organisation_of(document.custodian)
    if custodian is None or not KEEPERS.isdisjoint(each.value for each in custodian.ids):
        author = document.authors[0].organisation if document.authors else None
        return organisation_of(author) or custodian or Unknown()
    return custodian


def _labels(document: CarePlanDocument, plan: PlanStatement) -> tuple[CD | None, ...]:
    episode = document.episode.code if document.episode is not None else None
    return (episode, *plan.labels)


def _participants(document: CarePlanDocument, notes: Notes) -> Iterator[Participation]:
    for at, service in enumerate(document.services):
        yield from participations_of(service.performers, "performer", notes, f"services[{at}].performers")
    for at, participant in enumerate(document.participants):
        yield contact_point_of(participant, notes, f"participants[{at}]")
    yield from participations_of(document.informants, "informant", notes, "informants")
    if document.data_enterer is not None:
        yield participation_of(document.data_enterer, "documenter", notes, "data_enterer")


def _responsibilities(document: CarePlanDocument, notes: Notes) -> Iterator[Responsibility]:
    if document.management is not None:
        for at, each in enumerate(document.management.responsibilities):
            yield _responsibility(each, notes, f"management.responsibilities[{at}]")


def _responsibility(wire: ResponsibilityStatement, notes: Notes, place: str) -> Responsibility:
    party = party_of(wire.performers[0]) if wire.performers else None
    organisation = party.organisation if party is not None else None
    alone = party is None or not (party.name or party.ids or party.code or party.profession)
    return Responsibility(
        place=place,
        organisation=organisation or Organisation(),
        party=None if alone else party,
        period=period_of(wire.time, notes, f"{place}.time") or Period(),
        commitment=cast(Commitment | Unknown, stated(wire.commitment, "commitment", None)),
        covers=identifiers_of(wire.covers),
        words=wire.words,
    )


def _groups(document: CarePlanDocument) -> Iterator[Heading]:
    for section in (document.concerns, document.goals, document.interventions):
        if section is not None:
            yield from section.groups
