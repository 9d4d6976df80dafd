"""The program as a person or a script calls it: a process of its own, with nothing but its words, input and settings.

A call forks from a program that is loaded already (:mod:`tests.doors.cli.warm`), or, where that is what matters, is
started anew.
"""

import atexit
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import PROJECT

NANCY = "2512489996"
NUMBER = re.compile(r"\d{6}-?\d{4}")


@dataclass(frozen=True)
class Ended:
    """How a call ended."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


def settings(database: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a call; of our settings only those given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PATIENTOVERBLIK_")}
    chosen = {"PATIENTOVERBLIK_DATABASE": f"sqlite:///{database}", "PATIENTOVERBLIK_DEMO": "true"} if database else {}
    return plain | chosen | more


def call(*words: object, stdin: bytes | str = b"", database: Path | None = None, **more: str) -> Ended:
    """Call the program; whatever was asked for, it never shows a traceback and never tells a number as an error."""
    return decent(called(list(map(str, words)), as_bytes(stdin), settings(database, **more)))


def call_anew(*words: object, stdin: bytes | str = b"", database: Path | None = None, **more: str) -> Ended:
    """Call the program in a Python that has loaded nothing yet."""
    command = [sys.executable, "-m", "patientoverblik", *map(str, words)]
    environment = settings(database, **more)
    done = subprocess.run(command, input=as_bytes(stdin), capture_output=True, env=environment, timeout=120)
    return decent(Ended(done.returncode, done.stdout, done.stderr.decode()))


def called(words: Sequence[str], stdin: bytes, environment: Mapping[str, str]) -> Ended:
    """One call by the loaded program, its streams in files."""
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        for path, content in zip(streams, (stdin, b"", b""), strict=True):
            path.write_bytes(content)
        asked = {"words": words, "environment": environment, "folder": os.getcwd(), "streams": list(map(str, streams))}
        loaded().write(json.dumps(asked) + "\n")
        loaded().flush()
        code = int(loaded().readline())
        return Ended(code, streams[1].read_bytes(), streams[2].read_text())


@cache
def loaded() -> Any:
    """Where to ask the loaded program, which ends with this one."""
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        command = [sys.executable, "-m", "tests.doors.cli.warm", str(number)]
        program = subprocess.Popen(command, pass_fds=[number], env=settings(), cwd=PROJECT, stdin=subprocess.DEVNULL)
    atexit.register(program.wait)
    atexit.register(ours.shutdown, socket.SHUT_RDWR)
    return ours.makefile("rw")


def decent(ended: Ended) -> Ended:
    """How a call ended, which told neither a traceback nor, as an error, a number."""
    assert "Traceback" not in ended.err + ended.raw.decode(errors="replace")
    assert not NUMBER.search(ended.err)
    return ended


def as_bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


cached_call = cache(call)  # for commands that answer the same whenever they are called


def about_nancy(*words: object, database: Path) -> Ended:
    """Call a command about Nancy, the official test person; her number goes in by standard input."""
    return call(*words, stdin=f"{NANCY}\n", database=database)
