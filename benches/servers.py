"""Servers in processes of their own: the product, and the floor it is measured against."""

import contextlib
import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ASKED_FIRST = 20


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextlib.contextmanager
def serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that answers on its port, ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, *command], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _await_port(process, port)
        _await_answers(port)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            told = process.stderr.read() if process.stderr else b""
            raise RuntimeError(f"the server ended: {told.decode()[-800:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not answer")


def _await_answers(port: int) -> None:
    """A port is listened on before its worker has loaded everything; each of several must have answered somebody."""
    for _ in range(ASKED_FIRST):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/live")
        connection.getresponse().read()
        connection.close()


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """Resident memory of a process in MB, of a million bytes; the kernel tells it in KiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1_000_000


def make_floor(path: Path, answers: dict[str, bytes]) -> None:
    """A database with the ready bytes of each answer under its key."""
    database = sqlite3.connect(path)
    database.execute("create table answer (key text primary key, body blob) without rowid")
    database.executemany("insert into answer values (?, ?)", answers.items())
    database.commit()
    database.close()
