"""The value sets that ``:in`` and ``:not-in`` know: our own by what a code means here, and R4's closed lists.

Ours are the code lists of the registry's metadata, and for each kind of plan, intervention and goal the codes that mean
it, whoever's code system they are of. R4's are those of its required bindings, whose codes stand without a system.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from patientoverblik.conformance.fhir.tables import codes as closed_lists
from patientoverblik.edges.fhir.values import ANY_SYSTEM
from patientoverblik.formats.fhir import system_of, url_of
from patientoverblik.formats.fhir.engine.tables import Code
from patientoverblik.formats.fhir.meanings import codes_by_meaning
from patientoverblik.sharing.codes import LISTS

OURS = "urn:dk:patientoverblik:fhir:valueset:"
R4 = "http://hl7.org/fhir/ValueSet/"
KINDS: Mapping[str, str] = {
    "plan_kind": "Koder for en slags plan",
    "intervention_kind": "Koder for en slags indsats",
    "goal_kind": "Koder for en slags mål",
}
TITLES: Mapping[str, str] = {
    "class_code": "Dokumentklasser",
    "type_code": "Dokumenttyper",
    "format_code": "Dokumentformater",
    "facility_type": "Slags organisationer",
    "practice_setting": "Specialer",
    "confidentiality": "Fortrolighed",
    "event_label": "Forløb",
}


class ValueSet(msgspec.Struct, frozen=True):
    """A value set of ours: the last part of its canonical address, a title, and its codes."""

    name: str
    title: str
    codes: tuple[Code, ...]

    @property
    def url(self) -> str:
        """Its canonical address."""
        return f"{OURS}{self.name}"


@cache
def value_sets() -> tuple[ValueSet, ...]:
    """Every value set of ours."""
    return (*_of_lists(), *_of_kinds())


@cache
def members_of(url: str) -> frozenset[tuple[str, str]] | None:
    """The codes of a value set (system in its one form, code) by its canonical address; None where it is not known."""
    bare = url.partition("|")[0]
    own = next((one for one in value_sets() if one.url == bare), None)
    if own is not None:
        return frozenset((system_of(one.system), one.code) for one in own.codes)
    codes = closed_lists().get(bare.removeprefix(R4)) if bare.startswith(R4) else None
    return None if codes is None else frozenset((ANY_SYSTEM, code) for code in codes)


def _of_lists() -> Iterator[ValueSet]:
    for name, rows in LISTS.items():
        codes = tuple(Code(url_of(row.code.scheme), row.code.code, row.code.display) for row in rows.values())
        yield ValueSet(name.replace("_", "-"), TITLES[name], codes)


def _of_kinds() -> Iterator[ValueSet]:
    for name, title in KINDS.items():
        prefix = name.replace("_", "-")
        for value, codes in codes_by_meaning(name, prefix).items():
            yield ValueSet(f"{prefix}.{value}", f"{title}: {value}", codes)
