"""Who watches workers is never kept from one by another: a worker that keeps dying waits, and nobody else does."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

SECONDS = 30
WATCHED = """
import os, sys
from patientoverblik.app import workers
from patientoverblik.app.settings import Settings
workers.FIRST_WAIT = workers.LONGEST_WAIT = 3600.0
workers.ALONE_WAIT = 0.0
settings = Settings(port=0, workers=2)
post = workers.man(settings, workers.listen(settings))
if isinstance(post, workers.Ended):
    sys.exit(post.code)
os.write(1, f"{post.number} {os.getpid()} {int(post.speaks)}\\n".encode())
os.read(post.watcher, 1)
"""


@pytest.fixture
def watcher() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that watches two workers which do nothing but say that they have begun."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "bufsize": 0}
    with subprocess.Popen([sys.executable, "-c", WATCHED], **said) as process:
        yield process
        process.kill()


def told(watcher: "subprocess.Popen[bytes]") -> str:
    """The next line that is said: a worker's number, process and whether it tells what to open, or that one ended."""
    assert select.select([watcher.stdout], [], [], SECONDS)[0]
    return watcher.stdout.readline().decode().strip()


def begun(watcher: "subprocess.Popen[bytes]", number: int, speaks: bool = False) -> int:
    """The process of the next worker that begins, which is this one."""
    found, process, spoke = told(watcher).split()
    assert (found, spoke) == (str(number), str(int(speaks)))
    return int(process)


def killed(watcher: "subprocess.Popen[bytes]", number: int, process: int) -> None:
    """Kill a worker, until its watcher has seen it."""
    os.kill(process, signal.SIGKILL)
    assert told(watcher) == f"worker {number} ended with -9"


def both_begun(watcher: "subprocess.Popen[bytes]") -> tuple[int, int]:
    """The processes of both workers; the first alone says what to open."""
    first = sorted(told(watcher).split() for _ in range(2))
    assert [(number, speaks) for number, _, speaks in first] == [("0", "1"), ("1", "0")]
    return int(first[0][1]), int(first[1][1])


def test_the_last_worker_is_followed_at_once_while_another_waits(watcher):
    zero, one = both_begun(watcher)
    killed(watcher, 0, zero)
    for _ in range(2):
        killed(watcher, 1, one)
        one = begun(watcher, 1)


def test_who_is_told_to_end_starts_nobody_who_waits(watcher):
    zero, _ = both_begun(watcher)
    killed(watcher, 0, zero)
    watcher.send_signal(signal.SIGTERM)
    assert watcher.wait(SECONDS) == 0
    assert watcher.stdout.read() == b""
