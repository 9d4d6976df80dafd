"""The words of the pages: one table shared by both, and one for each page that adds to it or says it otherwise."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from patientoverblik.edges.portal.page import Audience


class Vocabulary(msgspec.Struct, frozen=True):
    """Every word a page says, by table and code."""

    tables: Mapping[str, Mapping[str, Any]]

    def word(self, table: str, code: str, otherwise: str = "") -> str:
        """The word for a code; ``otherwise`` where the table has none: an unknown code is never an error on a page."""
        found = self.tables.get(table, {}).get(code, otherwise)
        return found if isinstance(found, str) else otherwise

    def phase(self, kind: str, phase: str) -> str:
        """The word for a phase of one kind of line."""
        own = self.tables["phase"].get(kind, {})
        return str(own.get(phase, self.word("phase", phase)))

    def pair(self, table: str, code: str) -> tuple[str, str]:
        """A heading and its text."""
        found = self.tables.get(table, {}).get(code, ("", ""))
        return (str(found[0]), str(found[1])) if not isinstance(found, str) else ("", found)


@lru_cache(maxsize=4)
def vocabulary(audience: Audience) -> Vocabulary:
    """The words of one page."""
    return Vocabulary(_merged(_table("common"), _table(audience)))


def _table(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {**base, **over}
    for name in base.keys() & over.keys():
        if isinstance(base[name], Mapping) and isinstance(over[name], Mapping):
            both[name] = _merged(base[name], over[name])
    return both
