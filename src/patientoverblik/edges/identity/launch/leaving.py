"""A record system says that somebody has logged out there: what it opened for them ends (OpenID Connect Back-Channel
Logout 1.0). Rules: ``docs/embedding.md``.
"""

import hashlib

import msgspec

from patientoverblik.edges.identity.bearer import issuer_of, verified
from patientoverblik.edges.identity.launch.link import Once
from patientoverblik.edges.identity.launch.model import RecordSystem
from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.web import LoggedOut, logged_out
from patientoverblik.edges.identity.web.tokens import OLDEST_LOGOUT, ended_by

UNKNOWN = Unidentified("identity.launch-unknown-system")
USED = Unidentified("identity.used-before")


async def left(systems: tuple[RecordSystem, ...], token: str, once: Once, at: int) -> LoggedOut | Unidentified:
    """Whose sessions a logout token of one of the systems ends at a time (milliseconds UTC), else why none. It is
    signed as the system's links are, or by whoever logs its people in for SMART; it counts once."""
    named = issuer_of(token)
    smart = next((each.smart for each in systems if each.smart and each.smart.party.client.issuer == named), None)
    said = await _by_link(systems, token, once, at)
    return await logged_out(smart.party, token) if smart and isinstance(said, Unidentified) else said


async def _by_link(systems: tuple[RecordSystem, ...], token: str, once: Once, at: int) -> LoggedOut | Unidentified:
    """The same by the keys that links are signed with."""
    links = tuple(msgspec.structs.replace(each.link, profile="logout") for each in systems if each.link)
    found = await verified(token, links, at)
    if isinstance(found, Unidentified):
        return UNKNOWN if found.code == "identity.token-issuer" else found
    issuer, claims = found
    ended = ended_by(claims, at)
    if isinstance(ended, Unidentified):
        return ended
    said, name = ended
    key = "logout:" + hashlib.sha256(f"{issuer.issuer} {name}".encode()).hexdigest()
    return said if await once(key, at + OLDEST_LOGOUT + 2 * issuer.leeway * 1000) else USED
