"""A house around a storage, and a key, so that its trail can be sealed and verified."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from patientoverblik.app.keys import PublicKeys, SigningKey
from patientoverblik.problems import Finding
from patientoverblik.service.checkpoint import checkpoint
from patientoverblik.service.house import House
from patientoverblik.service.seals import TailEnd
from patientoverblik.service.verify import Outside, Verified, Witnessed, verify
from tests.storages.samples import Ids

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(b"1" * 32))
OLDER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(b"2" * 32))
KEYS = PublicKeys({key.id: key.public for key in (KEY, OLDER_KEY)})


async def wait(future: Any) -> Any:
    return future.result(timeout=60)


def house_of(storage: Any, now: int = 1_700_000_000_000) -> House:
    return House(storage, lambda: now, Ids(), wait, {}, "1.2.3", "1.2.4")


def seal(storage: Any, key: SigningKey = KEY) -> int:
    """Seal everything; how many checkpoints it took."""
    return len(asyncio.run(checkpoint(house_of(storage), key)))


def looked_through(
    storage: Any,
    keys: PublicKeys = KEYS,
    witnessed: tuple[Witnessed, ...] = (),
    ends: tuple[TailEnd, ...] = (),
    key: SigningKey | None = KEY,
) -> tuple[list[Finding], Verified]:
    """Every fault of the trail, and how much was looked at."""
    found = []
    with storage.snapshot() as reader:
        walk = verify(reader, keys, Outside(witnessed, ends, key))
        while True:
            try:
                found.append(next(walk))
            except StopIteration as end:
                return found, end.value


def codes(storage: Any, **more: Any) -> list[str]:
    return [finding.code for finding in looked_through(storage, **more)[0]]


def last_checkpoint(path: Path | Any) -> Any:
    return path.reader().last_checkpoint()
