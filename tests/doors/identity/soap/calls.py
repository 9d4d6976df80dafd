"""Messages of the test issuer's clients, valid unless a test changes them, and what the door makes of them."""

import asyncio
import os
from collections.abc import Callable, Collection
from functools import cache

import msgspec
from lxml import etree

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SOR
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.soap import Demands, Envelope, Trust, envelope_of, identify
from patientoverblik.edges.identity.soap.issued import (
    Subject,
    Wanted,
    assertion,
    id_card,
    key_info,
    sign,
    signature,
    signed,
)
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, DemoIssuer, Signer, make_signer
from patientoverblik.edges.identity.soap.messages import Call, message
from patientoverblik.edges.identity.soap.names import EXC_C14N, HSUID, WSA, wsse, wsu
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
    return make_issuer(NOW)


def make_issuer(at: int) -> DemoIssuer:
    """An issuer that is kept nowhere."""
    service, system, holder = (make_signer(name, at) for name in ("service", "system", "holder"))
    return DemoIssuer(service, system, holder, os.urandom(32))


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


def sign_message(envelope: etree._Element, holder: Signer, leave: Collection[str | None] = ()) -> etree._Element:
    """The message signed by the holder's key over everything with an id but the token and ``leave`` (ids)."""
    header, body = envelope[0], envelope[1]
    security = header.find(wsse("Security"))
    if security is None:
        return envelope
    parts = [body, *security.iter(wsu("Timestamp")), *header.iterchildren(f"{{{WSA}}}*")]
    hsuid = header.find(f"{{{HSUID}}}HsuidHeader/{{{HSUID}}}Assertion")
    named = [(part, wsu("Id")) for part in parts] + ([(hsuid, "id")] if hsuid is not None else [])
    targets = [(part, name) for part, name in named if part.get(name) not in leave]
    made = signature((f"#{part.get(name)}", (EXC_C14N,)) for part, name in targets)
    security.append(made)
    key_info(made, holder)
    sign(made, holder, targets)
    return envelope
