"""The HSUID header (Healthcare Service User Identification 1.1): who sits at the keyboard, for whom, and on which
patient.

The header is not signed by an issuer; it says what the calling system vouches for, and is held against the token that
is. Its attributes are rows of ``hsuid.csv``. Read tolerantly where public examples differ from the schema (an absent or
empty ``NameFormat``, an ``Issuer`` with blanks, an ``IssueInstant`` of another form), strictly in everything that means
a person, and every fault is told at once. nsp.md 3.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Literal

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SKS, SOR, YDERNUMMER
from patientoverblik.edges.identity.soap.names import HSUID
from patientoverblik.edges.identity.soap.numbers import number
from patientoverblik.edges.identity.soap.reading import Element, elements, only, whole
from patientoverblik.problems import Finding

_ATTRIBUTE, _VALUE = f"{{{HSUID}}}Attribute", f"{{{HSUID}}}AttributeValue"
Needed = Literal["always", "professional", "citizen", "never"]
_ORGANISATIONS = {"nsi:sor": SOR, "nsi:skskode": SKS, "nsi:ynumber": YDERNUMMER}
_FORMS: Mapping[str, re.Pattern[str]] = {
    "user-type": re.compile(r"nsi:(?:Citizen|HealthcareProfessional)"),
    "organisation": re.compile(r"[0-9A-Za-z]{4,20}"),
    "authorisation": re.compile(r"[0-9A-Z]{5}"),
    "truth": re.compile(r"true|false"),
    "text": re.compile(r"[^\x00-\x1f]{1,200}"),
}


class Row(msgspec.Struct, frozen=True):
    """An attribute of the header: its form, and to which users' calls it is needed."""

    name: str
    form: str
    needed: Needed
    source: str


def _rows() -> Mapping[str, Row]:
    text = files(__package__).joinpath("hsuid.csv").read_text(encoding="utf-8")
    return {row["name"]: msgspec.convert(row, Row) for row in csv.DictReader(text.splitlines())}


ROWS: Mapping[str, Row] = _rows()


class Hsuid(msgspec.Struct, frozen=True, kw_only=True):
    """A faultless header. ``patient`` is whose data are asked for; a citizen who names nobody asks for their own."""

    professional: bool
    acting: str
    patient: str
    relation: str = ""
    organisation: OrganisationRef | None = None
    responsible: str = ""
    authorisation: str = ""
    override: bool = False
    owner: str = ""
    system: str = ""
    version: str = ""
    operator: str = ""


def read_hsuid(header: Element) -> Hsuid | tuple[Finding, ...]:
    """The header as values, or every fault of it."""
    assertion = only(header, f"{{{HSUID}}}Assertion")
    statement = only(assertion, f"{{{HSUID}}}AttributeStatement")
    if assertion is None or statement is None or assertion.get("Version") != "2.0":
        return (Finding("identity.hsuid-malformed"),)
    attributes = list(elements(statement, _ATTRIBUTE))
    found = {attribute.get("Name", ""): attribute for attribute in attributes}
    values = {name: whole(only(one, _VALUE)) for name, one in found.items()}
    faults = (*_repeated(attributes), *_wrong(values, found), *_missing(values))
    return faults or _hsuid(values, found)


def _repeated(attributes: list[Element]) -> Iterator[Finding]:
    counted = Counter(attribute.get("Name", "") for attribute in attributes)
    for name in sorted(name for name, count in counted.items() if count > 1):
        yield Finding("identity.hsuid-twice", about=name if name in ROWS else "")


def _wrong(values: Mapping[str, str], found: Mapping[str, Element]) -> Iterator[Finding]:
    for name, value in values.items():
        row = ROWS.get(name)
        if row is not None and not _fits(row.form, value):
            yield Finding("identity.hsuid-value", about=name)
        if row is not None and row.form == "organisation" and found[name].get("NameFormat") not in _ORGANISATIONS:
            yield Finding("identity.hsuid-format", about=name)


def _fits(form: str, value: str) -> bool:
    return bool(number(value)) if form == "person" else _FORMS[form].fullmatch(value) is not None


def _missing(values: Mapping[str, str]) -> Iterator[Finding]:
    user = "citizen" if values.get("nsi:UserType") == "nsi:Citizen" else "professional"
    for row in ROWS.values():
        if row.name not in values and row.needed in ("always", user) and row.name not in _TOLERATED:
            yield Finding("identity.hsuid-missing", about=row.name)


_TOLERATED = frozenset({"nsi:CitizenUserRelation"})
"""Needed by the guide, but its values are not public and no decision rests on it: its absence hurts nobody."""


def _hsuid(values: Mapping[str, str], found: Mapping[str, Element]) -> Hsuid:
    acting = number(values["nsi:ActingUserCivilRegistrationNumber"])
    using = found.get("nsi:OrgUsingID")
    system = _ORGANISATIONS.get(using.get("NameFormat", ""), "") if using is not None else ""
    return Hsuid(
        professional=values["nsi:UserType"] == "nsi:HealthcareProfessional",
        acting=acting,
        patient=number(values.get("nsi:CitizenCivilRegistrationNumber", acting)),
        relation=values.get("nsi:CitizenUserRelation", ""),
        organisation=OrganisationRef(system, values["nsi:OrgUsingID"]) if system else None,
        responsible=number(values.get("nsi:ResponsibleUserCivilRegistrationNumber", "")),
        authorisation=values.get("nsi:ResponsibleUserAuthorizationCode", ""),
        override=values.get("nsi:ConsentOverride") == "true",
        owner=values["nsi:SystemOwnerName"],
        system=values["nsi:SystemName"],
        version=values["nsi:SystemVersion"],
        operator=values["nsi:OrgResponsibleName"],
    )
