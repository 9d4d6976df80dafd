"""Messages of the test issuer's clients, valid unless a test changes them, and what the door makes of them."""

import asyncio
from collections.abc import Callable
from functools import cache

import msgspec
from lxml import etree

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.soap import Demands, Envelope, Trust, envelope_of, identify
from patientoverblik.edges.identity.soap.issued import Subject, Wanted, assertion, id_card, signed
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, DemoIssuer, make_issuer
from patientoverblik.edges.identity.soap.messages import Call, message, sign_message
from patientoverblik.edges.identity.soap.names import SOR
from patientoverblik.edges.soap.envelope import parsed
from patientoverblik.problems import Finding

NOW = 1_795_000_000_000
HOUR = 3_600_000
NANCY = "2512489996"
CLINIC = OrganisationRef(SOR, "990001000016001", "Lægehuset Testparken")
DOCTOR = Subject(
    kind="professional",
    number="7101701234",
    given="Testa",
    family="Testlæge",
    role="Læge",
    authorisation="ZZ999",
    organisation=CLINIC,
)
CITIZEN = Subject(kind="citizen", number=NANCY, given="Nancy", family="Test")
ANY = Demands(hsuid=False)


@cache
def issuer() -> DemoIssuer:
    """The issuer of this test run."""
    return make_issuer(demo=True, at=NOW)


def trust(**changes: object) -> Trust:
    """The demo's trust, with changes."""
    return msgspec.structs.replace(issuer().trust(), **changes)


def wanted(**changes: object) -> Wanted:
    """A token for an hour around now, with changes."""
    return msgspec.structs.replace(Wanted(audience=AUDIENCE, start=NOW - 60_000, end=NOW + HOUR), **changes)


def call(subject: Subject = DOCTOR, **changes: object) -> Call:
    """A call about Nancy from the clinic, with changes."""
    return msgspec.structs.replace(Call(at=NOW, subject=subject, patient=NANCY, organisation=CLINIC), **changes)


def bearer(subject: Subject = DOCTOR, **changes: object) -> etree._Element:
    """A valid message with a bearer token."""
    token = signed(assertion(subject, wanted(**changes)), "ID", issuer().service)
    return message(token, call(subject))


def holder_of_key(subject: Subject = DOCTOR, **changes: object) -> etree._Element:
    """A valid message whose sender proves the key the token names."""
    token = signed(assertion(subject, wanted(holder=issuer().holder, **changes)), "ID", issuer().service)
    return sign_message(message(token, call(subject)), issuer().holder)


def card(subject: Subject | None = DOCTOR, start: int = NOW - 60_000, end: int = NOW + HOUR) -> etree._Element:
    """A valid message with an id card of the token service; without a subject a system's card, signed by the system."""
    signer = issuer().service if subject else issuer().system
    token = signed(id_card(subject, start, end), "id", signer, before=None)
    return message(token, call(subject or DOCTOR), "4" if subject else "3")


class Once:
    """What a storage does: the first to claim a name has it."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    async def __call__(self, name: str, until: int, at: int) -> bool:
        """Whether the name is new."""
        new = name not in self.names
        self.names.add(name)
        return new


def changed(change: Callable[[etree._Element], object], subject: Subject = DOCTOR, **how: object) -> etree._Element:
    """A message whose token was changed before it was signed."""
    token = assertion(subject, wanted(**how))
    change(token)
    return message(signed(token, "ID", issuer().service), call(subject))


def envelope_from(data: bytes) -> Envelope | Unidentified:
    """The envelope of a message, parsed as the door parses it; what cannot be parsed comes from nobody."""
    root = parsed(data)
    return Unidentified(root.code) if isinstance(root, Finding) else envelope_of(root, len(data))


def answer(
    sent: etree._Element | bytes,
    believed: Trust | None = None,
    demands: Demands = Demands(),  # noqa: B008 - frozen
    at: int = NOW,
    once: Once | None = None,
    caller: object = None,
    known: object = None,
) -> Identified | Unidentified:
    """What the door makes of a message, from its bytes."""
    data = sent if isinstance(sent, bytes) else etree.tostring(sent)
    envelope = envelope_from(data)
    if isinstance(envelope, Unidentified):
        return envelope
    return asyncio.run(identify(envelope, at, believed or trust(), once or Once(), demands, caller, known))


def refused(sent: etree._Element | bytes, **how: object) -> str:
    """The code a message is refused with; the test fails if it is believed."""
    found = answer(sent, **how)
    assert isinstance(found, Unidentified), found
    return found.code
