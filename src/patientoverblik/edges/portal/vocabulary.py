"""The words of the pages: one table shared by both, and one for each page that adds to it or says it otherwise."""

import csv
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from patientoverblik.edges.portal.page import Audience

_NONE: Mapping[str, Any] = {}


class Vocabulary(msgspec.Struct, frozen=True):
    """Every word a page says, by table and code; ``analyses`` are plain words for what is measured, by system and
    code, where the page says them."""

    tables: Mapping[str, Mapping[str, Any]]
    analyses: Mapping[tuple[str, str], str] = {}

    def word(self, table: str, code: str, otherwise: str = "") -> str:
        """The word for a code; ``otherwise`` where the table has none: an unknown code is never an error on a page."""
        found = self.tables.get(table, _NONE).get(code, otherwise)
        return found if isinstance(found, str) else otherwise

    def phase(self, kind: str, phase: str) -> str:
        """The word for a phase of one kind of line."""
        own = self.tables["phase"].get(kind, {})
        return str(own.get(phase, self.word("phase", phase)))


@lru_cache(maxsize=4)
def vocabulary(audience: Audience) -> Vocabulary:
    """The words of one page."""
    analyses = _analyses() if audience == "citizen" else {}
    return Vocabulary(_merged(_table("common"), _table(audience)), analyses)


def _analyses() -> dict[tuple[str, str], str]:
    text = files(__package__).joinpath("texts", "analyses.csv").read_text(encoding="utf-8")
    return {(row["system"], row["code"]): row["plain"] for row in csv.DictReader(text.splitlines())}


def _table(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {**base, **over}
    for name in base.keys() & over.keys():
        if isinstance(base[name], Mapping) and isinstance(over[name], Mapping):
            both[name] = _merged(base[name], over[name])
    return both
