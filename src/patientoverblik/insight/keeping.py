"""Use events that are past their time taken out of their file."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from patientoverblik.insight.event import UseEvent

_decode = msgspec.json.Decoder(UseEvent).decode


def forget_use(path: Path, before: str) -> int:
    """Write the file anew without events of days before ``before`` (ISO 8601) and lines that are no event; how many
    went. An event written in that very moment may be lost, as one that cannot be written is."""
    if not path.exists():
        return 0
    lines = path.read_bytes().splitlines(keepends=True)
    kept = list(_since(lines, before))
    if len(kept) < len(lines):
        fresh = path.with_name(f"{path.name}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"".join(kept))
        fresh.replace(path)
    return len(lines) - len(kept)


def _since(lines: list[bytes], before: str) -> Iterator[bytes]:
    for line in lines:
        try:
            if _decode(line).day >= before:
                yield line
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
