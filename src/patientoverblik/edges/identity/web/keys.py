"""What a provider says of itself, and its keys: kept, and fetched anew as they grow old.

Whoever can reach the logout address can name keys that do not exist, so an unknown name asks the provider only as often
as :class:`KnownKeys` allows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from joserfc import jwk

from patientoverblik.edges.identity.keys import KnownKeys, usable_keys
from patientoverblik.edges.identity.web.discovery import discover
from patientoverblik.edges.identity.web.model import Metadata
from patientoverblik.edges.identity.web.network import UNREACHABLE, Network, ask_json
from patientoverblik.problems import Fault

HOUR = 3_600_000
DAY = 24 * HOUR
MINUTE = 60_000
REST = 15_000
Find = Callable[[Network, str], Awaitable[Metadata]]


class Kept(msgspec.Struct, frozen=True):
    """What was fetched from a provider, and when it was fetched and last asked for what it says of itself (ms UTC)."""

    metadata: Metadata
    keys: KnownKeys
    fetched_at: int
    metadata_at: int


class Known:
    """What one worker knows of one provider. Nothing another worker needs: it can always be fetched again."""

    def __init__(self, network: Network, issuer: str, find: Find = discover) -> None:
        """Know nothing yet; ``find`` asks the provider what it says of itself."""
        self._network = network
        self._issuer = issuer
        self._find = find
        self._kept: Kept | None = None
        self._silent_until = 0
        self._turn = asyncio.Lock()

    async def metadata(self, at: int) -> Metadata:
        """What the provider says of itself, at most an hour old while it can be reached."""
        return (await self._current(at)).metadata

    async def key(self, kid: str, at: int) -> jwk.Key | None:
        """The key of a name, or the only one where none is named; None where the provider has no such key."""
        kept = await self._current(at)
        if kept.keys.stale(kid, at):
            kept = await self._again(kept, kid, at)
        return kept.keys.get(kid, at)

    async def _current(self, at: int) -> Kept:
        async with self._turn:
            kept = self._kept
            if kept is None:
                kept = self._kept = await self._first(at)
            elif at - kept.metadata_at >= HOUR:
                kept = self._kept = await self._refreshed(kept, at)
        return kept

    async def _first(self, at: int) -> Kept:
        """All of it for the first time; after a fault nobody waits for the provider again until a while has passed."""
        if at < self._silent_until:
            raise Fault(UNREACHABLE)
        try:
            return await self._fetched(at)
        except Fault as fault:
            self._silent_until = at + REST if fault.code == UNREACHABLE else 0
            raise

    async def _again(self, seen: Kept, kid: str, at: int) -> Kept:
        """The keys fetched anew, once for all who miss one at the same time; one that is known needs no provider."""
        async with self._turn:
            kept = self._kept
            if kept is not None and kept is not seen:
                return kept
            kept = self._kept = msgspec.structs.replace(seen, keys=seen.keys.asked(at))
            try:
                keys = await fetch_keys(self._network, seen.metadata.jwks_uri)
            except Fault:
                if kept.keys.get(kid, at) is None:
                    raise
                return kept
            kept = self._kept = msgspec.structs.replace(seen, keys=KnownKeys(keys, at, at))
        return kept

    async def _refreshed(self, kept: Kept, at: int) -> Kept:
        """All of it anew; while the provider cannot be reached what is known holds, minute by minute for a day."""
        try:
            return await self._fetched(at)
        except Fault:
            if at - kept.fetched_at >= DAY:
                self._kept, self._silent_until = None, at + REST
                raise
            return msgspec.structs.replace(kept, metadata_at=at - HOUR + MINUTE)

    async def _fetched(self, at: int) -> Kept:
        metadata = await self._find(self._network, self._issuer)
        keys = await fetch_keys(self._network, metadata.jwks_uri)
        return Kept(metadata, KnownKeys(keys, at, at), at, at)


async def fetch_keys(network: Network, address: str) -> Mapping[str, jwk.Key]:
    """The public keys at an address that may verify a signature, by name."""
    listed = (await ask_json(network, address)).get("keys")
    return usable_keys(listed if isinstance(listed, list) else [])
