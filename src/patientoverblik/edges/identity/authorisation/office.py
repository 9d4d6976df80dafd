"""What the authorisation server works with, and the few acts on grants and secrets; each is durable when it returns.

The acts wait for the disk: they are called from a thread of their own, never from the event loop.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

import msgspec

from patientoverblik.access import Actor, SecurityEvent
from patientoverblik.edges.identity.authorisation.apps import App
from patientoverblik.edges.identity.authorisation.model import End, Grant, Spendable
from patientoverblik.edges.identity.authorisation.ports import GrantKeeper, GrantReader, GrantStorage
from patientoverblik.edges.identity.authorisation.signing import SigningKeys
from patientoverblik.edges.identity.keys import TrustedKeys

_encode = msgspec.msgpack.Encoder().encode
_grant = msgspec.msgpack.Decoder(Grant).decode
_spendable = msgspec.msgpack.Decoder(Spendable).decode


class Ids(Protocol):
    """New identifiers."""

    def uuid(self) -> str:
        """A new random UUID as ``urn:uuid:…``."""


class Office(msgspec.Struct, frozen=True):
    """One authorisation server: its public address without a slash at the end, which is issuer and audience too; the
    apps it knows with the keys of those that have any; its own keys, clock (milliseconds UTC), ids and storage.

    ``patient_id`` gives what a patient is called at the FHIR door, by their key; a name that opens nothing without it.
    """

    base: str
    apps: Mapping[str, App]
    app_keys: Mapping[str, TrustedKeys]
    signing: SigningKeys
    storage: GrantStorage
    clock: Callable[[], int]
    ids: Ids
    patient_id: Callable[[int], str] = lambda _key: new_secret()


def new_secret() -> str:
    """A secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 that a secret is kept and found by."""
    return hashlib.sha256(secret.encode()).hexdigest()


def allow(office: Office, grant: Grant, code: str, spendable: Spendable) -> None:
    """Keep what somebody has allowed, with the code that the app will come with."""
    event = _event(office, grant, grant.actor, "allow-app")
    office.storage.act(partial(_allow, grant, digest(code), spendable, event)).result()


def grant_by_id(reader: GrantReader, grant: str) -> Grant | None:
    """A grant by its id."""
    found = reader.grant(grant)
    return _grant(found) if found is not None else None


def given_by(reader: GrantReader, person: int) -> tuple[Grant, ...]:
    """Every grant a person has given, newest first; ``person`` is their patient key."""
    found = [_grant(data) for key in reader.linked_keys(person) for data in reader.grants_by(key)]
    return tuple(sorted(found, key=lambda grant: grant.at, reverse=True))


def about(reader: GrantReader, patient: int) -> tuple[Grant, ...]:
    """Every grant about a patient, whoever gave it, newest first."""
    found = [_grant(data) for key in reader.linked_keys(patient) for data in reader.grants_of(key)]
    return tuple(sorted(found, key=lambda grant: grant.at, reverse=True))


def find_secret(office: Office, secret: str) -> tuple[Spendable, bool] | None:
    """What a code or refresh token stands for, and whether it is still good; None where nobody was given it."""
    held = _held(office.storage.reader(), secret)
    return (held, _is_good(held, secret)) if held else None


def spend(office: Office, secret: str, offline: bool = False) -> str | None:
    """Spend a code or refresh token; the refresh token that follows it, empty where none does.

    None where it was spent before: then somebody else has it too, and the whole grant ends (RFC 9700 §4.14).
    """
    family, following = secret.partition(".")[0] if "." in secret else new_secret(), new_secret()
    work = partial(_spend, office, secret, (family, following) if offline else None)
    return office.storage.act(work).result()


def end(office: Office, grant: Grant, actor: Actor, why: End) -> None:
    """End a grant: nothing given under it is worth anything from now on."""
    office.storage.act(partial(_end, office, grant, actor, why)).result()


def use_once(office: Office, key: str, until: int) -> bool:
    """Whether an assertion's id is seen for the first time, by any worker."""
    now = office.clock()
    return office.storage.act(lambda keeper: keeper.use_once(key, until, now)).result()


def _allow(grant: Grant, code: str, spendable: Spendable, event: SecurityEvent, keeper: GrantKeeper) -> None:
    _put(keeper, grant)
    _put_spendable(keeper, code, spendable)
    keeper.add_event(event)


def _spend(office: Office, secret: str, next: tuple[str, str] | None, keeper: GrantKeeper) -> str | None:
    now, held = office.clock(), _held(keeper, secret)
    grant = grant_by_id(keeper, held.grant) if held else None
    if held is None or grant is None or not grant.live(now):
        return None
    if not _is_good(held, secret):
        _end(office, grant, _app_actor(office, grant), "used-twice", keeper)
        return None
    if held.kind == "code":
        _put_spendable(keeper, _key(secret), msgspec.structs.replace(held, spent=now))
        _put(keeper, msgspec.structs.replace(grant, used=now))
    if next is None:
        return ""
    family, following = next
    row = Spendable("refresh", grant.id, grant.patient, grant.until, held.scopes, current=digest(following))
    _put_spendable(keeper, digest(family), row)
    return f"{family}.{following}"


def _held(reader: GrantReader, secret: str) -> Spendable | None:
    """What a secret stands for; a code has no second part, so one with something added is no code."""
    found = reader.spendable(_key(secret))
    held = _spendable(found) if found is not None else None
    return None if held and held.kind == "code" and "." in secret else held


def _key(secret: str) -> str:
    """The hash a secret's row is found by: of a refresh token its family."""
    return digest(secret.partition(".")[0])


def _is_good(held: Spendable, secret: str) -> bool:
    if held.kind == "code":
        return not held.spent
    return hmac.compare_digest(held.current, digest(secret.partition(".")[2]))


def _put_spendable(keeper: GrantKeeper, key: str, held: Spendable) -> None:
    keeper.put_spendable(key, held.grant, held.patient, _encode(held))


def _end(office: Office, grant: Grant, actor: Actor, why: End, keeper: GrantKeeper) -> None:
    """The newest state of the grant counts: one that has ended already stays as it ended."""
    held = grant_by_id(keeper, grant.id)
    if held is None or held.ended:
        return
    _put(keeper, msgspec.structs.replace(held, ended=office.clock(), end=why))
    keeper.add_event(_event(office, held, actor, f"end-app-{why}"))


def _put(keeper: GrantKeeper, grant: Grant) -> None:
    keeper.put_grant(grant.id, grant.patient, grant.actor.person, _encode(grant))


def _app_actor(office: Office, grant: Grant) -> Actor:
    app = office.apps.get(grant.app)
    return Actor(kind="system", id=grant.app, name=app.name if app else "")


def _event(office: Office, grant: Grant, actor: Actor, act: str) -> SecurityEvent:
    return SecurityEvent(
        office.ids.uuid(), grant.patient, actor, act, "done", "app-by-consent", office.clock(), (grant.id,)
    )
