"""Who a request is counted for: the source address until a door knows somebody, from then on that somebody.

The door says so by :func:`known`, once it has verified a session or a token. What was shown (a session's secret, an
access token) is remembered by its hash, so that the next request with it is counted before any door is asked. Whoever
makes secrets up stays an address.
"""

from collections import OrderedDict
from collections.abc import Mapping, MutableMapping
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from patientoverblik.edges.guard.limits import Limits
from patientoverblik.edges.guard.model import Guard

CALLER = "patientoverblik.caller"
MOST_KNOWN = 50_000
NETWORK = 64  # one IPv6 caller has a network of this length


class Known:
    """Who showed what before, in the memory of one worker: somebody by the hash of their secret."""

    def __init__(self, most: int = MOST_KNOWN) -> None:
        """Nobody yet; at most ``most`` are kept."""
        self._who: OrderedDict[bytes, str] = OrderedDict()
        self._most = most

    def get(self, shown: bytes) -> str:
        """Who showed it, empty for nobody known."""
        return self._who.get(shown, "")

    def put(self, shown: bytes, who: str) -> None:
        """Remember who showed it."""
        self._who[shown] = who
        self._who.move_to_end(shown)
        if len(self._who) > self._most:
            self._who.popitem(last=False)


class Caller:
    """The caller of one request; ``who`` is empty until they are known, ``late`` how long they have to wait (ms)."""

    def __init__(self, guard: Guard, limits: Limits, where: str, who: str, at: int) -> None:
        """Somebody at an address at a time (ms), known from before or not."""
        self._guard, self._limits, self._at = guard, limits, at
        self.where, self.who, self.late = where, who, 0

    def asks(self, method: str, path: str) -> bool:
        """Whether this request is one too many."""
        guard, rates = self._guard, self._guard.rates
        if path.startswith(guard.free):
            return False
        self.late = self._take("actor" if self.who else "address", rates.actor if self.who else rates.address)
        if not self.late and path in guard.entries:
            self.late = self._limits.take(f"entry {self.where}", rates.entry, self._at)
        if not self.late and f"{method} {path}" in guard.searches:
            self.late = self._take("search", rates.search)
        return self.late > 0

    def counted(self, who: str) -> int:
        """How long to wait (ms) now that a door knows who it is; the address is no longer counted."""
        if self.who:
            return 0
        self._limits.give_back(f"address {self.where}")
        self.who = who
        return self._take("actor", self._guard.rates.actor)

    def _take(self, kind: str, rate: int) -> int:
        return self._limits.take(f"{kind} {self.who or self.where}", rate, self._at)


def known(scope: MutableMapping[str, Any], who: str) -> int:
    """A door's word that a request is of somebody; how long they would have to wait (ms). 0 where nobody counts."""
    caller = scope.get(CALLER)
    return caller.counted(sha256(who.encode()).hexdigest()) if caller else 0


def turned_away(scope: MutableMapping[str, Any], who: str) -> bool:
    """As :func:`known`, for a door whose callers show who they are in the message alone: whether to answer with
    ``portal.too-often``; the status and ``Retry-After`` are set on the way out."""
    wait = known(scope, who)
    if wait:
        scope[CALLER].late = wait
    return wait > 0


def address(scope: Mapping[str, Any]) -> str:
    """The source address as it is counted: an IPv6 one by its network."""
    text = (scope.get("client") or ("",))[0]
    try:
        found = ip_address(text)
    except ValueError:
        return str(text)
    return str(IPv6Address(int(found) >> NETWORK << NETWORK)) if isinstance(found, IPv6Address) else str(found)


def shown_in(headers: Headers, cookie: str) -> bytes:
    """The hash of the secret a request shows, a header's before a cookie's; empty where it shows none."""
    secret = headers.get("authorization", "").partition(" ")[2].strip()
    if not secret and "cookie" in headers:
        secret = cookie_parser(headers["cookie"]).get(cookie, "")
    return sha256(secret.encode("utf-8", "surrogateescape")).digest() if secret else b""
