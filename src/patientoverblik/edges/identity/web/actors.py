"""Claims to somebody: by the claims file, whole or not at all."""

from collections.abc import Mapping
from typing import Any

import msgspec

from patientoverblik.access import Actor, OrganisationRef, Principal
from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.model import Identified, Unidentified, scoped
from patientoverblik.edges.identity.web.claims import (
    KINDS,
    SYSTEMS,
    BehalfRule,
    Claim,
    ClaimsMap,
    Kind,
    OrganisationRule,
)
from patientoverblik.sharing.model import PatientId

PERSON_ROLES: Mapping[str, str] = {"citizen": "Borger", "relative": "Pårørende"}
LONGEST = 400
Claims = Mapping[str, Any]


def identified(
    rules: ClaimsMap, claims: Claims, issuer: str, until: int, within: str | None = None
) -> Identified | Unidentified:
    """Who the claims say it is, until when (ms UTC); the code of the first thing missing otherwise. Ids are scoped by
    the issuer; by ``within`` for those that the house issues itself."""
    kind = _kind(rules, claims)
    number = text(claims, rules.person.cpr)
    if kind is None:
        return Unidentified("identity.unknown-kind")
    if rules.request.acr_values and text(claims, "acr") not in rules.request.acr_values:
        return Unidentified("identity.low-assurance")
    if number and not _is_number(number):
        return Unidentified("identity.bad-person-number")
    if _misses(rules, claims, kind):
        return Unidentified("identity.claim-missing")
    actor = _actor(rules, claims, kind, issuer if within is None else within)
    if kind == "professional" and actor.organisation is None:
        return Unidentified("identity.unknown-organisation")
    own = PatientId(CPR, number) if number else None
    return Identified(actor, until, own=own, issuer=issuer, token=text(claims, "jti"))


def text(claims: Claims, claim: Claim) -> str:
    """The text of a claim, the only one of a list too; empty where there is none, or anything but a short text."""
    found = _found(claims, claim)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return found.strip() if isinstance(found, str) and len(found) <= LONGEST and found.isprintable() else ""


def _found(claims: Claims, claim: Claim) -> Any:
    if isinstance(claim, str):
        return claims.get(claim) if claim else None
    found: Any = claims
    for name in claim:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _kind(rules: ClaimsMap, claims: Claims) -> Kind | None:
    if rules.kind.always:
        return rules.kind.always
    said = text(claims, rules.kind.claim)
    return next((each for each in KINDS if said and said in getattr(rules.kind, each)), None)


def _misses(rules: ClaimsMap, claims: Claims, kind: Kind) -> bool:
    """Whether anything is missing that this kind of person must have."""
    needed: list[Claim] = [rules.person.id, rules.person.name]
    if kind in ("citizen", "relative"):
        needed.append(rules.person.cpr)
    if kind == "professional":
        named = {"cpr": rules.person.cpr, "role": rules.professional.role}
        named["authorisation"] = rules.professional.authorisation
        needed += [named[each] for each in rules.professional.required]
    return not all(text(claims, each) for each in needed)


def _actor(rules: ClaimsMap, claims: Claims, kind: Kind, issuer: str) -> Actor:
    person = Actor(kind, scoped(issuer, text(claims, rules.person.id)), text(claims, rules.person.name))
    if kind in PERSON_ROLES:
        return msgspec.structs.replace(person, role=PERSON_ROLES[kind])
    at_work = msgspec.structs.replace(
        person, role=text(claims, rules.professional.role), organisation=_organisation(rules.organisation, claims)
    )
    if kind == "officer":
        return at_work
    return msgspec.structs.replace(
        at_work,
        authorisation=text(claims, rules.professional.authorisation),
        national_role=_national_role(rules, claims),
        principal=_principal(rules.on_behalf_of, claims, issuer),
        team=_organisation((rules.team,), claims) if rules.team else None,
    )


def _organisation(rules: tuple[OrganisationRule, ...], claims: Claims) -> OrganisationRef | None:
    """The organisation of the first rule whose claim is there; None where it has no place in the rule's table."""
    for rule in rules:
        if value := text(claims, rule.claim):
            return _reference(rule, value, text(claims, rule.name))
    return None


def _reference(rule: OrganisationRule, value: str, name: str) -> OrganisationRef | None:
    if not rule.sor:
        return OrganisationRef(SYSTEMS[rule.system], value, name)
    known = rule.sor.get(value)
    return OrganisationRef(SYSTEMS["sor"], known, name) if known else None


def _national_role(rules: ClaimsMap, claims: Claims) -> str:
    """The first accepted role, where its scope is the organisation that the person comes from."""
    rule = rules.national_role
    if rule is None:
        return ""
    within = text(claims, rule.within)
    scope = text(claims, rule.scope).removeprefix(rule.scope_prefix)
    if rule.scope and (not within or scope != within):
        return ""
    said = _found(claims, rule.claim)
    given = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    names = [each.removeprefix(rule.prefix) for each in given if isinstance(each, str)]
    return next((each for each in rule.accepted if each in names), "")


def _principal(rule: BehalfRule | None, claims: Claims, issuer: str) -> Principal | None:
    who = text(claims, rule.id) if rule else ""
    if rule is None or not who:
        return None
    known = scoped(issuer, who)
    return Principal(known, text(claims, rule.name), text(claims, rule.role), text(claims, rule.authorisation))


def _is_number(number: str) -> bool:
    return len(number) == 10 and number.isascii() and number.isdigit()
