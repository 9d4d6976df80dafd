"""``make bench-large``: how a look grows from 10 000 to 1 000 000 documents, warm and cold.

``python -m benches.large [DOCUMENTS…]`` measures at the sizes given, smallest first; without any at 10 000 and 1 000 000.
The database lies in the folder for temporary files (TMPDIR) and is removed afterwards.
"""

import asyncio
import json
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benches.clone import DOCUMENTS_EACH, grow, number_of_clone
from benches.cold import look_at, settings_of
from benches.world import World, fill
from patientoverblik.app.workshop import opened
from patientoverblik.demo.identifiers import CPR
from patientoverblik.service.house import House
from patientoverblik.storage.sqlite.place import span

SIZES = (10_000, 1_000_000)
FILLED = 25
BYTES_EACH = 20_000
WARM_LOOKS = 100
WARM_ROUNDS = 3
COLD_LOOKS = 9
MOST_GROWTH, MOST_READS, MOST_TIMES = 1.3, 25, 3


@dataclass(frozen=True)
class Cold:
    """The median of cold looks: read calls and bytes, the answer's bytes, and the bytes of what it is made of as kept."""

    reads: float
    bytes: float
    from_disk: float
    answer: float
    kept: float


@dataclass(frozen=True)
class Measured:
    """One size: documents, bytes of the file, warm milliseconds, and what is read cold without and with writing."""

    documents: int
    file: int
    picture: float
    look: float
    cold_picture: Cold
    cold_look: Cold


def main(words: Sequence[str]) -> int:
    """Fill, clone, measure, print; 1 where there is no room, else 0 whatever the figures."""
    sizes = sorted(int(word) for word in words) or list(SIZES)
    with tempfile.TemporaryDirectory(prefix="bench-large-") as folder:
        needed, free = sizes[-1] * BYTES_EACH, shutil.disk_usage(folder).free
        if free < needed:
            print(f"{folder} has {free / 1e9:.0f} GB free; {sizes[-1]} documents take {needed / 1e9:.0f} GB")
            return 1
        _print(_all(Path(folder), sizes))
    return 0


def _all(folder: Path, sizes: Sequence[int]) -> list[Measured]:
    warmer, world = fill(folder / "warmer.sqlite3", 1), fill(folder / "large.sqlite3", FILLED)
    session = _same_session(warmer, world)
    patients, cloned, found = _patients(world), 0, []
    for size in sizes:
        began, wanted = time.perf_counter(), size // DOCUMENTS_EACH - FILLED
        print(f"growing to {size} documents …", flush=True)
        grow(folder / "large.sqlite3", patients, cloned, wanted)
        cloned = wanted
        print(f"{size} documents after {time.perf_counter() - began:.0f} s; measuring …", flush=True)
        found.append(_measure(world, warmer, session, size, cloned))
    return found


def _same_session(warmer: World, world: World) -> str:
    """The session both databases know."""
    session = sha256(world.token.encode()).hexdigest()
    with opened(world.settings) as house, opened(warmer.settings) as other:
        held = house.storage.reader().session(session)
        if held is None:
            raise RuntimeError("the bench session is gone")
        other.storage.act(lambda transaction: transaction.put_session(held)).result()
    return session


def _patients(world: World) -> list[int]:
    with closing(_raw(world)) as database:
        return [row[0] for row in database.execute("select patient from patient_locator order by value")]


def _raw(world: World) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{world.settings.database_file}?mode=ro", uri=True)


def _measure(world: World, warmer: World, session: str, size: int, cloned: int) -> Measured:
    chosen = random.Random(size).sample(range(cloned), WARM_LOOKS + COLD_LOOKS)
    numbers = [number_of_clone(clone) for clone in chosen]
    cold = [_cold(world, warmer, session, numbers[-COLD_LOOKS:], act) for act in ("picture", "look")]
    with opened(world.settings) as house:
        warm = [_warm(house, session, numbers[:WARM_LOOKS], written) for written in (False, True)]
    file = world.settings.database_file
    return Measured(size, file.stat().st_size if file else 0, *warm, *cold)


def _warm(house: House, session: str, numbers: Sequence[str], written: bool) -> float:
    """Milliseconds for a patient nobody has just looked at: the file's pages in memory, nothing decoded yet.

    The median of the patients; for each the best of several rounds, so that what else the machine does counts least.
    """

    async def rounds() -> list[float]:
        return [await _timed(house, lambda n=number: look_at(house, session, n, written)) for number in numbers]

    asyncio.run(rounds())
    seen = [asyncio.run(rounds()) for _ in range(WARM_ROUNDS)]
    return statistics.median(min(times) for times in zip(*seen, strict=True))


async def _timed(house: House, act: Callable[[], Awaitable[object]]) -> float:
    house.kept.clear()
    began = time.perf_counter()
    await act()
    return 1000 * (time.perf_counter() - began)


def _cold(world: World, warmer: World, session: str, numbers: Sequence[str], act: str) -> Cold:
    told = [_looked(world, warmer, session, number, act) for number in numbers]
    kept = [_kept(world, number) for number in numbers]
    middle = {name: statistics.median(one[name] for one in told) for name in told[0]}
    return Cold(kept=statistics.median(kept), **middle)


def _looked(world: World, warmer: World, session: str, number: str, act: str) -> dict[str, int]:
    """One look in a new process with nothing of the file in memory."""
    files = [str(one.settings.database_file) for one in (world, warmer)]
    command = [sys.executable, "-m", "benches.cold", *files, warmer.numbers[0], session, number, act]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def _kept(world: World, number: str) -> int:
    """The bytes a look is made of as they are kept: the patient's entries and care contributions."""
    with closing(_raw(world)) as database:
        asked = "select patient from patient_locator where system = ? and value = ?"
        where = span(database.execute(asked, (CPR, number)).fetchone()[0])
        return sum(
            database.execute(f"select sum(length(data)) from {table} where place between ? and ?", where).fetchone()[0]
            for table in ("entry", "care")
        )


def _print(found: Sequence[Measured]) -> None:
    first = found[0]
    for one in found:
        print(f"\n{one.documents} documents, {one.file / 1e9:.2f} GB")
        for name, now, then in (("picture", one.picture, first.picture), ("durable look", one.look, first.look)):
            print(f"  warm {name:<13} {now:8.2f} ms   {now / then:.2f} × the smallest (goal ≤ {MOST_GROWTH})")
        for name, cold in (("picture", one.cold_picture), ("durable look", one.cold_look)):
            print(
                f"  cold {name:<13} {cold.reads:8.0f} reads (goal ≤ {MOST_READS}), {cold.bytes / 1000:.0f} kB read"
                f" ({cold.from_disk / 1000:.0f} kB from disk): {cold.bytes / cold.answer:.2f} × the answer's"
                f" {cold.answer / 1000:.0f} kB, {cold.bytes / cold.kept:.2f} × the kept {cold.kept / 1000:.0f} kB"
                f" (goal ≤ {MOST_TIMES})"
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
