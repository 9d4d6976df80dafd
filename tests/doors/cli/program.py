"""The program as a person or a script calls it: a process of its own, with nothing but its words, input and settings."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
    given = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "patientoverblik", *map(str, words)]
    done = subprocess.run(command, input=given, capture_output=True, env=settings(database, **more), timeout=120)
    ended = Ended(done.returncode, done.stdout, done.stderr.decode())
    assert "Traceback" not in ended.err + ended.raw.decode(errors="replace")
    assert not NUMBER.search(ended.err)
    return ended


cached_call = cache(call)  # for commands that answer the same whenever they are called


def about_nancy(*words: object, database: Path) -> Ended:
    """Call a command about Nancy, the official test person; her number goes in by standard input."""
    return call(*words, stdin=f"{NANCY}\n", database=database)
