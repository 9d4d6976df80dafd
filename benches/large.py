"""``make bench-large``: how a look grows from 10 000 to 1 000 000 documents, warm and cold; and ITI-18.

``python -m benches.large [DOCUMENTS…]`` measures at the sizes given; without any at 10 000 and 1 000 000.
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
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from benches.clone import DOCUMENTS_EACH, TooLong, grow, number_of_clone
from benches.cold import look_at, settings_of
from benches.world import fill
from patientoverblik.access import Refusal
from patientoverblik.app.keys import SigningKey
from patientoverblik.app.settings import Settings
from patientoverblik.app.trail import seal, signing_key
from patientoverblik.app.workshop import opened
from patientoverblik.demo.identifiers import CPR
from patientoverblik.edges.fhir.call import Call
from patientoverblik.edges.fhir.content import forget
from patientoverblik.edges.fhir.contents_read import find
from patientoverblik.edges.fhir.opaque import SECRET_LENGTH, Opaque
from patientoverblik.edges.fhir.sender import Sender
from patientoverblik.edges.identity.scopes import parse_scopes
from patientoverblik.edges.soap.objects import leaves
from patientoverblik.service.house import House
from patientoverblik.service.registry import query
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stored_query import Wanted
from patientoverblik.storage.sql.place import span

SIZES = (10_000, 1_000_000)
FILLED = 25
BYTES_EACH = 20_000
MOST_SECONDS = 1800
WARM_LOOKS = 100
WARM_ROUNDS = 3
COLD_LOOKS = 7
Act = Callable[[House, str, str], Awaitable[int]]
MOST_GROWTH, MOST_READS, MOST_TIMES = 1.3, 25, 3


@dataclass(frozen=True)
class Cold:
    """The median of cold looks: read calls and bytes, the answer's bytes, and those of what it is made of as kept."""

    reads: float
    bytes: float
    from_disk: float
    answer: float
    kept: float


@dataclass(frozen=True)
class Base:
    """A database: the keys of the patients its clones are made from, a session, and numbers of patients to look at."""

    path: Path
    documents: int
    patients: tuple[int, ...]
    session: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """One size: documents, bytes of the file, warm milliseconds, and what is read cold without and with writing."""

    documents: int
    file: int
    picture: float
    look: float
    found: float
    searched: float
    cold_picture: Cold
    cold_look: Cold


def main(words: Sequence[str]) -> int:
    """Fill, clone, measure, print; 1 where there is no room or no time for it, else 0 whatever the figures."""
    sizes = sorted(int(word) for word in words) or list(SIZES)
    with tempfile.TemporaryDirectory(prefix="bench-large-") as folder:
        needed, free = sum(sizes) * BYTES_EACH, shutil.disk_usage(folder).free
        if free < needed:
            print(f"{folder} has {free / 1e9:.0f} GB free; {sizes[-1]} documents take {needed / 1e9:.0f} GB")
            return 1
        try:
            _print(_all(Path(folder), sizes))
        except TooLong:
            print(f"\nnot done within {MOST_SECONDS / 60:.0f} minutes: nothing was measured")
            return 1
    return 0


def _all(folder: Path, sizes: Sequence[int]) -> list[Measured]:
    small = _filled(folder / "filled.sqlite3")
    bases, until = [small], time.monotonic() + MOST_SECONDS
    for size in sizes:
        bases.append(_grown(bases[-1], folder / f"{size}.sqlite3", size, until))
    print("cold looks …", flush=True)
    cold = [[_cold(base, small, act) for act in ("picture", "look")] for base in bases[1:]]
    print("warm looks …", flush=True)
    acts: tuple[Act, ...] = (partial(look_at, written=False), partial(look_at, written=True), found_by, searched_by)
    warm = [_warm(bases[1:], act) for act in acts]
    return [
        Measured(base.documents, base.path.stat().st_size, picture, look, found, searched, *colds)
        for base, picture, look, found, searched, colds in zip(bases[1:], *warm, cold, strict=True)
    ]


def _filled(path: Path) -> Base:
    """The patients that were filled through the doors, each looked at once, and the trail sealed as a service does."""
    world = fill(path, FILLED)
    session = sha256(world.token.encode()).hexdigest()
    with opened(world.settings) as house:
        for number in world.numbers:
            asyncio.run(look_at(house, session, number, written=True))
        asyncio.run(seal(world.settings, house, sealing_key(world.settings)))
    with closing(_raw(path)) as database:
        keys = database.execute("select patient from patient_locator order by value").fetchall()
    return Base(path, FILLED * DOCUMENTS_EACH, tuple(key for (key,) in keys), session, world.numbers)


def sealing_key(settings: Settings) -> SigningKey:
    """The demo's key."""
    key = signing_key(settings)
    if key is None:
        raise RuntimeError("a bench database is a demo's and has a key")
    return key


def _grown(base: Base, path: Path, size: int, until: float) -> Base:
    """A copy grown to ``size`` documents, or the fault that it takes too long."""
    began = time.perf_counter()
    print(f"growing to {size} documents …", flush=True)
    shutil.copyfile(base.path, path)
    first, last = (documents // DOCUMENTS_EACH - FILLED for documents in (base.documents, size))
    grow(path, base.patients, first, last, until)
    print(f"{size} documents after {time.perf_counter() - began:.0f} s", flush=True)
    numbers = tuple(number_of_clone(one) for one in random.Random(size).sample(range(last), WARM_LOOKS + COLD_LOOKS))
    return Base(path, size, base.patients, base.session, numbers)


def _raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _warm(bases: Sequence[Base], act: Act) -> list[float]:
    """Milliseconds for a patient nobody has just looked at: the file's pages in memory, nothing decoded yet.

    The sizes take turns look by look, so that what else the machine does falls on all of them alike. The median of the
    patients; for each the best of several rounds.
    """
    with ExitStack() as stack:
        houses = [(stack.enter_context(opened(settings_of(str(base.path)))), base) for base in bases]
        asyncio.run(_round(houses, act))
        rounds = [asyncio.run(_round(houses, act)) for _ in range(WARM_ROUNDS)]
    return [statistics.median(min(times) for times in zip(*each, strict=True)) for each in zip(*rounds, strict=True)]


async def _round(houses: Sequence[tuple[House, Base]], act: Act) -> list[list[float]]:
    spent: list[list[float]] = [[] for _ in houses]
    for turn in range(WARM_LOOKS):
        for (house, base), times in zip(houses, spent, strict=True):
            times.append(await _timed(house, partial(act, house, base.session, base.numbers[turn])))
    return spent


async def found_by(house: House, session: str, number: str) -> int:
    """What the door does for ITI-18 FindDocuments once it knows who asks: decided, found, written down, as XML."""
    held = house.storage.reader().session(session)
    if held is None:
        raise RuntimeError("the bench session is gone")
    answer = await query(house, held.actor, "treatment", Wanted("FindDocuments"), PatientId(CPR, number))
    if isinstance(answer, Refusal):
        raise RuntimeError("the bench query was refused")
    return sum(map(len, leaves(answer, house.home)))


async def searched_by(house: House, session: str, number: str) -> int:
    """What the FHIR door does for a search of a patient's CarePlans with all that comes along, once it knows who asks;
    every resource is written anew."""
    held = house.storage.reader().session(session)
    if held is None:
        raise RuntimeError("the bench session is gone")
    forget()
    asked = (("patient.identifier", f"urn:oid:{CPR}|{number}"), ("_include", "*"))
    sender = Sender(held.actor, parse_scopes(["user/*.rs"]))
    answer = await find(Call(house, Opaque(bytes(SECRET_LENGTH)), sender, "http://bench/fhir", "CarePlan", asked=asked))
    if answer.status != HTTPStatus.OK:
        raise RuntimeError("the bench search was refused")
    return len(answer.data)


async def _timed(house: House, act: Callable[[], Awaitable[object]]) -> float:
    house.kept.clear()
    began = time.perf_counter()
    await act()
    return 1000 * (time.perf_counter() - began)


def _cold(base: Base, small: Base, act: str) -> Cold:
    numbers = base.numbers[-COLD_LOOKS:]
    told = [_looked(base, small, number, act) for number in numbers]
    kept = [_kept(base, number) for number in numbers]
    middle = {name: statistics.median(one[name] for one in told) for name in told[0]}
    return Cold(kept=statistics.median(kept), **middle)


def _looked(base: Base, small: Base, number: str, act: str) -> dict[str, int]:
    """One look in a new process with nothing of the file in memory."""
    files = [str(base.path), str(small.path)]
    command = [sys.executable, "-m", "benches.cold", *files, small.numbers[0], base.session, number, act]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def _kept(base: Base, number: str) -> int:
    """The bytes a look is made of as they are kept: the patient's evidence, entries and care contributions."""
    with closing(_raw(base.path)) as database:
        asked = "select patient from patient_locator where system = ? and value = ?"
        where = span(database.execute(asked, (CPR, number)).fetchone()[0])
        asked = "select sum(length(data)) from shelf where place between ? and ?"
        return int(database.execute(asked, where).fetchone()[0])


def _print(found: Sequence[Measured]) -> None:
    first = found[0]
    for one in found:
        print(f"\n{one.documents} documents, {one.file / 1e9:.2f} GB")
        for name, now, then in (
            ("picture", one.picture, first.picture),
            ("durable look", one.look, first.look),
            ("ITI-18", one.found, first.found),
            ("FHIR search", one.searched, first.searched),
        ):
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
