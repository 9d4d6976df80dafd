"""Who asks, why, and what they may see: the values of the access room.

A permit is made by :func:`patientoverblik.access.decide` alone, and every function that reads a patient's documents
takes one.
"""

from typing import Literal, Protocol, get_args

import msgspec

ActorKind = Literal["professional", "citizen", "relative", "system", "job", "officer"]
Purpose = Literal["treatment", "own-overview", "on-behalf", "delivery", "maintenance", "replay"]
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


class Block(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The citizen's block ("spærring"): who × place of origin × period of origin, in force for a time (ms UTC).

    Empty ``organisation`` and ``person`` mean everyone; empty ``origin`` means every place; 0 means no limit in time.
    """

    id: str
    organisation: OrganisationRef | None = None
    person: str = ""
    origin: OrganisationRef | None = None
    origin_from: int = 0
    origin_until: int = 0
    valid_from: int = 0
    valid_until: int = 0


class PowerOfAttorney(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A citizen's power of attorney ("fuldmagt") to a relative, part by part, for a time (ms UTC; 0 = open)."""

    id: str
    holder: int
    parts: tuple[Part, ...]
    valid_from: int = 0
    valid_until: int = 0


class Relation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Evidence that an organisation treats the patient: own GP, referral, contact or municipal case, for a time."""

    kind: Literal["own-gp", "referral", "contact", "municipal-case"]
    organisation: OrganisationRef
    valid_from: int = 0
    valid_until: int = 0


class PersonFacts(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What the person register says of a patient; times in milliseconds UTC, 0 where unknown or not so."""

    born: int = 0
    died: int = 0
    protected: bool = False


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Everything a decision rests on, gathered through the ports before it is made."""

    relations: tuple[Relation, ...] = ()
    powers: tuple[PowerOfAttorney, ...] = ()
    blocks: tuple[Block, ...] = ()
    person: PersonFacts = PersonFacts()


class Question(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """May this actor do this to this patient's documents now? ``at`` is milliseconds UTC."""

    actor: Actor
    patient: int
    purpose: Purpose
    at: int


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """No: the rule that said so and the problem code whose text a person reads."""

    rule: str
    code: str


class Shareable(Protocol):
    """What :func:`visible` needs to know of a document entry."""

    @property
    def origins(self) -> tuple[OrganisationRef, ...]:
        """The organisations the document comes from (author, custodian), most specific first."""

    @property
    def origin_times(self) -> tuple[int, ...]:
        """Every time the document can be said to be from (creation, service start and stop), milliseconds UTC."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the overview the document belongs to; all of them must be permitted."""


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
    permitted then; ``of`` is the look that a replay recreated.
    """

    id: str
    patient: int
    actor: Actor
    purpose: Purpose
    rule: str
    at: int
    act: Literal["overview", "document", "list", "replay"]
    view: str
    documents: tuple[ShownDocument, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    filtered: bool = False
    scope: tuple[Part, ...] = ()
    source_times: tuple[tuple[str, int], ...] = ()
    of: str = ""


class SecurityEvent(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One act for the security trail; ``at`` is milliseconds UTC.

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


class Session(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A person at a door: who they are until when (ms UTC). ``id`` is the SHA-256 of the secret the browser holds."""

    id: str
    actor: Actor
    started: int
    expires: int
    csrf: str = ""
