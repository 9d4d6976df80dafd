"""The documents a record may be: sections and groups with their entries, and what stands in every header.

Groups are the author's sub-sections. Entries that stand directly under a section (CPD-DK 2.0's guide) are the
section's own ``items``. Places of care items are paths here, such as ``goals.groups[0].items[1]``.
"""

from patientoverblik.formats.cda.datatypes import AD, CD, II, PN, ST, TEL, Any, Time, Wire
from patientoverblik.formats.cda.record import (
    Concern,
    Consent,
    Device,
    Goal,
    HealthStatus,
    Intervention,
    Order,
    Organisation,
    Outcome,
    Participant,
    Party,
    Patient,
    Place,
    PlanStatement,
    Recipient,
    RelatedDocument,
    Relative,
    RelativeStatement,
    ResponsibilityStatement,
    ServiceEvent,
    Statement,
    Stay,
)


class Heading(Wire, frozen=True, kw_only=True):
    """What every section and sub-section has: identifier, code, title, and its narrative in canonical markup."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    title: str = ""
    text: str = ""


class ConcernGroup(Heading, frozen=True, kw_only=True):
    """A sub-section of the health concerns."""

    items: tuple[Concern, ...] = ()
    statuses: tuple[HealthStatus, ...] = ()


class ConcernSection(ConcernGroup, frozen=True, kw_only=True):
    """The section Tilstande, diagnoser mm."""

    groups: tuple[ConcernGroup, ...] = ()


class GoalGroup(Heading, frozen=True, kw_only=True):
    """A sub-section of the goals."""

    items: tuple[Goal, ...] = ()


class GoalSection(GoalGroup, frozen=True, kw_only=True):
    """The section Mål."""

    groups: tuple[GoalGroup, ...] = ()


class InterventionGroup(Heading, frozen=True, kw_only=True):
    """A sub-section of the interventions."""

    items: tuple[Intervention, ...] = ()


class InterventionSection(InterventionGroup, frozen=True, kw_only=True):
    """The section Interventioner, indsatser."""

    groups: tuple[InterventionGroup, ...] = ()


class OutcomeGroup(Heading, frozen=True, kw_only=True):
    """A sub-section of the results."""

    items: tuple[Outcome, ...] = ()


class OutcomeSection(OutcomeGroup, frozen=True, kw_only=True):
    """The section Resultater."""

    groups: tuple[OutcomeGroup, ...] = ()


class ManagementSection(Heading, frozen=True, kw_only=True):
    """Construct: the section Planens ansvar og status."""

    plan: PlanStatement | None = None
    responsibilities: tuple[ResponsibilityStatement, ...] = ()
    relatives: tuple[RelativeStatement, ...] = ()


class Document(Wire, frozen=True, kw_only=True):
    """What every document has: its header (DK CDA Header).

    ``period``, ``episode`` and ``services`` are the uses of documentationOf: by template 10.1.11, by template 10.1.12,
    and without a template (older files; CPD 1.0.1 writes its period and team there). The version marker (10.1.10) is a
    constant of the profile and stands in no record, as do realm and type. ``series`` is setId.
    """

    id: II
    code: CD | None = None
    title: str = ""
    effective: Time | None = None
    confidentiality: CD | None = None
    language: str = ""
    series: II | None = None
    version: str = ""
    patient: Patient
    authors: tuple[Party, ...] = ()
    data_enterer: Party | None = None
    informants: tuple[Party, ...] = ()
    relatives: tuple[Relative, ...] = ()
    custodian: Organisation | None = None
    recipients: tuple[Recipient, ...] = ()
    legal_authenticator: Party | None = None
    authenticators: tuple[Party, ...] = ()
    participants: tuple[Participant, ...] = ()
    fulfils: tuple[Order, ...] = ()
    period: ServiceEvent | None = None
    episode: ServiceEvent | None = None
    services: tuple[ServiceEvent, ...] = ()
    related: tuple[RelatedDocument, ...] = ()
    consents: tuple[Consent, ...] = ()
    stay: Stay | None = None


class CarePlanDocument(Document, frozen=True, kw_only=True, tag="care-plan"):
    """A care plan (CPD-DK) or a document of the same shape; ``others`` are sections no line of the profile knows."""

    concerns: ConcernSection | None = None
    goals: GoalSection | None = None
    interventions: InterventionSection | None = None
    outcomes: OutcomeSection | None = None
    management: ManagementSection | None = None
    others: tuple[Heading, ...] = ()


class Precondition(Wire, frozen=True, kw_only=True):
    """A condition of a visit: that the time is a guide (``words``), or that it is one of a series (``value``)."""

    code: CD | None = None
    words: str = ""
    value: Any | None = None


class Visit(Statement, frozen=True, kw_only=True):
    """The encounter of an appointment document (moodCode APT).

    ``location``, ``home`` and ``destination`` are the participants LOC, SBJ and DST; ``authors`` is APD 1's requester;
    ``guiding`` and ``series`` the preconditions 14.11.5 and 14.11.4; ``interventions`` and ``note`` are constructs.
    """

    performers: tuple[Party, ...] = ()
    authors: tuple[Party, ...] = ()
    location: Place | None = None
    home: Place | None = None
    destination: Place | None = None
    reason: CD | None = None
    guiding: Precondition | None = None
    series: Precondition | None = None
    interventions: tuple[II, ...] = ()
    note: ST | None = None


class VisitSection(Heading, frozen=True, kw_only=True):
    """The section Aftale."""

    items: tuple[Visit, ...] = ()


class AppointmentDocument(Document, frozen=True, kw_only=True, tag="appointment"):
    """An appointment (APD-DK)."""

    visit: VisitSection | None = None
    others: tuple[Heading, ...] = ()


class CardEntry(Statement, frozen=True, kw_only=True):
    """One observation of the card: ``code`` says which field, ``values`` stand in the order of the source.

    ``registers`` are authors by the register template (…20.31), ``typists`` by the typed-in template (…20.30),
    ``authors`` those without either.
    """

    values: tuple[Any, ...] = ()
    registers: tuple[Party, ...] = ()
    typists: tuple[Party, ...] = ()
    authors: tuple[Party, ...] = ()


class CardSection(Heading, frozen=True, kw_only=True):
    """A section of the card."""

    items: tuple[CardEntry, ...] = ()


class CardDocument(Document, frozen=True, kw_only=True, tag="card"):
    """A master-data card (PDC-DK)."""

    sections: tuple[CardSection, ...] = ()


class DeviceUse(Wire, frozen=True, kw_only=True):
    """A device that took part in a measurement."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    device: Device | None = None


class Comment(Wire, frozen=True, kw_only=True):
    """A comment on a measurement (act with code LOINC 48767-8): its words and who wrote them."""

    code: CD | None = None
    words: str = ""
    authors: tuple[Party, ...] = ()


class MeasuredValue(Statement, frozen=True, kw_only=True):
    """One measured observation; ``methods`` tell who measured and how it was transferred, ``devices`` what was used."""

    values: tuple[Any, ...] = ()
    interpretations: tuple[CD, ...] = ()
    methods: tuple[CD, ...] = ()
    authors: tuple[Party, ...] = ()
    devices: tuple[DeviceUse, ...] = ()
    comments: tuple[Comment, ...] = ()


class MeasurementSet(Wire, frozen=True, kw_only=True):
    """A cluster of measurements taken together, or the equipment they were taken with."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    status: str = ""
    time: Time | None = None
    authors: tuple[Party, ...] = ()
    devices: tuple[DeviceUse, ...] = ()
    values: tuple[MeasuredValue, ...] = ()


class MeasurementSection(Heading, frozen=True, kw_only=True):
    """A section of measurements or equipment."""

    sets: tuple[MeasurementSet, ...] = ()


class MeasurementDocument(Document, frozen=True, kw_only=True, tag="measurements"):
    """A report of measurements taken at home or by a professional (PHMR-DK)."""

    sections: tuple[MeasurementSection, ...] = ()


Record = CarePlanDocument | AppointmentDocument | CardDocument | MeasurementDocument

__all__ = [
    "AD",
    "CD",
    "II",
    "PN",
    "ST",
    "TEL",
    "Any",
    "AppointmentDocument",
    "CardDocument",
    "CardEntry",
    "CardSection",
    "CarePlanDocument",
    "Comment",
    "Concern",
    "ConcernGroup",
    "ConcernSection",
    "Consent",
    "Device",
    "DeviceUse",
    "Document",
    "Goal",
    "GoalGroup",
    "GoalSection",
    "Heading",
    "HealthStatus",
    "Intervention",
    "InterventionGroup",
    "InterventionSection",
    "ManagementSection",
    "MeasuredValue",
    "MeasurementDocument",
    "MeasurementSection",
    "MeasurementSet",
    "Order",
    "Organisation",
    "Outcome",
    "OutcomeGroup",
    "OutcomeSection",
    "Participant",
    "Party",
    "Patient",
    "Place",
    "PlanStatement",
    "Precondition",
    "Recipient",
    "Record",
    "RelatedDocument",
    "Relative",
    "RelativeStatement",
    "ResponsibilityStatement",
    "ServiceEvent",
    "Statement",
    "Stay",
    "Visit",
    "VisitSection",
]
