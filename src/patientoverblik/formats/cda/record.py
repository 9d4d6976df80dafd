"""The record of a CDA document: its header, sections, groups and entries as the author arranged them.

A record is near the wire: what stands in the document stands here, under the norm's own words, typed by
``datatypes``. What it means is worked out by ``derive`` (record → care) and ``compose`` (care → record).
``words`` is an entry's ``text``, by reference into the narrative or inline; ``text`` of a section is its narrative in
canonical markup, empty where there is none or where it is the table the profile itself makes. Status fields hold the
ActStatus code as written (active, suspended, completed …). What CPD-DK has no place for stands in fields marked
*construct*; ``docs/cda-constructs.md`` tells how they are written.
"""

from patientoverblik.formats.cda.datatypes import AD, CD, II, PN, ST, TEL, Any, Time, Wire


class Organisation(Wire, frozen=True, kw_only=True):
    """An organisation, whatever role it plays."""

    ids: tuple[II, ...] = ()
    name: str = ""
    telecoms: tuple[TEL, ...] = ()
    addresses: tuple[AD, ...] = ()


class Device(Wire, frozen=True, kw_only=True):
    """A machine that wrote or measured."""

    code: CD | None = None
    model: str = ""
    software: str = ""


class Party(Wire, frozen=True, kw_only=True):
    """One person or device and the organisation spoken for: author, performer, informant, data enterer …

    ``function`` is the part played (functionCode, sdtc:functionCode in entries); ``code`` the role's own code;
    ``profession`` the code of sdtc:asPatientRelationship; ``signature`` the signatureCode of an authenticator.
    """

    time: Time | None = None
    function: CD | None = None
    signature: CD | None = None
    ids: tuple[II, ...] = ()
    code: CD | None = None
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None
    profession: CD | None = None
    device: Device | None = None
    organisation: Organisation | None = None


class Relative(Wire, frozen=True, kw_only=True):
    """A person close to the patient (relatedEntity): the relation's code, name and ways of contact."""

    time: Time | None = None
    code: CD | None = None
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None


class Guardian(Wire, frozen=True, kw_only=True):
    """A guardian of the patient."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None
    organisation: Organisation | None = None


class Patient(Wire, frozen=True, kw_only=True):
    """The patient role of the header; ``provider`` is the patient's own general practice."""

    ids: tuple[II, ...] = ()
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None
    gender: CD | None = None
    birth: Time | None = None
    marital_status: CD | None = None
    guardians: tuple[Guardian, ...] = ()
    provider: Organisation | None = None


class Recipient(Wire, frozen=True, kw_only=True):
    """Whom the document is sent to; ``kind`` is PRCP (primary, meant where empty) or TRC (copy)."""

    kind: str = ""
    ids: tuple[II, ...] = ()
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None
    organisation: Organisation | None = None


class Participant(Wire, frozen=True, kw_only=True):
    """Another participant of the header; ``kind`` is the participation's type (ORG …), ``role`` its class (CON …)."""

    kind: str = ""
    role: str = ""
    function: CD | None = None
    time: Time | None = None
    ids: tuple[II, ...] = ()
    code: CD | None = None
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None
    organisation: Organisation | None = None


class ServiceEvent(Wire, frozen=True, kw_only=True):
    """A service the document tells of: a period, the episode of care it belongs to, or the team behind it."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    time: Time | None = None
    performers: tuple[Party, ...] = ()


class Order(Wire, frozen=True, kw_only=True):
    """An order the document fulfils."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    priority: CD | None = None


class RelatedDocument(Wire, frozen=True, kw_only=True):
    """A document this one replaces (RPLC), adds to (APND) or is made from (XFRM)."""

    kind: str = ""
    ids: tuple[II, ...] = ()
    code: CD | None = None
    series: II | None = None
    version: str = ""


class Consent(Wire, frozen=True, kw_only=True):
    """A consent the document names."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    status: str = ""


class Stay(Wire, frozen=True, kw_only=True):
    """The encounter that encompasses the document."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    time: Time | None = None
    discharge: CD | None = None
    responsible: Party | None = None
    place: Organisation | None = None


class Place(Wire, frozen=True, kw_only=True):
    """A place, or an organisation that takes part in an entry (participantRole with its playingEntity)."""

    ids: tuple[II, ...] = ()
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None


class Statement(Wire, frozen=True, kw_only=True):
    """What every entry says: its identifiers, its code, the author's words, its status and its time."""

    ids: tuple[II, ...] = ()
    code: CD | None = None
    words: str = ""
    status: str = ""
    time: Time | None = None


class Diagnosis(Statement, frozen=True, kw_only=True):
    """The observation within a health concern: ``code`` says which role (aktionsdiagnose …), ``value`` what it is.

    The last five fields are constructs.
    """

    value: Any | None = None
    clinical_status: CD | None = None
    verification: CD | None = None
    laterality: CD | None = None
    severity: CD | None = None
    note: ST | None = None


class Concern(Statement, frozen=True, kw_only=True):
    """A health concern act: that something is followed, since when, by whom, and the diagnoses it is about."""

    authors: tuple[Party, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    note: ST | None = None


class HealthStatus(Statement, frozen=True, kw_only=True):
    """A health status observation; the last five fields are constructs."""

    value: Any | None = None
    authors: tuple[Party, ...] = ()
    clinical_status: CD | None = None
    verification: CD | None = None
    laterality: CD | None = None
    severity: CD | None = None
    note: ST | None = None


class Target(Wire, frozen=True, kw_only=True):
    """Construct: a further measurable target of a goal: what to measure, the wished value, and when it is due."""

    code: CD | None = None
    time: Time | None = None
    value: Any | None = None


class Evaluation(Wire, frozen=True, kw_only=True):
    """Construct: a judgement of how far a goal is reached; ``value`` is the degree, ``performers`` who judged."""

    words: str = ""
    time: Time | None = None
    value: CD | None = None
    performers: tuple[Party, ...] = ()


class Goal(Statement, frozen=True, kw_only=True):
    """A goal observation.

    Constructs: ``informants`` and ``relatives`` expressed it (assignedEntity with code SELF for the patient),
    ``authors`` documented it, ``performers`` help with it; kind, lifecycle, achievement, importance, horizon, due,
    targets, evaluations and note; ``concerns`` are conditions it addresses, ``supports`` and ``part_of`` other goals.
    """

    value: Any | None = None
    performers: tuple[Party, ...] = ()
    authors: tuple[Party, ...] = ()
    informants: tuple[Party, ...] = ()
    relatives: tuple[Relative, ...] = ()
    kind: CD | None = None
    lifecycle: CD | None = None
    achievement: CD | None = None
    importance: ST | None = None
    horizon: CD | None = None
    due: Time | None = None
    targets: tuple[Target, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    concerns: tuple[II, ...] = ()
    supports: tuple[II, ...] = ()
    part_of: tuple[II, ...] = ()
    note: ST | None = None


class RelatedObservation(Statement, frozen=True, kw_only=True):
    """The observation an intervention refers to (CPD-DK 2.0): a service code, or what is planned in free text."""

    value: Any | None = None


class Intervention(Statement, frozen=True, kw_only=True):
    """An intervention or contact: ``mood`` INT is planned, EVN done (also RQO, PRP, APT, PRMS as written).

    Constructs: all from ``kind``. ``responsible`` has the responsibility, ``requested_of`` is referred to, ``where`` is
    the organisation a contact took place at; ``reasons`` are conditions, ``goals`` goals, ``realises`` a referral in
    another party's plan, ``replaces`` an earlier intervention, ``appointments`` the appointments a contact kept.
    """

    mood: str = "INT"
    performers: tuple[Party, ...] = ()
    authors: tuple[Party, ...] = ()
    related: tuple[RelatedObservation, ...] = ()
    kind: CD | None = None
    intent: CD | None = None
    authorisation: CD | None = None
    activity: CD | None = None
    status_reason: ST | None = None
    instruction: ST | None = None
    start_by: Time | None = None
    repetition: ST | None = None
    next_due: Time | None = None
    setting: CD | None = None
    responsible: Place | None = None
    requested_of: Place | None = None
    where: Place | None = None
    reasons: tuple[II, ...] = ()
    goals: tuple[II, ...] = ()
    realises: tuple[II, ...] = ()
    replaces: tuple[II, ...] = ()
    appointments: tuple[II, ...] = ()
    note: ST | None = None


class Outcome(Statement, frozen=True, kw_only=True):
    """A result observation; ``methods`` tell how it was measured and transferred; ``note`` is a construct."""

    value: Any | None = None
    methods: tuple[CD, ...] = ()
    authors: tuple[Party, ...] = ()
    note: ST | None = None


class PlanStatement(Wire, frozen=True, kw_only=True):
    """Construct: what the plan says of itself beyond the header: kind, status, note, review, labels, who wrote it."""

    ids: tuple[II, ...] = ()
    words: str = ""
    status: CD | None = None
    authors: tuple[Party, ...] = ()
    kind: CD | None = None
    review: Time | None = None
    labels: tuple[CD, ...] = ()
    note: ST | None = None


class ResponsibilityStatement(Wire, frozen=True, kw_only=True):
    """Construct: who has the responsibility, when, for which interventions (``covers``), and whether it is accepted."""

    ids: tuple[II, ...] = ()
    words: str = ""
    time: Time | None = None
    performers: tuple[Party, ...] = ()
    commitment: CD | None = None
    covers: tuple[II, ...] = ()


class RelativeStatement(Wire, frozen=True, kw_only=True):
    """Construct: a relative with a note or with who wrote it, which the header has no place for."""

    words: str = ""
    code: CD | None = None
    authors: tuple[Party, ...] = ()
    addresses: tuple[AD, ...] = ()
    telecoms: tuple[TEL, ...] = ()
    name: PN | None = None
