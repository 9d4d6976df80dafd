"""Who asks, why, and what they may see: the values of the access room.

A permit is made by :func:`patientoverblik.access.decide` alone, and every function that reads a patient's documents
takes one.
"""

from typing import Literal, Protocol, get_args

import msgspec

ActorKind = Literal["professional", "citizen", "relative", "system", "job", "officer"]
Purpose = Literal[
    "treatment",
    "own-overview",
    "on-behalf",
    "delivery",
    "maintenance",
    "replay",
    "oversight",
    "blocking",
    "notification",
]
Level = Literal["confirmed", "incomplete"]
Outcome = Literal["positive", "data-specific", "negative"]
LookAct = Literal["overview", "document", "list", "handover-list", "flag", "replay", "refused"]
Ground = Literal["consent", "unreachable", "unstated"]
"""The two grounds of an override, and that a door whose wire has no place for one was told none."""

FollowUpKind = Literal["override", "unconfirmed-relation", "own-data", "family", "colleague"]
Part = Literal["plans", "appointments", "card", "measurements", "psychiatry"]
ALL_PARTS: tuple[Part, ...] = get_args(Part)


class OrganisationRef(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An organisation by identifier; ``system`` is an OID (SOR 1.2.208.176.1.1, ydernummer 1.2.208.176.1.4)."""

    system: str
    value: str
    name: str = ""

    def same(self, other: "OrganisationRef") -> bool:
        """Whether both name the same organisation, whatever it is called."""
        return (self.system, self.value) == (other.system, other.value)


class Principal(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The professional somebody acts on behalf of ("på vegne af", "medhjælp"); the responsibility is theirs.

    ``authorisation`` is the id in Autorisationsregisteret, ``role`` what the person works as.
    """

    id: str
    name: str = ""
    role: str = ""
    authorisation: str = ""


class Actor(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who acts. ``person`` is the actor's own patient key where the service knows one, 0 otherwise.

    An assistant is a professional with a ``principal``. ``national_role`` is a role given nationally (SEB,
    ``urn:dk:healthcare:national-federation-role:…`` without its prefix), ``client`` the system the actor works in.
    An officer answers for the service on behalf of the data controller: follow-up, replay and the trail, never care.
    ``team`` is the unit within the organisation that the actor works in today: it orders what is shown and gives no
    right.
    """

    kind: ActorKind
    id: str
    name: str = ""
    role: str = ""
    organisation: OrganisationRef | None = None
    person: int = 0
    session: str = ""
    authorisation: str = ""
    national_role: str = ""
    principal: Principal | None = None
    client: str = ""
    team: OrganisationRef | None = None


class Block(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The citizen's block ("spærring") or consent ("samtykke"): who × what × in force for a time (ms UTC; 0 = open).

    Who: ``organisation`` (``with_units``: and all below it), ``person`` (an actor's id or authorisation; doors may know
    the same person by other ids, so ``authorisation`` names them too where it is known), ``relative`` (a patient key);
    all that are named must fit, and naming nobody means everyone. What: the place of ``origin``
    (``origin_with_units``), the period of origin time, the ``types`` (type codes); a consent may name one ``document``
    by uniqueId or series. Naming nothing means everything. A consent wins over every block (nsp.md §7).

    ``by`` is who made it in the patient's place: it is about professionals alone, so that one holder of custody never
    shuts another out. ``parts`` are the parts that a guardian may decide on; only documents within them are reached.
    """

    id: str
    organisation: OrganisationRef | None = None
    person: str = ""
    origin: OrganisationRef | None = None
    origin_from: int = 0
    origin_until: int = 0
    valid_from: int = 0
    valid_until: int = 0
    kind: Literal["block", "consent"] = "block"
    with_units: bool = False
    origin_with_units: bool = False
    relative: int = 0
    types: tuple[str, ...] = ()
    document: str = ""
    authorisation: str = ""
    by: Literal["", "custody", "guardian"] = ""
    parts: tuple[Part, ...] = ()


class PowerOfAttorney(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A power of attorney ("fuldmagt") to a relative, part by part, for a time (ms UTC; 0 = open).

    ``for_child``: given by a holder of custody in the child's place; it ends when the child turns 15.
    """

    id: str
    holder: int
    parts: tuple[Part, ...]
    valid_from: int = 0
    valid_until: int = 0
    for_child: bool = False


class Custody(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Custody of a child ("forældremyndighed"), as the person register has it, for a time (ms UTC; 0 = open)."""

    id: str
    holder: int
    valid_from: int = 0
    valid_until: int = 0


class Guardian(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A guardian ("værge") of the patient, for the parts the guardianship reaches, for a time (ms UTC; 0 = open)."""

    id: str
    holder: int
    parts: tuple[Part, ...] = ALL_PARTS
    valid_from: int = 0
    valid_until: int = 0


class Relation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Evidence that an organisation treats the patient: own GP, referral, contact or municipal case, for a time.

    ``level`` is incomplete where a register does not have it yet: access is given and followed up (BRS, nsp.md §6).
    """

    kind: Literal["own-gp", "referral", "contact", "municipal-case"]
    organisation: OrganisationRef
    valid_from: int = 0
    valid_until: int = 0
    level: Level = "confirmed"

    @property
    def told_of(self) -> tuple[str, str, str, int]:
        """What the evidence is of: kind, organisation and beginning; told again, it replaces what was told."""
        return self.kind, self.organisation.system, self.organisation.value, self.valid_from


class PersonFacts(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What the person register says of a patient; times in milliseconds UTC, 0 where unknown or not so.

    ``protected``: name and address are protected, from ``protected_from`` to ``protected_until``. ``family`` are the
    patient keys of the family and of guardians, ``employers`` the organisations the patient works for: looks by them
    are flagged.
    """

    born: int = 0
    died: int = 0
    protected: bool = False
    protected_from: int = 0
    protected_until: int = 0
    family: tuple[int, ...] = ()
    employers: tuple[OrganisationRef, ...] = ()


class Protection(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Somebody else whose name and address are protected can be found through this patient: a parent, a child, a
    spouse (``person`` is their patient key), for a time (ms UTC; 0 = open)."""

    person: int
    valid_from: int = 0
    valid_until: int = 0


class Override(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The patient's blocks set aside ("værdispring") on a ground, for a reason in the professional's words."""

    ground: Ground
    reason: str


class Opening(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An override in force for one actor and session at this patient, ``at`` ≤ t < ``until`` (milliseconds UTC)."""

    id: str
    actor: str
    session: str
    organisation: OrganisationRef | None
    at: int
    until: int
    ground: Ground
    reason: str

    @property
    def override(self) -> Override:
        """What the opening says of the override."""
        return Override(self.ground, self.reason)


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Everything a decision rests on, gathered through the ports before it is made.

    ``keys`` are the patient's linked keys, ascending; empty where nothing was gathered.
    """

    relations: tuple[Relation, ...] = ()
    powers: tuple[PowerOfAttorney, ...] = ()
    blocks: tuple[Block, ...] = ()
    person: PersonFacts = PersonFacts()
    custodies: tuple[Custody, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    protections: tuple[Protection, ...] = ()
    openings: tuple[Opening, ...] = ()
    keys: tuple[int, ...] = ()


class Question(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """May this actor do this to this patient's documents now? ``at`` is milliseconds UTC.

    ``override`` is set by the service alone, from the opening that holds for actor, patient and session.
    """

    actor: Actor
    patient: int
    purpose: Purpose
    at: int
    override: Override | None = None


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """No: the rule that said so and the problem code whose text a person reads."""

    rule: str
    code: str


class Message(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A document that is for some organisations alone, beside the patient: ``to`` them, ``about`` another entry. Where
    that does not exist for a reader, neither does the message; ``parts`` are those of the other."""

    to: tuple[OrganisationRef, ...]
    about: str
    parts: tuple[Part, ...]


class TypeCode(Protocol):
    """A document type, by its code."""

    @property
    def code(self) -> str:
        """The code."""


class Shareable(Protocol):
    """What :func:`visible` needs to know of a document entry."""

    @property
    def origins(self) -> tuple[OrganisationRef, ...]:
        """The organisations the document comes from (author, custodian), most specific first."""

    @property
    def origin_times(self) -> tuple[int, ...]:
        """Every time the document can be said to be from (creation, service start and stop), milliseconds UTC."""

    @property
    def origin_spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches of time the document is from, first and last instant: its creation, its service."""

    @property
    def type_code(self) -> TypeCode | None:
        """The document's type."""

    @property
    def unique_id(self) -> str:
        """The document's own id."""

    @property
    def series(self) -> str:
        """What all versions of the document have in common, empty if nothing."""

    @property
    def withheld(self) -> tuple[str, ...]:
        """Names of what some readers must not see: facts in the document, or readers it is hidden from whole."""

    @property
    def shown_from(self) -> int:
        """When the patient, and who acts for them, may see the document (milliseconds UTC); 0 where at once."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the overview the document belongs to; all of them must be permitted."""

    @property
    def message(self) -> Message | None:
        """Whom alone, beside the patient, the document is for; None where it is for whoever treats the patient."""


class ShownDocument(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One document that a look showed: entry, version, status then, content hash and reading stamp."""

    entry: str
    version: int
    status: str
    content: str
    stamp: str


class Look(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One person's look at one patient, enough to recreate what was shown; ``at`` is milliseconds UTC.

    ``sources`` holds (source id, state shown) and ``source_times`` (source id, time shown); ``scope`` the parts
    permitted then; ``of`` is the look that a replay recreated. ``outcome`` is what blocks and consents came to,
    ``override`` what set them aside; ``hidden_from`` who must not see the look in the log (MinLog Filter);
    ``protected`` whether the patient's name and home were left out, ``unnamed`` whether those of the people around them
    were; ``dead`` whether the patient was dead then.
    ``drawn_by`` stamps the overview's code and the sources' configuration. ``request`` is the id of the request that
    was answered (X-Request-Id), ``query`` the keyed hash of its body (base64). A refused look is only written down
    where the installation shows refused attempts in the citizen's log.
    """

    id: str
    patient: int
    actor: Actor
    purpose: Purpose
    rule: str
    at: int
    act: LookAct
    view: str
    documents: tuple[ShownDocument, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    filtered: bool = False
    scope: tuple[Part, ...] = ()
    source_times: tuple[tuple[str, int], ...] = ()
    of: str = ""
    override: Override | None = None
    outcome: Outcome = "positive"
    hidden_from: tuple[Literal["citizen", "custody-holder"], ...] = ()
    protected: bool = False
    unnamed: bool = False
    dead: bool = False
    drawn_by: str = ""
    request: str = ""
    query: str = ""


class SecurityEvent(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One act for the security trail; ``at`` is milliseconds UTC, ``request`` and ``query`` are as in :class:`Look`.
    ``transaction`` is the norm's transaction that asked for it (``ITI-18``), where one did.

    It never holds a patient's identity beyond the key, nor content.
    """

    id: str
    patient: int
    actor: Actor
    act: str
    outcome: Literal["done", "refused"]
    rule: str
    at: int
    subjects: tuple[str, ...] = ()
    request: str = ""
    query: str = ""
    transaction: str = ""
