"""``make bench-large``: how a look grows from 10 000 to 1 000 000 documents, warm and cold; and ITI-18 and a search.

``python -m benches.large [DOCUMENTS…]`` measures at the sizes given; without any at 10 000 and 1 000 000. Then
the same files are copied to a private PostgreSQL server, where its programs are, and looked at there.
The database lies in the folder for temporary files (TMPDIR) and is removed afterwards.
"""

import asyncio
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import msgspec

from benches.clone import DOCUMENTS_EACH, TooLong, grow, number_of_clone
from benches.cold import look_at, settings_of
from benches.large_postgres import BLOCK, OnServer, copied, measured
from benches.postgres import server
from benches.warm import WARM_LOOKS, Act, Grown, timed_by_turns
from benches.world import fill
from patientoverblik.access import Refusal
from patientoverblik.app.keys import SigningKey
from patientoverblik.app.settings import Settings
from patientoverblik.app.trail import seal, signing_key
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
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
COLD_LOOKS = 7
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
class Base(Grown):
    """A file, and the keys of the patients its clones are made from."""

    path: Path
    patients: tuple[int, ...]


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
            bases = _bases(Path(folder), sizes)
            _print(_all(bases))
            _print_server(_on_server(bases[1:]))
        except TooLong:
            print(f"\nnot done within {MOST_SECONDS / 60:.0f} minutes: nothing was measured")
            return 1
    return 0


def _bases(folder: Path, sizes: Sequence[int]) -> list[Base]:
    """The filled database, and one grown to each size."""
    bases, until = [_filled(folder / "filled.sqlite3")], time.monotonic() + MOST_SECONDS
    for size in sizes:
        bases.append(_grown(bases[-1], folder / f"{size}.sqlite3", size, until))
    return bases


def _all(bases: Sequence[Base]) -> list[Measured]:
    small = bases[0]
    print("cold looks …", flush=True)
    cold = [[_cold(base, small, act) for act in ("picture", "look")] for base in bases[1:]]
    print("warm looks …", flush=True)
    acts: tuple[Act, ...] = (partial(look_at, written=False), partial(look_at, written=True), found_by, searched_by)
    warm = [timed_by_turns(bases[1:], act) for act in acts]
    return [
        Measured(base.documents, base.path.stat().st_size, picture, look, found, searched, *colds)
        for base, picture, look, found, searched, colds in zip(bases[1:], *warm, cold, strict=True)
    ]


def _on_server(bases: Sequence[Base]) -> list[OnServer]:
    with server() as running:
        if running is None:
            return []
        return list(measured(running, [copied(running, base.path, base) for base in bases], COLD_LOOKS))


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
    patients = tuple(key for (key,) in keys)
    return Base(world.settings, FILLED * DOCUMENTS_EACH, session, world.numbers, path, patients)


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
    return Base(settings_of(str(path)), size, base.session, numbers, path, base.patients)


def _raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


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
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return msgspec.json.decode(told, type=dict[str, int])


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


def _print_server(found: Sequence[OnServer]) -> None:
    for one in found:
        print(f"\nPostgreSQL, {one.documents} documents")
        for name, now, then in (
            ("picture", one.picture, found[0].picture),
            ("durable look", one.look, found[0].look),
        ):
            print(f"  warm {name:<13} {now:8.2f} ms   {now / then:.2f} × the smallest (goal ≤ {MOST_GROWTH})")
        read = one.blocks * BLOCK
        print(
            f"  cold durable look  {one.blocks:8.1f} blocks (goal ≤ {MOST_READS}), {read / 1000:.0f} kB:"
            f" {read / one.answer:.2f} × the answer's {one.answer / 1000:.0f} kB (goal ≤ {MOST_TIMES});"
            f" the very first after the server's start {one.first:.0f} blocks"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
