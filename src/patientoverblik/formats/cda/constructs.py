"""The codes of our own code system, for what CPD-DK has no place of its own for (docs/cda-constructs.md).

A code without a dot names a statement or a link; a code with one, such as ``plan-status.on-hold``, is a value of it.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files

from patientoverblik.formats.cda.datatypes import CD

ROOT = "2.25.334887587976046754918443833723541651649"
SYSTEM = f"{ROOT}.1"
SYSTEM_NAME = "Patientoverblik"
URI_IDS = f"{ROOT}.4"
"""The root of an identifier whose system is a URI: its extension is the system, ``|`` and the value."""


def load_constructs() -> Mapping[str, CD]:
    """Every code with its Danish text; a code that stands twice stops the program."""
    rows = list(csv.DictReader(files(__package__).joinpath("constructs.csv").read_text("utf-8").splitlines()))
    found = {row["code"]: _code(row["code"], row["da"]) for row in rows}
    if len(found) != len(rows):
        raise ValueError("a construct code stands twice")
    return found


def coded(code: str) -> CD:
    """The code as it is written in a document; ``KeyError`` if it is none of ours."""
    return CONSTRUCTS[code]


def meant(code: CD | None) -> str:
    """Our code of a CD, whichever display it bears; empty if it is none of ours."""
    return code.code if code is not None and code.system == SYSTEM and code.code in CONSTRUCTS else ""


def _code(code: str, display: str) -> CD:
    return CD(code=code, system=SYSTEM, system_name=SYSTEM_NAME, display=display)


CONSTRUCTS: Mapping[str, CD] = load_constructs()
