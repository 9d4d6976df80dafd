"""The values of the test login: whom one can be, its keys, and what it hands out sealed so that no worker keeps it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from joserfc import jwk
from starlette.responses import Response

from patientoverblik.edges.identity.web.network import Network
from patientoverblik.edges.identity.web.seal import Seal

PATH = "/testlogin"
CLIENT = "patientoverblik"
ALGORITHM = "ES256"


class Invented(msgspec.Struct, frozen=True):
    """Somebody invented: an id, and what the provider says of them."""

    id: str
    claims: Mapping[str, Any]


class Keys(msgspec.Struct, frozen=True):
    """What every worker holds: the key that signs, the seal of codes and sessions, and the client's secret."""

    signing: jwk.ECKey
    seal: Seal
    client_secret: str


class House(msgspec.Struct, frozen=True):
    """What the provider needs from outside. ``choose`` draws the page where somebody is chosen, given the sealed
    request; ``once`` says whether a key is used for the first time; ``network`` reaches the client for its logout."""

    people: tuple[Invented, ...]
    keys: Keys
    choose: Callable[[str], Response]
    once: Callable[[str, int], Awaitable[bool]]
    clock: Callable[[], int]
    network: Callable[[], Network]


class Asked(msgspec.Struct, frozen=True, tag=True):
    """An authorization request that was found in order."""

    redirect: str
    state: str
    nonce: str
    challenge: str
    at: int


class Code(msgspec.Struct, frozen=True, tag=True):
    """An authorization code: the request it answers, who was chosen, and the provider's session."""

    asked: Asked
    person: str
    sid: str
    at: int


class Access(msgspec.Struct, frozen=True, tag=True):
    """An access token: whose userinfo it opens, until when (ms UTC)."""

    person: str
    until: int


class SignedIn(msgspec.Struct, frozen=True, tag=True):
    """The provider's own session, as a cookie holds it."""

    person: str
    sid: str


def new_signing_key() -> bytes:
    """A new key that signs, as JSON to keep."""
    return msgspec.json.encode(jwk.ECKey.generate_key("P-256", private=True).as_dict(private=True))


def signing_key(kept: bytes) -> jwk.ECKey:
    """The key that was kept; its name is its thumbprint."""
    key = jwk.ECKey.import_key(msgspec.json.decode(kept, type=dict[str, str | list[str]]))
    key.ensure_kid()
    return key
