"""One of several workers that deliver one outbox: it tells until nothing waits, and says each batch before it sends it."""

import os
import sys
import time
from pathlib import Path
from threading import Event

import httpx

from patientoverblik.connectors import MinLog
from patientoverblik.notify import deliver
from patientoverblik.problems import Fault
from patientoverblik.storage.sqlite import SqliteStorage
from tests.unit.notify.make import OURSELVES


class Small(MinLog):
    """Small batches on a short lease, so that a killed worker's messages come back within the test."""

    together = 20
    lease = 5000

    def _post(self, body: bytes) -> bytes:
        os.write(1, b"telling\n")
        return super()._post(body)


def main(path: str, url: str) -> None:
    storage = SqliteStorage(Path(path))
    feed = Small(url, OURSELVES, httpx.Client(trust_env=False))
    resting = Event()
    while any(queue.waiting for queue in storage.reader().queues()):
        try:
            idle = not deliver(storage, feed, lambda: time.time_ns() // 1_000_000).taken
        except Fault:
            idle = True
        if idle:
            resting.wait(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
