"""The legal basis of every rule, as a table: the provision, how sure it is, and what it says of the rule.

``mark`` keeps the uncertainty of the source: [S] read in a public source, [U] unverified (nsp.md §14).
"""

from collections.abc import Mapping

import msgspec

from patientoverblik.access.policy import table


class Basis(msgspec.Struct, frozen=True):
    """One rule's legal basis; ``provision`` is empty where the rule is decided locally.

    ``changes`` are the problem codes of what would make the rule decide otherwise.
    """

    rule: str
    provision: str
    mark: str
    changes: tuple[str, ...]
    note: str


def legal_basis(rule: str) -> Basis:
    """The basis of a rule by its id; ``KeyError`` where there is no such rule."""
    return _BASES[rule]


def _basis(row: dict[str, str]) -> Basis:
    changes = tuple(f"access.change-{word}" for word in row["changes"].split())
    return Basis(row["rule"], row["provision"], row["mark"], changes, row["note"])


_BASES: Mapping[str, Basis] = {row["rule"]: _basis(row) for row in table("legal.csv")}
