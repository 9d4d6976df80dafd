"""The packages of FHIR definitions a deployment has: read and made ready once, when the service starts."""

from collections.abc import Iterator
from pathlib import Path

from patientoverblik.conformance.fhir import Profiles, definitions, profiles

NAMES = ("*.tgz", "*.json")


def profiles_in(folder: Path) -> Profiles:
    """The profiles of every package (``.tgz``) and JSON file in a folder and those below it, made ready.

    ``OSError`` where it cannot be read, ``ValueError`` where a file is neither.
    """
    return profiles(definitions(_files(folder)))


def packages_fault(folder: str) -> str:
    """What is wrong with such a folder, in words that say neither what stands in it nor where; empty for nothing."""
    try:
        definitions(_files(Path(folder)))
    except (OSError, ValueError):
        return "must be a folder whose .tgz files are FHIR packages and whose .json files are JSON"
    return ""


def _files(folder: Path) -> Iterator[bytes]:
    if not folder.is_dir():
        raise NotADirectoryError
    for name in NAMES:
        yield from (path.read_bytes() for path in sorted(folder.rglob(name)))
