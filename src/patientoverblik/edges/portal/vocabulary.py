"""The words of the pages: one table shared by both, and one for each page that adds to it or says it otherwise."""

import csv
import tomllib
from collections.abc import Mapping
from functools import lru_cache, reduce
from importlib.resources import files
from typing import Any, Literal

import msgspec

Texts = Literal["", "professional", "citizen", "relative"]
_ABOVE: Mapping[str, tuple[str, ...]] = {"relative": ("common", "citizen", "relative")}
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
def vocabulary(page: Texts) -> Vocabulary:
    """The words of one page: each table adds to the one before it or says it otherwise."""
    tables = reduce(_merged, map(_table, _ABOVE.get(page, ("common", page))))
    return Vocabulary(tables, _analyses("professional" if page == "professional" else "plain"))


def _analyses(column: str) -> dict[tuple[str, str], str]:
    text = files(__package__).joinpath("texts", "analyses.csv").read_text(encoding="utf-8")
    return {(row["system"], row["code"]): row[column] for row in csv.DictReader(text.splitlines()) if row[column]}


def _table(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {**base, **over}
    for name in base.keys() & over.keys():
        if isinstance(base[name], Mapping) and isinstance(over[name], Mapping):
            both[name] = _merged(base[name], over[name])
    return both
