"""How the command line speaks: one JSON form, one form for people."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from patientoverblik.problems import CATALOGUE, Finding

FINE, FAULTS, NOT_DONE = 0, 1, 2
READ_AT_MOST = 64 * 1024 * 1024
# Control characters (ECMA-48) but for tab and line feed, and what turns the order of a text around (Unicode UAX 9).
_CONTROLS = (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
COMMANDS = dict.fromkeys(_CONTROLS, "\ufffd")
_ESCAPED = {code: f"\\u{code:04x}" for code in _CONTROLS}


def say(text: str = "") -> None:
    """A line of the result, to standard output; what would command the terminal is shown as a sign."""
    print(text.translate(COMMANDS))


def talk(text: str) -> None:
    """A line about what is going on, to standard error."""
    print(text.translate(COMMANDS), file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    """The result as one indented JSON text; what would command a terminal stands escaped in it, as JSON may have it."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    sys.stdout.buffer.write(text.translate(_ESCAPED).encode() + b"\n")
    sys.stdout.buffer.flush()


def say_findings(findings: Iterable[Finding]) -> None:
    """Findings for a person: severity, code, English text, then where."""
    for finding in findings:
        where = f"line {finding.line}" if finding.line else ""
        say(f"  {finding.severity:<11} {finding.code}: {finding.en()}")
        if finding.place or where:
            say(f"              {' '.join(part for part in (where, finding.place) if part)}")


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings for a machine: code, severity, place, line, and the text in both languages."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "place": finding.place,
            "line": finding.line,
            "da": finding.da(),
            "en": finding.en(),
        }
        for finding in findings
    ]


def refuse(code: str) -> int:
    """Say a problem of the catalogue on standard error; the exit code for "could not be done"."""
    talk(f"{code}: {CATALOGUE[code].en}")
    return NOT_DONE


def file_bytes(name: str) -> bytes | None:
    """A file's bytes (``-`` is standard input), None where it cannot be opened. A document is never read beyond the
    size that can be admitted."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(READ_AT_MOST)
        with Path(name).open("rb") as opened:
            return opened.read(READ_AT_MOST)
    except OSError:
        return None
