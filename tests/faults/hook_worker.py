"""One of several workers that tell rest-hooks from one database: it says each delivery before it sends it."""

import os
import ssl
import sys
import time
from ipaddress import ip_network
from pathlib import Path
from threading import Event

import httpx
import msgspec

from patientoverblik.app.hooks import hooks_of
from patientoverblik.app.wiring import RandomIds, now
from patientoverblik.notify import deliver
from patientoverblik.problems import Fault
from patientoverblik.service import House
from patientoverblik.service.subscription import Consumer
from patientoverblik.storage.sqlite import SqliteStorage
from tests.doors.fhir.world import OPAQUE
from tests.generative.doors.worlds import KEY, an_empty_house, place

LEASE = 4000
BREATH = 0.3
"""Between saying and sending (s): a signal that follows the saying meets a delivery that is decided and not sent."""


class Ids(RandomIds):
    """Random ids, and the one patient of the tests."""

    def patient_key(self) -> int:
        return KEY


def house_on(path: Path, address: str) -> House:
    """A house on a database file, whose practice may be told at an address."""
    consumers = (Consumer(place("general-practice"), address),)
    parts = {"storage": SqliteStorage(path), "clock": now, "ids": Ids(), "consumers": consumers}
    return msgspec.structs.replace(an_empty_house(), **parts)


def main(path: str, address: str, certificate: str) -> None:
    context = ssl.create_default_context(cafile=certificate)
    house = house_on(Path(path), address)
    feed = hooks_of(house, OPAQUE, httpx.Client(verify=context, trust_env=False), (ip_network("127.0.0.0/8"),))
    feed.lease = LEASE
    written, resting, until = feed._written, Event(), time.monotonic() + 120

    def told(sent):
        os.write(1, f"{sent.kind}\n".encode())
        resting.wait(BREATH)
        return written(sent)

    feed._written = told
    while time.monotonic() < until:
        try:
            idle = not deliver(house.storage, feed, house.clock).taken
        except Fault:
            idle = True
        if idle:
            resting.wait(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
