"""A SAML 2.0 assertion as IHE XUA (ITI-40) and OIO IDWS use it: verified, then read from the element that was verified.

https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf (2.3.3, 2.5, 5.4); IHE ITI TF-2 3.40.
"""

from collections import Counter
from collections.abc import Iterator

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap import attributes, keys
from patientoverblik.edges.identity.soap.keys import PublicKey
from patientoverblik.edges.identity.soap.names import BEARER, HOLDER_OF_KEY, ds, saml
from patientoverblik.edges.identity.soap.reading import Element, elements, milliseconds, only, whole
from patientoverblik.edges.identity.soap.signature import covers_itself
from patientoverblik.edges.identity.soap.token import Token
from patientoverblik.edges.identity.soap.trust import Trust

_ONCE = {saml("Issuer"), ds("Signature"), saml("Subject"), saml("Conditions")}
_PARTS = _ONCE | {saml("AuthnStatement"), saml("AttributeStatement")}
_CONDITIONS = {saml("AudienceRestriction"), saml("OneTimeUse"), saml("ProxyRestriction")}


def read_saml(assertion: Element, now: int, trust: Trust) -> Token | Unidentified:
    """The token an assertion is, if a trusted issuer signed the whole of it and it is in force for us at ``now``."""
    counted = Counter(child.tag for child in elements(assertion))
    if assertion.get("Version") != "2.0" or not _PARTS.issuperset(counted):
        return Unidentified("identity.soap-malformed")
    if not counted[ds("Signature")]:
        return Unidentified("identity.soap-not-signed")
    if any(counted[name] != 1 for name in _ONCE):
        return Unidentified("identity.soap-malformed")
    issuer = whole(only(assertion, saml("Issuer")))
    pinned = trust.issuer_keys("saml", issuer)
    code = verified(assertion, "ID", pinned, now)
    return Unidentified(code) if code else _read(assertion, issuer, now, trust)


def verified(assertion: Element, id_name: str, pinned: tuple[PublicKey, ...], now: int) -> str:
    """Empty if one of the pinned keys, within its certificate's period, signed the whole assertion; else the code."""
    if not pinned:
        return "identity.soap-issuer-not-trusted"
    in_force = [key for key in pinned if key.in_force(now)]
    return covers_itself(assertion, id_name, in_force) if in_force else "identity.soap-certificate-period"


def period(assertion: Element, now: int, longest: int, leeway: int) -> int | Unidentified:
    """When the assertion ends (milliseconds UTC), if it has begun, is not over, and is not longer than allowed."""
    conditions = only(assertion, saml("Conditions"))
    limits = (assertion, "IssueInstant"), (conditions, "NotBefore"), (conditions, "NotOnOrAfter")
    issued, start, end = (milliseconds(one.get(name, "") if one is not None else "") for one, name in limits)
    if not (issued and start and end) or start >= end:
        return Unidentified("identity.soap-time")
    if max(issued, start) - leeway > now:
        return Unidentified("identity.soap-not-yet")
    if now >= end + leeway:
        return Unidentified("identity.soap-expired")
    return end + leeway if end - start <= longest else Unidentified("identity.soap-too-long")


def _read(assertion: Element, issuer: str, now: int, trust: Trust) -> Token | Unidentified:
    until = period(assertion, now, trust.longest_saml, trust.leeway)
    if isinstance(until, Unidentified):
        return until
    conditions, subject = only(assertion, saml("Conditions")), only(assertion, saml("Subject"))
    if conditions is None or subject is None or not _CONDITIONS.issuperset(child.tag for child in elements(conditions)):
        return Unidentified("identity.soap-malformed")
    if not _for_us(conditions, trust.audiences):
        return Unidentified("identity.soap-audience")
    confirmed = _confirmed(subject, now, trust)
    if isinstance(confirmed, Unidentified):
        return confirmed
    holders, open_until = confirmed
    stated = _facts(assertion, trust)
    if isinstance(stated, Unidentified):
        return stated
    end = min((until, open_until or until, *_session_ends(assertion)))
    return _token(assertion, issuer, end, holders, stated) if end > now else Unidentified("identity.soap-expired")


def _session_ends(assertion: Element) -> Iterator[int]:
    """When the session at the issuer ends, where a statement says so; an end that is no time ends at once."""
    for statement in elements(assertion, saml("AuthnStatement")):
        if (end := statement.get("SessionNotOnOrAfter")) is not None:
            yield milliseconds(end)


def _facts(assertion: Element, trust: Trust) -> attributes.Facts | Unidentified:
    facts = attributes.facts_of(assertion)
    if facts is None:
        return Unidentified("identity.soap-malformed")
    if not (attributes.assurance(facts) or trust.least_assurance) >= trust.least_assurance:
        return Unidentified("identity.soap-assurance")
    return facts


def _token(
    assertion: Element, issuer: str, until: int, holders: tuple[PublicKey, ...], facts: attributes.Facts
) -> Token | Unidentified:
    user, behalf = attributes.user(facts), attributes.behalf(facts)
    name_id = whole(only(only(assertion, saml("Subject")), saml("NameID")))
    person, authorisation = attributes.person(facts), attributes.text(facts, "authorisation")
    if user is None or not (person or (user != "citizen" and (name_id or authorisation))):
        return Unidentified("identity.soap-no-person")
    if behalf is not None and not (behalf.person or behalf.authorisation):
        return Unidentified("identity.soap-malformed")
    conditions = only(assertion, saml("Conditions"))
    return Token(
        kind="saml",
        id=assertion.get("ID", ""),
        issuer=issuer,
        until=until,
        user=user,
        once=only(conditions, saml("OneTimeUse")) is not None,
        holders=holders,
        name_id=name_id,
        person=person,
        name=attributes.text(facts, "name", "common-name"),
        role=attributes.role(facts),
        authorisation=authorisation,
        national_role=attributes.national_role(facts),
        client=attributes.text(facts, "client"),
        cvr=attributes.text(facts, "cvr"),
        organisation=attributes.organisation(facts),
        patient=attributes.patient(facts),
        purpose=tuple(value.text for value in facts.get("purpose", ())),
        behalf=behalf,
    )


def _for_us(conditions: Element, audiences: frozenset[str]) -> bool:
    """Every restriction must name us (SAML core 2.5.1.4), and there must be one: a token for all is for none."""
    restrictions = [
        {whole(audience) for audience in elements(one, saml("Audience"))}
        for one in elements(conditions, saml("AudienceRestriction"))
    ]
    return bool(restrictions) and all(not audiences.isdisjoint(named) for named in restrictions)


def _confirmed(subject: Element, now: int, trust: Trust) -> tuple[tuple[PublicKey, ...], int] | Unidentified:
    """The keys of which one must be proven, empty for a bearer, and until when (0 where no confirmation says).

    One confirmation that holds is enough (core 2.4.1), but bearing never replaces a key that the token names.
    """
    confirmations = list(elements(subject, saml("SubjectConfirmation")))
    fitting = [one for one in confirmations if _in_force(only(one, saml("SubjectConfirmationData")), now, trust)]
    methods = {one.get("Method", "") for one in fitting}
    named = tuple(key for one in fitting if one.get("Method") == HOLDER_OF_KEY for key in _named_keys(one))
    ends = [end + trust.leeway for one in fitting if (end := _end(only(one, saml("SubjectConfirmationData"))))]
    bearing = BEARER in methods and HOLDER_OF_KEY not in methods
    return (named, min(ends, default=0)) if named or bearing else Unidentified("identity.soap-confirmation")


def _end(data: Element | None) -> int:
    return milliseconds(data.get("NotOnOrAfter", "")) if data is not None else 0


def _in_force(data: Element | None, now: int, trust: Trust) -> bool:
    if data is None:
        return True
    start, end, recipient = data.get("NotBefore"), data.get("NotOnOrAfter"), data.get("Recipient")
    begun = start is None or 0 < milliseconds(start) <= now + trust.leeway
    open_still = end is None or milliseconds(end) + trust.leeway > now
    return begun and open_still and (recipient is None or recipient in trust.audiences)


def _named_keys(confirmation: Element) -> Iterator[PublicKey]:
    """The keys a confirmation names, by certificate or by value (SAML core 2.4.1.3)."""
    data = only(confirmation, saml("SubjectConfirmationData"))
    for info in elements(data, ds("KeyInfo")) if data is not None else ():
        for x509 in elements(info, ds("X509Data")):
            yield from filter(None, (keys.of_base64(whole(one)) for one in elements(x509, ds("X509Certificate"))))
        for value in elements(info, ds("KeyValue")):
            rsa = only(value, ds("RSAKeyValue"))
            numbers = (whole(only(rsa, ds(name))) for name in ("Modulus", "Exponent"))
            if (key := keys.of_numbers(*numbers)) is not None:
                yield key
