"""Several workers tell one subscriber and one of them is killed while it sends: everything is told, in order, without gaps."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from patientoverblik.access import PersonFacts
from patientoverblik.demo.wiring import system_of
from patientoverblik.service import Delivery, Handed, House, Received, deliver
from patientoverblik.service.hook import Channel, Hook
from patientoverblik.service.subscribe import Asked, subscribe
from patientoverblik.service.subscription import Subscription
from patientoverblik.sharing.find import Query
from patientoverblik.sharing.stored_query import BOTH, Wanted
from tests.conftest import PROJECT
from tests.doors.connectors.receivers import Heard
from tests.doors.fhir.hooks import STORY, bundles, endpoint, entry_ids, said
from tests.faults.hook_worker import house_on
from tests.generative.doors.worlds import DOCTOR, KEY, RELATIONS
from tests.unit.service.make import run

WORKERS = 3
SECONDS = 60


def furnish(house: House) -> None:
    """The first document of a patient whose doctor the subscriber is."""

    def work(transaction) -> None:
        transaction.put_person(KEY, PersonFacts(born=0))
        for relation in RELATIONS:
            transaction.put_relation(KEY, relation)

    comes(house, 0)
    house.storage.act(work).result()


def comes(house: House, number: int) -> None:
    answer = run(deliver(house, system_of(STORY[number].by), Delivery((Handed(STORY[number].data),))))
    assert isinstance(answer, Received), answer


def subscribed(house: House, address: str) -> Subscription:
    wanted = Wanted("FindDocuments", Query(statuses=BOTH))
    reference = "https://here.example/fhir/Subscription/"
    hook = Hook(Channel(at_most=2), "x")
    asked = Asked(KEY, "MinimalDocumentEntry", wanted, f"{address}/hook", lambda id_: reference + id_, hook=hook)
    made = run(subscribe(house, DOCTOR.actor, "treatment", asked))
    assert isinstance(made, Subscription), made
    return made


def worker(path: Path, address: str, certificate: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.hook_worker", str(path), address, str(certificate)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0, cwd=PROJECT)


def sending(workers: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """The worker that says that it sends an event."""
    by_pipe = {each.stdout: each for each in workers}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select(list(by_pipe), [], [], 1)
        for pipe in ready:
            if pipe.readline() == b"event-notification\n":
                return by_pipe[pipe]
    raise AssertionError("nobody sent anything")


def all_told(house: House, made: Subscription, number: int) -> bool:
    held = house.storage.reader().subscription(made.id)
    return held is not None and held.hook is not None and held.hook.met and held.hook.count == number


def wait_until_told(house: House, made: Subscription, number: int) -> None:
    until = time.monotonic() + SECONDS
    while not all_told(house, made, number):
        assert time.monotonic() < until
        select.select([], [], [], 0.05)


def first_told(heard: Heard) -> dict[str, str]:
    """What each number was told to mean, in the order in which it was first told."""
    meant: dict[str, str] = {}
    for bundle in bundles(heard):
        for number, what in said(bundle)["events"]:
            assert meant.setdefault(number, what) == what
    return meant


def test_everything_is_told_in_order_though_a_worker_is_killed_while_it_sends(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with endpoint(tmp_path) as (heard, _):
        house = house_on(path, heard.url)
        furnish(house)
        made = subscribed(house, heard.url)
        workers = [worker(path, heard.url, tmp_path / "certificate.pem") for _ in range(WORKERS)]
        try:
            wait_until_told(house, made, 0)
            last = len(STORY) - 1
            for number in range(1, last):
                comes(house, number)
            heard.open.clear()
            comes(house, last)
            killed = sending(workers)
            killed.send_signal(signal.SIGKILL)
            heard.open.set()
            wait_until_told(house, made, last)
        finally:
            for each in workers:
                each.kill()
                each.communicate()
        meant = first_told(heard)
        assert list(meant) == [str(number + 1) for number in range(last)]
        assert list(meant.values()) == entry_ids(house)[1:]
        house.storage.close()
