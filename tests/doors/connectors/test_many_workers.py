"""One outbox and several workers, one of them killed: everything is told, and only what it held is told again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from lxml import etree

from patientoverblik.storage.sqlite import SqliteStorage
from tests.conftest import PROJECT
from tests.doors.connectors.receivers import http_receiver
from tests.unit.notify.make import CPR, a_look, a_message

LOOKS = 300
TOGETHER = 20
FINE = b"<a><NumberAdded>20</NumberAdded><NumberFailed>0</NumberFailed></a>"


def filled(path: Path) -> None:
    storage = SqliteStorage(path)

    def work(tx):
        tx.claim_patient(CPR, 7)
        for number in range(LOOKS):
            tx.post(a_message(a_look(id=f"urn:uuid:look-{number}"), "minlog", due=number))

    storage.act(work).result(timeout=30)
    storage.close()


def worker(path: Path, url: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.doors.connectors.worker", str(path), url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT, env=dict(os.environ))


def sequences(body: bytes) -> list[str]:
    return [each.text for each in etree.fromstring(body).iter("SequenceNumber")]


def test_everything_is_told_though_a_worker_is_killed(tmp_path):
    path = tmp_path / "store.db"
    filled(path)
    with http_receiver((200, FINE)) as heard:
        heard.open.clear()
        workers = [worker(path, heard.url) for _ in range(3)]
        for each in workers:
            assert each.stdout.readline() == b"telling\n"
        workers[0].send_signal(signal.SIGKILL)
        heard.open.set()
        for each in workers:
            each.communicate(timeout=60)
    assert [each.returncode for each in workers] == [-signal.SIGKILL, 0, 0]
    told = [one for _, _, body in heard.requests for one in sequences(body)]
    assert set(told) == {f"look-{number}" for number in range(LOOKS)}
    assert len(told) - LOOKS <= len(workers) * TOGETHER  # a machine that is too slow lets a lease run out
    storage = SqliteStorage(path)
    assert storage.reader().queues() == ()
    storage.close()
