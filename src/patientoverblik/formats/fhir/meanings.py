"""Which codes mean the same to the mapping: those it reads as one value, and the one it writes for it."""

from collections.abc import Mapping

from patientoverblik.formats.cda.constructs import CONSTRUCTS
from patientoverblik.formats.fhir.engine.kinds import OWN
from patientoverblik.formats.fhir.engine.tables import Code, load_rows


def codes_by_meaning(table: str, prefix: str) -> Mapping[str, tuple[Code, ...]]:
    """The codes of each value of a table of ``meaning``, our own under ``prefix`` among them."""
    found: dict[str, tuple[Code, ...]] = {}
    for row in load_rows(table):
        code = Code(row["system"], row["code"], row["display"])
        found[row["value"]] = (*found.get(row["value"], ()), code)
    for name, construct in CONSTRUCTS.items():
        kind, _, value = name.partition(".")
        if kind == prefix:
            found[value] = (*found.get(value, ()), Code(OWN, name, construct.display))
    return found
