"""A signed launch link: one JWT that says who wants to see whom, used once and within a minute.

For record systems without SMART. It is posted in a form's body; no address holds it. Rules: ``docs/embedding.md``.
"""

import hashlib
from collections.abc import Awaitable, Callable

from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.bearer import Claims, Issuer, Meaning, verified
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.launch.model import Launched, RecordSystem
from patientoverblik.edges.identity.model import Identified, Unidentified
from patientoverblik.edges.identity.web import ClaimsMap, Entered
from patientoverblik.edges.identity.web.actors import identified, text
from patientoverblik.sharing.model import PatientId

LONGEST = 60
LEEWAY = 5
PURPOSE = "treatment"
CPR_DIGITS = 10
Once = Callable[[str, int], Awaitable[bool]]
# What is wrong with a link, by what is wrong with a token; of its form and signature no more is told.
CODES = {
    "identity.token-issuer": "identity.launch-unknown-system",
    "identity.token-audience": "identity.launch-audience",
    "identity.token-expired": "identity.launch-expired",
    "identity.token-early": "identity.launch-expired",
    "identity.token-incomplete": "identity.launch-incomplete",
}
NOT_BELIEVED = "identity.launch-signature"


def link_issuer(issuer: str, keys: TrustedKeys, audience: str, rules: ClaimsMap) -> Issuer:
    """A record system whose links are believed; ``audience`` is our own origin."""
    return Issuer(issuer, keys, (audience,), _meaning(rules), profile="launch", leeway=LEEWAY)


async def by_link(systems: tuple[RecordSystem, ...], link: str, once: Once, at: int) -> Launched | Unidentified:
    """Who comes by a link at a time (milliseconds UTC), else ``identity.launch-…`` that says why not. A link is used up
    only when all of it is in order, so that nobody can spend another's by guessing."""
    found = await verified(link, tuple(each.link for each in systems if each.link), at)
    if isinstance(found, Unidentified):
        return Unidentified(CODES.get(found.code, NOT_BELIEVED))
    issuer, claims = found
    who = issuer.meaning(claims, at)
    if isinstance(who, Unidentified):
        return who
    number = text(claims, "patient")
    if not (len(number) == CPR_DIGITS and number.isascii() and number.isdigit()):
        return Unidentified("identity.launch-no-patient")
    if not await once(_key(who), who.until + (LEEWAY + 1) * 1000):
        return Unidentified("identity.launch-used")
    system = next(each for each in systems if each.link is issuer)
    entered = Entered(who, text(claims, "sub"), text(claims, "sid"))
    return Launched(system, entered, PatientId(CPR, number), text(claims, "ref"), claims.get("banner") is True)


def _meaning(rules: ClaimsMap) -> Meaning:
    """Reads verified claims: a short life, care as the purpose, an id to be used once, and somebody by the claims
    file."""

    def read(claims: Claims, _at: int) -> Identified | Unidentified:
        if claims["exp"] - claims["iat"] > LONGEST:
            return Unidentified("identity.launch-too-long")
        if claims.get("purpose") != PURPOSE:
            return Unidentified("identity.launch-purpose")
        if not text(claims, "jti"):
            return Unidentified("identity.launch-incomplete")
        return identified(rules, claims, claims["iss"], int(claims["exp"]) * 1000)

    return read


def _key(who: Identified) -> str:
    """What a link is remembered by: its id within its issuer."""
    return "launch:" + hashlib.sha256(f"{who.issuer} {who.token}".encode()).hexdigest()
