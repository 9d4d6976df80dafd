"""The demo's organisations and sources: a table of fictive parties with test ids, and the sources they deliver through.

Facility type and practice setting are codes of the Danish XDS metadata profile's value lists (SNOMED CT).
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.care import Address, Identifier, Organisation, Telecom

SNOMED = "2.16.840.1.113883.6.96"


class DemoOrganisation(msgspec.Struct, frozen=True):
    """One row of the table of organisations; ``system`` is an OID, ``phone`` a URI."""

    key: str
    system: str
    id: str
    name: str
    sector: str
    facility_type: str
    practice_setting: str
    phone: str
    street: str
    postal_code: str
    city: str

    @property
    def reference(self) -> OrganisationRef:
        """The organisation as access and sharing name it."""
        return OrganisationRef(system=self.system, value=self.id, name=self.name)

    @property
    def care(self) -> Organisation:
        """The organisation as a document names it."""
        return Organisation(
            ids=(Identifier(system=self.system, value=self.id, authority="SOR"),),
            name=self.name,
            telecoms=(Telecom(value=self.phone, use="WP"),),
            addresses=(
                Address(
                    use="WP", lines=(self.street,), postal_code=self.postal_code, city=self.city, country="Danmark"
                ),
            ),
        )


class DemoSource(msgspec.Struct, frozen=True):
    """One configured source: who delivers through it, what, within how many hours it must be heard from, and since
    which day it shares."""

    id: str
    name: str
    sector: str
    kind: str
    organisations: tuple[str, ...]
    documents: tuple[str, ...]
    connected: bool
    interval_hours: int
    since: str = ""


@cache
def organisations() -> Mapping[str, DemoOrganisation]:
    """Every organisation by its key in the table."""
    return {row["key"]: msgspec.convert(row, DemoOrganisation) for row in _rows("organisations.csv")}


@cache
def sources() -> tuple[DemoSource, ...]:
    """Every source in the table's order; the list is the same for every patient (DESIGN 13)."""
    return tuple(
        msgspec.convert(
            {**row, "organisations": row["organisations"].split(), "documents": row["documents"].split()},
            DemoSource,
            strict=False,
        )
        for row in _rows("sources.csv")
    )


def organisation(key: str) -> Organisation:
    """An organisation of the table as a document names it; ``KeyError`` if the table has none."""
    return organisations()[key].care


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath("tables", table).read_text(encoding="utf-8")
    return iter(csv.DictReader(text.splitlines()))
