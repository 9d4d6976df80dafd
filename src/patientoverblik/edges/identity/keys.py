"""Public keys of a party we trust, as a JWK Set (RFC 7517) from a file or an address, read again as they rotate.

Which keys of a set may verify anything, and when a set is read again, is said here once, for access tokens and for
logins.
"""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from patientoverblik.edges.identity.tls import machine_trust

Read = Callable[[], bytes]
MINUTE = 60_000
PAUSE = MINUTE // 2
KEPT = 60 * MINUTE
LONGEST = 24 * KEPT
LARGEST = 262_144
MOST = 100
SMALLEST_RSA = 2048
ASYMMETRIC = ("RSA", "EC", "OKP")
# Names a token's header may give; joserfc holds each to its kind of key, so that one is never used as another.
ALGORITHMS = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "Ed25519")


class NamesKeys(Protocol):
    """A row of settings that says where a party's JWK Set is: in a file beside its own, or at an address."""

    @property
    def jwks_file(self) -> str:
        """The file; empty where there is an address."""

    @property
    def jwks_address(self) -> str:
        """The address; empty where there is a file."""


class KnownKeys(msgspec.Struct, frozen=True):
    """The keys of one party by ``kid``; when they were read, and when they were last asked for (milliseconds UTC).

    They are read again when one is wanted that is not among them, or after an hour, but no more than every half minute.
    Where they cannot be read those known are used for a day.
    """

    keys: Mapping[str, Key] = {}
    read_at: int = -LONGEST
    asked_at: int = -LONGEST

    def stale(self, kid: str | None, at: int) -> bool:
        """Whether they should be read before this key is looked for."""
        if at - self.asked_at < PAUSE:
            return False
        return self.get(kid, at) is None or at - self.read_at >= KEPT

    def get(self, kid: str | None, at: int) -> Key | None:
        """The key of that name, or the only one where none is named; None where it is not among those known."""
        if at - self.read_at >= LONGEST:
            return None
        if not kid:
            return next(iter(self.keys.values())) if len(self.keys) == 1 else None
        return self.keys.get(kid)

    def asked(self, at: int) -> "KnownKeys":
        """The same keys, asked for now: whatever comes of it, nobody asks again for a while."""
        return KnownKeys(self.keys, self.read_at, at)


class TrustedKeys:
    """The keys of one party; ``read`` gives the JWK Set and may raise :class:`OSError` or :class:`httpx.HTTPError`."""

    def __init__(self, read: Read) -> None:
        """Nothing is read yet."""
        self._read = read
        self._known = KnownKeys()
        self._turn = asyncio.Lock()

    async def wanted(self, kid: str | None, at: int) -> Key | None:
        """The key, read first where it should be, in a thread of its own; who comes meanwhile for a key not known yet
        waits for what is being read."""
        if self._known.get(kid, at) is None or self._known.stale(kid, at):
            async with self._turn:
                if self._known.stale(kid, at):
                    await asyncio.to_thread(self._refresh, at)
        return self._known.get(kid, at)

    def find(self, kid: str | None, at: int) -> Key | None:
        """The key, read first where it should be; may wait for the network."""
        if self._known.stale(kid, at):
            self._refresh(at)
        return self._known.get(kid, at)

    def _refresh(self, at: int) -> None:
        """Read them again. What cannot be read changes nothing."""
        self._known = self._known.asked(at)
        try:
            self._known = KnownKeys(read_keys(self._read()), at, at)
        except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError):
            return


def trusted_keys(row: NamesKeys, folder: Path) -> TrustedKeys:
    """The keys that a row of settings names; ``folder`` is where its own file lies."""
    return TrustedKeys(from_file(folder / row.jwks_file) if row.jwks_file else from_address(row.jwks_address))


def key_faults(row: NamesKeys) -> Iterator[str]:
    """What is wrong with where a row says that the keys are."""
    if bool(row.jwks_file) == bool(row.jwks_address):
        yield "keys come from jwks_file or from jwks_address"
    if row.jwks_address and urlsplit(row.jwks_address).scheme != "https":
        yield "jwks_address must be https"


def read_keys(data: bytes) -> dict[str, Key]:
    """The signature keys of a JWK Set by name; a key that cannot be used is left out. ``ValueError`` if it is none."""
    if len(data) > LARGEST:
        raise ValueError("too large for a JWK Set")
    document = json.loads(data)
    rows = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise ValueError("not a JWK Set")
    return usable_keys(rows)


def usable_keys(rows: list[object]) -> dict[str, Key]:
    """Those of a JWK Set's keys that may verify a signature, by name; others are left out, not fatal (RFC 7517 §5)."""
    found = [key for row in rows[:MOST] if (key := _usable(row)) is not None]
    return {key.kid or key.thumbprint(): key for key in found}


def from_file(path: Path) -> Read:
    """Reads a JWK Set from a file."""
    return path.read_bytes


def from_address(address: str, seconds: float = 5.0) -> Read:
    """Fetches a JWK Set over HTTPS within a time and a size; no redirect is followed, no proxy read from the
    environment."""

    def fetch() -> bytes:
        ends, found = time.monotonic() + seconds, bytearray()
        with (
            httpx.Client(timeout=seconds, trust_env=False, verify=machine_trust()) as client,
            client.stream("GET", address, follow_redirects=False) as answer,
        ):
            for part in answer.raise_for_status().iter_bytes():
                found += part
                if len(found) > LARGEST or time.monotonic() > ends:
                    raise ValueError("too large or too slow for a JWK Set")
        return bytes(found)

    return fetch


def _usable(row: object) -> Key | None:
    """A public key for signatures. Secret keys and those too short are not used, whatever they are called."""
    if not isinstance(row, dict) or row.get("kty") not in ASYMMETRIC or row.get("use", "sig") != "sig":
        return None
    public = {name: value for name, value in row.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "oth")}
    try:
        return None if _is_short(public) else JWKRegistry.import_key({**public, "key_ops": ["verify"]})
    except (JoseError, ValueError, TypeError):
        return None


def _is_short(row: dict[str, object]) -> bool:
    number = row.get("n")
    if row["kty"] != "RSA" or not isinstance(number, str):
        return False
    return int.from_bytes(base64.urlsafe_b64decode(f"{number}===")).bit_length() < SMALLEST_RSA
