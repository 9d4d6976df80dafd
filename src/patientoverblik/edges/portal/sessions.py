"""Sessions: a secret in the browser, its hash with us, a token in every form, opaque patient handles (DESIGN 14)."""

import hashlib
import hmac
import secrets

import msgspec
from starlette.requests import Request

from patientoverblik.access import Actor, Session
from patientoverblik.edges.portal.settings import Persona, PortalSettings
from patientoverblik.service.house import House
from patientoverblik.sharing.model import PatientId

COOKIE = "overblik"
START_COOKIE = "overblik-start"
UNKNOWN_PATIENT = 0
MINUTE = 60_000


class Started(msgspec.Struct, frozen=True):
    """A session just begun, and the secret that the browser keeps."""

    session: Session
    secret: str


async def start(house: House, persona: Persona, lifetime: int) -> Started:
    """Begin a session for a persona; durable when this returns."""
    secret, now = secrets.token_urlsafe(32), house.clock()
    actor = _actor(house, persona, _digest(secret))
    session = Session(_digest(secret), actor, now, now + lifetime, secrets.token_urlsafe(24))
    await house.wait(house.storage.act(lambda transaction: transaction.put_session(session)))
    return Started(session, secret)


async def used(house: House, session: Session, settings: PortalSettings) -> Session:
    """The session with its time counted from now, written down at most once a minute; never past its longest."""
    until = min(house.clock() + settings.lifetime, session.started + settings.longest)
    if until - session.expires < MINUTE:
        return session
    extended = msgspec.structs.replace(session, expires=until)
    await house.wait(house.storage.act(lambda transaction: transaction.put_session(extended)))
    return extended


async def end(house: House, session: Session) -> None:
    """End a session and forget its handles."""
    await house.wait(house.storage.act(lambda transaction: transaction.end_session(session.id)))


def current(house: House, request: Request) -> Session | None:
    """The session of a request, by its cookie or bearer token; None where there is none or it has run out."""
    secret = bearer(request) or request.cookies.get(COOKIE, "")
    session = house.storage.reader().session(_digest(secret)) if secret else None
    return session if session and session.expires > house.clock() else None


def bearer(request: Request) -> str:
    """The token of an Authorization header, empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def handle_for(house: House, session: Session, patient: PatientId) -> str:
    """A new opaque handle for a patient in this session. An unknown patient gets one too, and the refusal of others."""
    key = house.storage.reader().patient_key(patient) or UNKNOWN_PATIENT
    handle = secrets.token_urlsafe(16)
    await house.wait(house.storage.act(lambda transaction: transaction.put_handle(session.id, handle, key)))
    return handle


def patient_of(house: House, session: Session, handle: str) -> int | None:
    """The patient key a handle stands for in this session, None where it stands for nobody."""
    return house.storage.reader().handle(session.id, handle)


def same(one: str, other: str) -> bool:
    """Whether two tokens are the same and not empty, in a time that tells nothing."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())


def _actor(house: House, persona: Persona, session: str) -> Actor:
    person = house.storage.reader().patient_key(persona.own) if persona.own else None
    return msgspec.structs.replace(persona.actor, person=person or persona.actor.person, session=session)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
