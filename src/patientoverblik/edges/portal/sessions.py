"""Sessions: a secret in the browser, its hash with us, a token in every form, opaque patient handles (DESIGN 14)."""

import hashlib
import hmac
import secrets

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Actor, ActorKind, Embedding, SecurityEvent, Session
from patientoverblik.edges.guard import known
from patientoverblik.edges.identity.web import Entered, LoggedOut
from patientoverblik.edges.identity.web.actors import PERSON_ROLES
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done
from patientoverblik.sharing.model import PatientId

COOKIE = "overblik"
LOGIN_COOKIE = "overblik-login"
UNKNOWN_PATIENT = 0
MINUTE = 60_000
BY_PROVIDER = "vouched-for-by-provider"


class Started(msgspec.Struct, frozen=True):
    """A session just begun, and the secret that the browser keeps."""

    session: Session
    secret: str


async def start(house: House, entered: Entered, settings: PortalSettings, before: Session | None = None) -> Started:
    """Begin a session for somebody logged in, in place of the one the browser had; durable when this returns.

    The secret is always a new one: whoever knew the one before knows nothing of this.
    """
    secret = secrets.token_urlsafe(32)
    session = _begun(house, entered, settings, secret)
    await _keep(house, session, before, done(house, session.actor, NOBODY, "log-in", BY_PROVIDER))
    return Started(session, secret)


async def opened(
    house: House, entered: Entered, settings: PortalSettings, embedding: Embedding, patient: PatientId
) -> Started:
    """Begin a session for somebody that a record system vouches for, with one patient: the last part of the embedding's
    path is their handle. Whatever other sessions the browser has stay as they are."""
    secret = secrets.token_urlsafe(32)
    session = msgspec.structs.replace(_begun(house, entered, settings, secret), embedding=embedding)
    key = house.storage.reader().patient_key(patient) or UNKNOWN_PATIENT
    event, now = done(house, session.actor, NOBODY, "log-in", BY_PROVIDER), house.clock()

    def work(transaction: Transaction) -> None:
        transaction.drop_expired(now)
        transaction.put_session(session)
        transaction.put_handle(session.id, embedding.path.rpartition("/")[2], key)
        transaction.add_event(event)

    await house.wait(house.storage.act(work))
    return Started(session, secret)


def _begun(house: House, entered: Entered, settings: PortalSettings, secret: str) -> Session:
    now, who = house.clock(), entered.identified
    session = Session(
        id=_digest(secret),
        actor=_actor(house, who.actor, who.own, _digest(secret)),
        started=now,
        expires=now + settings.lifetime,
        csrf=secrets.token_urlsafe(24),
        issuer=who.issuer,
        subject=entered.subject,
        sid=entered.sid,
        ends=who.until if settings.ends_with_provider else 0,
    )
    return msgspec.structs.replace(session, expires=_until(session, now, settings))


async def changed(house: House, session: Session, kind: ActorKind) -> Started:
    """The session of somebody who from now on acts in another capacity: a new secret, and every handle forgotten."""
    secret = secrets.token_urlsafe(32)
    actor = msgspec.structs.replace(in_capacity(session.actor, kind), session=_digest(secret))
    anew = msgspec.structs.replace(session, id=_digest(secret), actor=actor, csrf=secrets.token_urlsafe(24))
    await _keep(house, anew, session)
    return Started(anew, secret)


def in_capacity(actor: Actor, kind: ActorKind) -> Actor:
    """Somebody in another capacity, with the role that the log tells of it."""
    return msgspec.structs.replace(actor, kind=kind, role=PERSON_ROLES.get(kind, actor.role))


async def used(house: House, session: Session, settings: PortalSettings) -> Session:
    """The session with its time counted from now, written down at most once a minute; never past its longest."""
    until = _until(session, house.clock(), settings)
    if until - session.expires < MINUTE:
        return session
    extended = msgspec.structs.replace(session, expires=until)
    kept = await house.wait(house.storage.act(lambda transaction: _extend(transaction, extended)))
    return extended if kept else session


async def end(house: House, session: Session) -> None:
    """End a session and forget its handles."""

    def work(transaction: Transaction) -> None:
        transaction.end_session(session.id)
        transaction.add_event(done(house, session.actor, NOBODY, "log-out", BY_PROVIDER))

    await house.wait(house.storage.act(work))


async def end_all(house: House, of: LoggedOut) -> int:
    """End every session of a subject or of one of the provider's sessions, wherever it is used; how many there were."""

    def work(transaction: Transaction) -> int:
        found = transaction.sessions_of(of.issuer, of.subject, of.sid)
        for each in found:
            session = transaction.session(each)
            transaction.end_session(each)
            if session is not None:
                transaction.add_event(done(house, session.actor, NOBODY, "log-out", BY_PROVIDER))
        return len(found)

    return await house.wait(house.storage.act(work))


def current(house: House, request: Request) -> Session | None:
    """The session of a request, by its cookie or bearer token; None where there is none or it has run out."""
    name = getattr(request.app.state, "session_cookie", COOKIE)
    secret = bearer(request) or request.cookies.get(name, "")
    session = house.storage.reader().session(_digest(secret)) if secret else None
    if session is None or session.expires <= house.clock():
        return None
    known(request.scope, f"{session.actor.kind} {session.actor.id}")
    return session


def bearer(request: Request) -> str:
    """The token of an Authorization header, empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def handle_for(house: House, session: Session, patient: PatientId) -> str:
    """A new opaque handle for a patient in this session. An unknown patient gets one too, and the refusal of others."""
    return await handle_of(house, session, house.storage.reader().patient_key(patient) or UNKNOWN_PATIENT)


async def handle_of(house: House, session: Session, key: int) -> str:
    """A new opaque handle for a patient key in this session."""
    handle = secrets.token_urlsafe(16)
    await house.wait(house.storage.act(lambda transaction: transaction.put_handle(session.id, handle, key)))
    return handle


def patient_of(house: House, session: Session, handle: str) -> int | None:
    """The patient key a handle stands for in this session, None where it stands for nobody."""
    return house.storage.reader().handle(session.id, handle)


def same(one: str, other: str) -> bool:
    """Whether two tokens are the same and not empty, in a time that tells nothing."""
    return bool(one) and hmac.compare_digest(one.encode(), other.encode())


def cookie_name(settings: PortalSettings, name: str = COOKIE) -> str:
    """A cookie's name: over HTTPS one that no other host and no page without TLS can set (RFC 6265bis ``__Host-``)."""
    return f"__Host-{name}" if settings.secure_cookies else name


def give(settings: PortalSettings, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Let the browser keep a value out of reach of scripts; for ``seconds``, or until it is closed."""
    answer.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def take(settings: PortalSettings, answer: Response, name: str) -> None:
    """Let the browser forget a value."""
    secure = settings.secure_cookies
    answer.delete_cookie(cookie_name(settings, name), path="/", secure=secure, httponly=True, samesite="lax")


async def _keep(house: House, session: Session, before: Session | None, event: SecurityEvent | None = None) -> None:
    now = house.clock()

    def work(transaction: Transaction) -> None:
        transaction.drop_expired(now)
        if before is not None:
            transaction.end_session(before.id)
        transaction.put_session(session)
        if event is not None:
            transaction.add_event(event)

    await house.wait(house.storage.act(work))


def _extend(transaction: Transaction, session: Session) -> bool:
    """A session that was ended meanwhile stays ended."""
    if transaction.session(session.id) is None:
        return False
    transaction.put_session(session)
    return True


def _until(session: Session, now: int, settings: PortalSettings) -> int:
    """When a session used now runs out: never past its longest, nor past what the provider vouches for."""
    longest = session.started + settings.longest
    return min(now + settings.lifetime, longest, session.ends or longest)


def _actor(house: House, actor: Actor, own: PatientId | None, session: str) -> Actor:
    person = house.storage.reader().patient_key(own) if own else None
    return msgspec.structs.replace(actor, person=person or actor.person, session=session)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
