"""The attributes of a SAML assertion as facts, by the table ``facts.csv`` (IHE ITI-40, OIOSAML, OIO IDWS).

An attribute that no row names is nobody's business here and is passed over. A fact that two attributes state
differently is no fact: the token is refused, for another reader may have taken the other one.
"""

import csv
import re
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SOR, YDERNUMMER
from patientoverblik.edges.identity.soap.names import HL7, NATIONAL_ROLE, saml
from patientoverblik.edges.identity.soap.numbers import number, of_cx
from patientoverblik.edges.identity.soap.reading import Element, elements, whole
from patientoverblik.edges.identity.soap.token import Behalf, UserKind


class Fact(msgspec.Struct, frozen=True):
    """A row of the table: the attribute's name and what it states."""

    name: str
    fact: str
    source: str


class Value(msgspec.Struct, frozen=True):
    """One attribute value: its text, or the code or identifier of the one HL7 element in it."""

    text: str
    system: str = ""
    display: str = ""


def _rows() -> Mapping[str, str]:
    text = files(__package__).joinpath("facts.csv").read_text(encoding="utf-8")
    return {row.name: row.fact for row in (msgspec.convert(row, Fact) for row in csv.DictReader(text.splitlines()))}


FACTS: Mapping[str, str] = _rows()
MANY = frozenset({"role", "purpose", "provider"})
Facts = Mapping[str, tuple[Value, ...]]

_ORGANISATION = re.compile(rf"(?:urn:oid:)?({re.escape(SOR)}|{re.escape(YDERNUMMER)})[.^](\d{{4,20}})")
_BEHALF = re.compile(r"urn:dk:healthcare:saml:(?:attribute:)?(act[A-Za-z]+):(.+)")
_FOR_PERSON = re.compile(r"(?:E?[cC]prNumberIdentifier):([0-9A-Z]{10})")
_FOR_PROFESSIONAL = re.compile(r"userAuthorization:AuthorizationCode:([0-9A-Z]{1,10}):EducationCode:(\w{1,10})")
_FOR_CITIZEN = frozenset({"actThroughProcurationBy", "actThroughCustodyOver"})
_USERS: Mapping[str, UserKind] = {"healthcareprofessional": "professional", "citizen": "citizen", "system": "system"}
_LEVELS = {"low": 2, "substantial": 3, "high": 4}


def facts_of(assertion: Element) -> Facts | None:
    """Every fact of the attribute statements; None where they contradict themselves or hold what cannot be read."""
    found: dict[str, list[Value]] = {}
    for statement in elements(assertion, saml("AttributeStatement")):
        for attribute in elements(statement, saml("Attribute")):
            fact = FACTS.get(attribute.get("Name", ""))
            values = [_value(value) for value in elements(attribute, saml("AttributeValue"))] if fact else []
            for value in values:
                if value is None:
                    return None
                found.setdefault(fact or "", []).append(value)
    readable = all(of_cx(value.text) for name in ("person", "patient") for value in found.get(name, ()))
    single = all(len({value.text for value in values}) == 1 for fact, values in found.items() if fact not in MANY)
    return {fact: tuple(values) for fact, values in found.items()} if single and readable else None


def text(facts: Facts, *names: str) -> str:
    """The text of the first of these facts that is stated, empty if none is."""
    return next((facts[name][0].text for name in names if name in facts), "")


def person(facts: Facts) -> str:
    """The user's own number; empty where none is stated in the form of one."""
    return number(text(facts, "person"))


def patient(facts: Facts) -> str:
    """The number of the patient the token is bound to; empty where it is bound to none."""
    return of_cx(text(facts, "patient"))


def organisation(facts: Facts) -> OrganisationRef | None:
    """The organisation the user works for, by SOR code or ydernummer."""
    name = text(facts, "organisation-name")
    for value in facts.get("provider", ()):
        if value.system in (SOR, YDERNUMMER) and value.text:
            return OrganisationRef(value.system, value.text, name)
    found = _ORGANISATION.fullmatch(text(facts, "organisation"))
    return OrganisationRef(found[1], found[2], name) if found else None


def role(facts: Facts) -> str:
    """What the user works as, in words where the token has them, else by code."""
    roles = [value for value in facts.get("role", ()) if not value.text.startswith(NATIONAL_ROLE)]
    return next((value.display or value.text for value in roles), text(facts, "education"))


def national_role(facts: Facts) -> str:
    """The national role, without its prefix."""
    texts = (value.text for value in facts.get("role", ()))
    return next((one.removeprefix(NATIONAL_ROLE) for one in texts if one.startswith(NATIONAL_ROLE)), "")


def behalf(facts: Facts) -> Behalf | None:
    """For whom the user acts; None where nothing is stated. What is stated in another form gives an empty one."""
    stated = text(facts, "behalf")
    if not stated:
        return None
    found = _BEHALF.fullmatch(stated)
    for_person = _FOR_PERSON.fullmatch(found[2]) if found and found[1] in _FOR_CITIZEN else None
    for_professional = _FOR_PROFESSIONAL.fullmatch(found[2]) if found and found[1] not in _FOR_CITIZEN else None
    if for_person:
        return Behalf(person=number(for_person[1]))
    return Behalf(authorisation=for_professional[1], role=for_professional[2]) if for_professional else Behalf()


def assurance(facts: Facts) -> int:
    """The level of assurance from 1 to 4, by NIST number or NSIS word; 0 where none is stated, -1 if not readable."""
    stated = text(facts, "assurance").rpartition("/")[2].lower()
    if not stated:
        return 0
    return int(stated) if stated in ("1", "2", "3", "4") else _LEVELS.get(stated, -1)


def user(facts: Facts) -> UserKind | None:
    """What kind of user the token is for: as it says, else by what it states of the user; None where neither tells."""
    said = text(facts, "user").rpartition(":")[2].lower()
    if said:
        return _USERS.get(said)
    works = any(name in facts for name in ("authorisation", "role", "education", "provider"))
    if works or ("cvr" in facts and person(facts)):
        return "professional"
    if person(facts):
        return "citizen"
    return "system" if "cvr" in facts else None


def _value(element: Element) -> Value | None:
    """The text of a value; of one that holds a single HL7 element its code or extension; None for anything else."""
    inside = list(elements(element))
    if not inside:
        return Value(whole(element))
    one = inside[0]
    if len(element) != 1 or len(one) or (element.text or "").strip() or not one.tag.startswith(f"{{{HL7}}}"):
        return None
    return Value(
        one.get("code", one.get("extension", "")),
        one.get("codeSystem", one.get("root", "")),
        one.get("displayName", ""),
    )
