"""The id card of Den Gode Webservice 1.0.1: a SAML-like assertion with the statements IDCardData, UserLog and
SystemLog.

Level 4 is a person's card, signed by the token service (STS) that checked an employee certificate (MOCES); level 3 is a
system's, signed by the token service or by the company's own certificate (VOCES), and only for listed companies. The
card names itself by the attribute ``id``, not SAML's ``ID``. MedCom, "Den Gode Web Service" 1.0.1, 3 and 4; nsp.md 2.2.
"""

from collections.abc import Mapping

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SKS, SOR, YDERNUMMER
from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.keys import PublicKey
from patientoverblik.edges.identity.soap.names import CVR, NATIONAL_ROLE, ds, saml
from patientoverblik.edges.identity.soap.numbers import number
from patientoverblik.edges.identity.soap.reading import Element, elements, only, whole
from patientoverblik.edges.identity.soap.saml import period, verified
from patientoverblik.edges.identity.soap.token import Token
from patientoverblik.edges.identity.soap.trust import Trust

VERSION = "1.0.1"
_LEVELS = {"system": 3, "user": 4}
_STATEMENTS = {"user": {"IDCardData", "UserLog", "SystemLog"}, "system": {"IDCardData", "SystemLog"}}
_PARTS = {saml("Issuer"), saml("Subject"), saml("Conditions"), saml("AttributeStatement"), ds("Signature")}
_CARE_PROVIDERS = {
    "medcom:cvrnumber": CVR,
    "medcom:ynumber": YDERNUMMER,
    "medcom:skscode": SKS,
    "medcom:sor": SOR,
    "medcom:pnumber": "",
    "medcom:communalnumber": "",
    "medcom:locationnumber": "",
    "medcom:other": "",
}
_ALWAYS = (
    "sosi:IDCardID",
    "sosi:IDCardVersion",
    "sosi:IDCardType",
    "sosi:AuthenticationLevel",
    "medcom:ITSystemName",
    "medcom:CareProviderID",
    "medcom:CareProviderName",
)
_OF_USERS = ("medcom:UserCivilRegistrationNumber", "medcom:UserGivenName", "medcom:UserSurName")
Card = Mapping[str, Element]


def is_card(assertion: Element) -> bool:
    """Whether an assertion is an id card: it names itself by ``id``, as DGWS alone does."""
    return assertion.get("id") is not None


def read_card(assertion: Element, now: int, trust: Trust) -> Token | Unidentified:
    """The token an id card is, if it is of version 1.0.1, of level 3 or 4, in force, and signed by whom we trust."""
    if assertion.get("ID") is not None or not _PARTS.issuperset(child.tag for child in elements(assertion)):
        return Unidentified("identity.soap-malformed")
    if only(assertion, ds("Signature")) is None:
        return Unidentified("identity.soap-not-signed")
    card = _card(assertion)
    if isinstance(card, Unidentified):
        return card
    issuer = whole(only(assertion, saml("Issuer")))
    code = verified(assertion, "id", _pinned(card, issuer, trust), now) or _judged(card)
    if code:
        return Unidentified(code)
    until = period(assertion, now, trust.longest_card, trust.leeway)
    return until if isinstance(until, Unidentified) else _token(assertion, card, issuer, until)


def _card(assertion: Element) -> Card | Unidentified:
    """The card's attributes by name, each in the statement the standard puts it in, and none of them twice."""
    listed = list(elements(assertion, saml("AttributeStatement")))
    statements = {one.get("id", ""): one for one in listed}
    known = {name for names in _STATEMENTS.values() for name in names}
    if not known.issuperset(statements) or len(statements) != len(listed):
        return Unidentified("identity.soap-malformed")
    found: dict[str, Element] = {}
    for place, statement in statements.items():
        for attribute in elements(statement, saml("Attribute")):
            name = attribute.get("Name", "")
            if name in found or not _belongs(name, place) or only(attribute, saml("AttributeValue")) is None:
                return Unidentified("identity.soap-malformed")
            found[name] = attribute
    demanded = (*_ALWAYS, *(_OF_USERS if "UserLog" in statements else ()))
    if "UserLog" in statements and not number(_said(found, "medcom:UserCivilRegistrationNumber")):
        return Unidentified("identity.soap-malformed")
    fine = all(_said(found, name) for name in demanded) and set(statements) == _STATEMENTS.get(
        _said(found, "sosi:IDCardType")
    )
    return found if fine else Unidentified("identity.soap-malformed")


def _belongs(name: str, place: str) -> bool:
    """Whether the standard has the attribute in this statement: a user's name in SystemLog is nobody's name."""
    if place == "IDCardData":
        return name.startswith("sosi:")
    return name.startswith("medcom:User" if place == "UserLog" else ("medcom:ITSystem", "medcom:CareProvider"))


def _said(card: Card, name: str) -> str:
    return whole(only(card[name], saml("AttributeValue"))) if name in card else ""


def _pinned(card: Card, issuer: str, trust: Trust) -> tuple[PublicKey, ...]:
    """The keys that may have signed: the token service's; for a system's card also its own company's."""
    own = trust.system_keys(_cvr(card)) if _said(card, "sosi:IDCardType") == "system" else ()
    return (*trust.issuer_keys("dgws", issuer), *own)


def _cvr(card: Card) -> str:
    provider = card["medcom:CareProviderID"]
    return _said(card, "medcom:CareProviderID") if provider.get("NameFormat") == "medcom:cvrnumber" else ""


def _judged(card: Card) -> str:
    """Empty if version, type and level fit each other and what we take; else the code."""
    if _said(card, "sosi:IDCardVersion") != VERSION:
        return "identity.dgws-version"
    level = _said(card, "sosi:AuthenticationLevel")
    return "" if level == str(_LEVELS[_said(card, "sosi:IDCardType")]) else "identity.dgws-level"


def _token(assertion: Element, card: Card, issuer: str, until: int) -> Token | Unidentified:
    provider = card["medcom:CareProviderID"].get("NameFormat", "")
    if provider not in _CARE_PROVIDERS:
        return Unidentified("identity.soap-malformed")
    kind, role = _said(card, "sosi:IDCardType"), _said(card, "medcom:UserRole")
    national = role.removeprefix(NATIONAL_ROLE) if role.startswith(NATIONAL_ROLE) else ""
    names = (_said(card, "medcom:UserGivenName"), _said(card, "medcom:UserSurName"))
    return Token(
        kind="dgws",
        id=_said(card, "sosi:IDCardID"),
        issuer=issuer,
        until=until,
        user="professional" if kind == "user" else "system",
        level=_LEVELS[kind],
        name_id=whole(only(only(assertion, saml("Subject")), saml("NameID"))),
        person=number(_said(card, "medcom:UserCivilRegistrationNumber")),
        name=" ".join(filter(None, names)),
        role="" if national else _said(card, "medcom:UserOccupation") or role,
        authorisation=_said(card, "medcom:UserAuthorizationCode"),
        national_role=national,
        client=_said(card, "medcom:ITSystemName"),
        cvr=_cvr(card),
        organisation=_organisation(card, _CARE_PROVIDERS[provider]),
    )


def _organisation(card: Card, system: str) -> OrganisationRef | None:
    """The care provider, where its number is one that organisations are known by here."""
    name = _said(card, "medcom:CareProviderName")
    return OrganisationRef(system, _said(card, "medcom:CareProviderID"), name) if system else None
