"""Faults under load: what is answered is right and in the log, what is refused says so with a code and when to come
again, and the service is whole again without a hand.

One round of each here; ``make soak-faults`` makes many (``PATIENTOVERBLIK_FAULT_ROUNDS``) and prints a table.
"""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
import pytest

from patientoverblik.app.database import open_database
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.postgres import migrate
from tests.doors.cli.program import NANCY, call
from tests.doors.serving.server import Server, serving
from tests.doors.serving.test_workers import children, logged_in
from tests.faults.load import BROKEN, Answer, Asking, asking, once
from tests.postgres import Server as Postgres
from tests.postgres import private_server

ROUNDS = int(os.environ.get("PATIENTOVERBLIK_FAULT_ROUNDS", "1"))
CALLERS, ENOUGH, BOUND = 6, 12, 60.0
CPR = "1.2.208.176.1.2"
# As long as the database says no, so may we; nothing else may be said.
REFUSED = {"storage.busy", "storage.disk", "storage.away", "portal.busy", "storage.closed"}
SETTINGS = "-c max_connections=30 -c shared_buffers=32MB"
SMALL = 400 << 20  # bytes of a disk that holds the demo and a little more


class Place(NamedTuple):
    """Where the demo is: a database's kind and address, its server where it has one that can be killed, and the folder
    of its disk where that can be filled."""

    kind: str
    address: str
    server: Postgres | None = None
    disk: Path | None = None


@pytest.fixture(scope="module", params=["sqlite", "postgres", "postgres on a small disk"])
def place(request, tmp_path_factory) -> Iterator[Place]:
    """The demo in a file, or on a server of its own."""
    try:
        load_assets()
    except FileNotFoundError:
        pytest.skip("the page assets are not laid out: make setup")
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('faults') / 'demo.sqlite3'}"
        assert call("demo", "--load-only", **on(address)).code == 0
        yield Place("sqlite", address)
        return
    own = small_disk() if request.param != "postgres" else nullcontext()
    with own as disk, private_server(SETTINGS, disk) as server:
        server.do("create database demo")
        migrate(server.address("demo"))
        assert call("demo", "--load-only", **on(server.address("demo"))).code == 0
        yield Place(request.param, server.address("demo"), server, disk)


@contextmanager
def small_disk() -> Iterator[Path]:
    """The folder of a small file system of its own, in a place that the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="po-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=755", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("no file system can be mounted here: tests with a full disk are left out")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def on(address: str) -> dict[str, str]:
    return {"PATIENTOVERBLIK_DATABASE": address, "PATIENTOVERBLIK_DEMO": "true"}


def kill_worker(server: Server, _: Place) -> None:
    """One worker is killed."""
    os.kill(min(children(server)), signal.SIGKILL)


def kill_database(_: Server, place: Place) -> None:
    """The database is killed and comes back."""
    place.server.stop("immediate")
    place.server.start(SETTINGS)


def use_up_connections(_: Server, place: Place) -> None:
    """Others have every connection the database allows, and those of the workers are cut."""
    held = []
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'patientoverblik'"
    with suppress(psycopg.OperationalError):
        for _ in range(40):
            held.append(psycopg.connect(place.address, autocommit=True))
    held[0].execute(cut)
    for each in held:
        each.close()


def make_read_only(server: Server, place: Place) -> None:
    """The database takes no writes for a while."""
    with psycopg.connect(place.address, autocommit=True) as connection:
        connection.execute("alter database demo set default_transaction_read_only = on")
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name <> ''")
        _wait_a_little(server)
        connection.execute("begin read write")
        connection.execute("alter database demo reset default_transaction_read_only")
        connection.execute("commit")
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name <> ''")


def fill_disk(server: Server, _: Place) -> None:
    """No file may grow: what a full disk is to a program."""
    workers = children(server)
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers}
    for pid, (_soft, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    _wait_a_little(server)
    for pid, limit in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def hold_file(_: Server, place: Place) -> None:
    """Somebody else writes and does not end: the database is slow, then busy."""
    with closing(sqlite3.connect(place.address.removeprefix("sqlite:///"), isolation_level=None, timeout=30)) as other:
        other.execute("begin immediate")
        time.sleep(1)
        other.execute("rollback")


def lock_table(_: Server, place: Place) -> None:
    """Somebody else holds the table that every look writes to, and does not end."""
    with psycopg.connect(place.address) as other:
        other.execute("lock table trail in exclusive mode")
        time.sleep(1)
        other.rollback()


def fill_server_disk(server: Server, place: Place) -> None:
    """The disk of the database is full to the last byte, until somebody makes room; a server that ended is started."""
    ballast = place.disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65536)):
            pass
    for _ in range(4):
        _wait_a_little(server)
    ballast.unlink()
    try:
        place.server.do("select 1")
    except psycopg.OperationalError:
        place.server.start(SETTINGS)


FAULTS: dict[str, tuple[Callable[[Server, Place], None], tuple[str, ...]]] = {
    "worker killed": (kill_worker, ("sqlite", "postgres")),
    "database killed and back": (kill_database, ("postgres",)),
    "connections cut and used up": (use_up_connections, ("postgres",)),
    "database read-only": (make_read_only, ("postgres",)),
    "no file may grow": (fill_disk, ("sqlite",)),
    "database slow": (hold_file, ("sqlite",)),
    "table held": (lock_table, ("postgres",)),
    "disk full": (fill_server_disk, ("postgres on a small disk",)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_under_load_is_survived(place, fault, tmp_path):
    act, kinds = FAULTS[fault]
    if place.kind not in kinds:
        pytest.skip(f"no such fault on {place.kind}")
    with workers(place, tmp_path) as server:
        doctor = logged_in(server, "egen-laege")
        first = _reference(doctor)
        for _ in range(ROUNDS):
            with asking(server, doctor.cookies, doctor.token, CALLERS) as told:
                _until(lambda told=told: told.seen(200) >= ENOUGH)
                act(server, place)
                began, before = time.monotonic(), told.seen(200)
                _until(lambda told=told, before=before: told.seen(200) >= before + ENOUGH)
                recovered = time.monotonic() - began
            _judge(told, first)
            _logged(place, told)
            _say(place, fault, told, recovered)
        doctor.close()
        assert server.stop() == 0
    _whole(place)


def test_four_times_too_many_are_told_to_come_again(place, tmp_path):
    if place.disk:
        pytest.skip("the same as on any other disk")
    with workers(place, tmp_path, PATIENTOVERBLIK_LIMIT_AT_ONCE="2") as server:
        doctor = logged_in(server, "egen-laege")
        first = _reference(doctor)
        with asking(server, doctor.cookies, doctor.token, 16) as told:
            _until(lambda: told.seen(200) >= 4 * ENOUGH and told.seen(503) >= ENOUGH)
        _judge(told, first)
        _logged(place, told)
        assert {answer.code for answer in told.answers if answer.status == 503} == {"portal.busy"}
        _say(place, "four times too many", told, 0.0)
        doctor.close()
        assert server.stop() == 0


@contextmanager
def workers(place: Place, tmp_path: Path, **more: str) -> Iterator[Server]:
    """Two workers without limits of how often somebody may ask."""
    free = {f"PATIENTOVERBLIK_LIMIT_{each}": "0" for each in ("ACTOR", "ADDRESS", "SEARCH")}
    with serving(tmp_path / "log", "serve", **on(place.address), **free, PATIENTOVERBLIK_WORKERS="2", **more) as server:
        yield server


def _reference(doctor: httpx.Client) -> bytes:
    told = Asking()
    return once(doctor, doctor.token, told).drawn


def _until(is_so: Callable[[], bool]) -> None:
    """Wait for something that load and recovery bring about, within a bound."""
    bound = time.monotonic() + BOUND
    while not is_so():
        assert time.monotonic() < bound, "not within the bound"
        time.sleep(0.02)


def _wait_a_little(server: Server) -> None:
    """As long as a few requests take, so that some of them meet the fault."""
    for _ in range(3):
        with suppress(httpx.TransportError):
            httpx.get(f"{server.address}/ready", timeout=10)
        time.sleep(0.2)


def _judge(told: Asking, first: bytes) -> None:
    """Right answers and refusals with a code of the catalogue, and when to come again."""
    assert first
    for answer in told.answers:
        if answer.status == 200:
            assert answer.drawn == first
        elif answer.status != BROKEN:
            assert _is_refusal(answer), answer


def _is_refusal(answer: Answer) -> bool:
    known = answer.code in REFUSED and CATALOGUE[answer.code].http == answer.status
    return known and answer.later.isdigit()


def _logged(place: Place, told: Asking) -> None:
    """Every answer has its look."""
    storage = open_database(place.address)
    try:
        reader = storage.reader()
        looks = {look.request for look in reader.looks(reader.patient_key(PatientId(CPR, NANCY)))}
    finally:
        storage.close()
    answered = {answer.request for answer in told.answers if answer.status == 200}
    assert answered
    assert answered <= looks


def _whole(place: Place) -> None:
    """Nothing is half there: every chain adds up, and no document is other than its hash says."""
    storage = open_database(place.address)
    assert storage.broken_chains() == 0
    storage.close()
    if place.server is None:
        with closing(sqlite3.connect(place.address.removeprefix("sqlite:///"))) as file:
            assert file.execute("pragma integrity_check").fetchone() == ("ok",)


def _say(place: Place, fault: str, told: Asking, recovered: float) -> None:
    counts = ", ".join(f"{name} {count}" for name, count in sorted(told.counts().items()))
    if ROUNDS > 1:
        sys.stderr.write(f"| {fault} | {place.kind} | {counts} | {recovered:.1f} s |\n")
