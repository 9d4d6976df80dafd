"""The claims file: which claim of a provider holds what, as one reviewed TOML file; every fault of it is told at once.

A claim is named by its name, or by a list of names where it lies inside another (``["org", "sor"]``). Names may hold
dots, colons and slashes, as those of Danish providers do.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from patientoverblik.care.systems import SKS, SOR, YDERNUMMER
from patientoverblik.problems import Finding

Claim = str | tuple[str, ...]
Kind = Literal["professional", "citizen", "relative", "officer"]
KINDS: tuple[Kind, ...] = ("professional", "citizen", "relative", "officer")
SYSTEMS: Mapping[str, str] = {
    "sor": SOR,
    "yder": YDERNUMMER,
    "shak": SKS,
    "cvr": "urn:dk:gov:saml:cvrNumberIdentifier",
}


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of the provider: scopes beside ``openid``, levels of assurance (the login's ``acr`` must then be
    one of them), how many seconds ago somebody may have proved who they are (0: any), and whether to ask userinfo."""

    scopes: tuple[str, ...] = ()
    acr_values: tuple[str, ...] = ()
    max_age: int = 0
    userinfo: bool = False


class KindRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which value of one claim makes somebody what; ``always`` where the provider knows but one kind of people."""

    claim: Claim = ""
    always: Kind | None = None
    professional: tuple[str, ...] = ()
    citizen: tuple[str, ...] = ()
    relative: tuple[str, ...] = ()
    officer: tuple[str, ...] = ()


class PersonRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who somebody is: an id that stays the same, the name that others read, and their own CPR number."""

    id: Claim = "sub"
    name: Claim = "name"
    cpr: Claim = ""


class ProfessionalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a professional works as; whatever ``required`` names must be there."""

    role: Claim = ""
    authorisation: Claim = ""
    required: tuple[Literal["role", "authorisation", "cpr"], ...] = ()


class OrganisationRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation's id in one claim and the system it is of. ``sor`` gives the SOR code for each id of another
    system that is known here; an id it does not hold is then no organisation."""

    claim: Claim
    system: Literal["sor", "yder", "shak", "cvr"]
    name: Claim = ""
    sor: Mapping[str, str] = {}


class NationalRoleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """National roles (SEB): texts in one claim, of which those accepted count. Where ``scope`` names a claim, the role
    counts only if that claim, without its prefix, equals the claim that ``within`` names (usually the CVR number)."""

    claim: Claim
    accepted: tuple[str, ...]
    prefix: str = "urn:dk:healthcare:national-federation-role:"
    scope: Claim = ""
    scope_prefix: str = "urn:dk:gov:saml:cvrNumberIdentifier:"
    within: Claim = ""


class BehalfRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The professional an assistant works for: nobody is where the claim of the id is not there."""

    id: Claim
    name: Claim = ""
    role: Claim = ""
    authorisation: Claim = ""


class ClaimsMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kind: KindRule
    person: PersonRule = PersonRule()
    request: Request = Request()
    professional: ProfessionalRule = ProfessionalRule()
    organisation: tuple[OrganisationRule, ...] = ()
    team: OrganisationRule | None = None
    national_role: NationalRoleRule | None = None
    on_behalf_of: BehalfRule | None = None


TABLES: Mapping[str, type[msgspec.Struct]] = {
    "kind": KindRule,
    "person": PersonRule,
    "request": Request,
    "professional": ProfessionalRule,
    "organisation": OrganisationRule,
    "team": OrganisationRule,
    "national_role": NationalRoleRule,
    "on_behalf_of": BehalfRule,
}


def load_claims(text: str) -> ClaimsMap | tuple[Finding, ...]:
    """The file read, or everything that is wrong with it: each finding has the key as ``place`` and its line."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"at line (\d+)", str(fault))
        return (Finding("identity.claims-syntax", "", int(line[1]) if line else 0),)
    faults = tuple(_faults(given))
    if not faults:
        faults = tuple(_across(msgspec.convert(given, ClaimsMap)))
    told = (msgspec.structs.replace(each, line=_line(text, each.place)) for each in faults)
    return tuple(told) if faults else msgspec.convert(given, ClaimsMap)


def _faults(given: Mapping[str, Any]) -> Iterator[Finding]:
    """Every key that does not belong, is missing or holds another kind of value."""
    if "kind" not in given:
        yield Finding("identity.claims-missing", "kind")
    for table, value in given.items():
        if table not in TABLES:
            yield Finding("identity.claims-unknown", table)
        else:
            for number, row in enumerate(_rows(table, value)):
                place = f"organisation.{number}" if table == "organisation" else table
                yield from _row_faults(place, TABLES[table], row)


def _rows(table: str, value: Any) -> list[Any]:
    return value if table == "organisation" and isinstance(value, list) else [value]


def _row_faults(place: str, kind: type[msgspec.Struct], row: Any) -> Iterator[Finding]:
    if not isinstance(row, dict):
        yield Finding("identity.claims-value", place)
        return
    fields = {one.name: one for one in msgspec.structs.fields(kind)}
    for name in (one.name for one in fields.values() if one.required and one.name not in row):
        yield Finding("identity.claims-missing", f"{place}.{name}")
    for name, value in row.items():
        if name not in fields:
            yield Finding("identity.claims-unknown", f"{place}.{name}")
        elif not _fits(value, fields[name].type):
            yield Finding("identity.claims-value", f"{place}.{name}")


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return value not in ("", [])


def _across(rules: ClaimsMap) -> Iterator[Finding]:
    """What cannot work though every key is well: nobody to be, no number for a citizen, no organisation to work for."""
    kind = rules.kind
    meant = {each for each in KINDS if getattr(kind, each) or kind.always == each}
    named = {"cpr": rules.person.cpr, **msgspec.structs.asdict(rules.professional)}
    missing = {
        "kind.claim": not meant or not (kind.claim or kind.always),
        "person.cpr": bool(meant & {"citizen", "relative"}) and not rules.person.cpr,
        "organisation": "professional" in meant and not rules.organisation,
        **{f"professional.{each}": not named[each] for each in rules.professional.required},
    }
    yield from (Finding("identity.claims-missing", place) for place, is_missing in missing.items() if is_missing)
    values = Counter(value for each in KINDS for value in getattr(kind, each))
    if values and max(values.values()) > 1:
        yield Finding("identity.claims-value", "kind")


def _line(text: str, place: str) -> int:
    """The line of a key, else of its table, 0 where neither stands in the file."""
    table, _, key = place.partition(".")
    number, _, key = key.partition(".") if table == "organisation" else ("0", "", key)
    lines = text.splitlines()
    heads = [at for at, line in enumerate(lines) if re.match(rf"\s*\[+\s*{re.escape(table)}\s*\]+", line)]
    if not heads:
        return 0
    head = heads[min(int(number or 0), len(heads) - 1)]
    for at in range(head + 1, len(lines)):
        if lines[at].lstrip().startswith("["):
            break
        if key and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", lines[at]):
            return at + 1
    return head + 1
