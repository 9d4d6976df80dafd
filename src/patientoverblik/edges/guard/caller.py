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

from patientoverblik.edges.guard.bodies import Body
from patientoverblik.edges.guard.limits import Counted, Limits
from patientoverblik.edges.guard.model import Guard
from patientoverblik.problems import Fault

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

    def __init__(self, guard: Guard, limits: Limits, where: str, who: str, at: int, body: Body | None = None) -> None:
        """Somebody at an address at a time (ms), known from before or not; ``body`` weighs what they send unknown."""
        self._guard, self._limits, self._at, self._body = guard, limits, at, body
        self.where, self.who, self.late, self.is_too_much = where, who, 0, False

    def asks(self, method: str, path: str) -> bool:
        """Whether this request is one too many."""
        guard, rates = self._guard, self._guard.rates
        if path.startswith(guard.free):
            return False
        self.late = self._take("actor" if self.who else "address", rates.actor if self.who else rates.address)
        if not self.late and f"{method} {path}" in guard.searches:
            self.late = self._take("search", rates.search)
        return self.late > 0

    async def enters(self, path: str, counted: Counted | None) -> bool:
        """Whether a request to begin or finish a login, or for a token, is one too many: for all workers together where
        ``counted`` counts for them."""
        key, rate = f"entry {self.where}", self._guard.rates.entry
        if path not in self._guard.entries:
            return False
        if counted is None:
            self.late = self._limits.take(key, rate, self._at)
        else:
            self.late = await self._limits.take_together(counted, key, rate, self._at)
        return self.late > 0

    def counted(self, who: str) -> int:
        """How long to wait (ms) now that a door knows who it is; the address is no longer counted."""
        self.close()
        if self.who:
            return 0
        self._limits.give_back(f"address {self.where}")
        self.who = who
        return self._take("actor", self._guard.rates.actor)

    def sends(self, size: int) -> None:
        """So many more bytes are held of somebody; :class:`Fault` where unknown senders send too much at once."""
        if self._body and not self.who and not self._body.take(size):
            self.is_too_much = True
            raise Fault("portal.busy")

    def close(self) -> None:
        """What was sent is of somebody known, or answered: it is held against unknown senders no longer."""
        if self._body:
            self._body.release()

    def _take(self, kind: str, rate: int) -> int:
        return self._limits.take(f"{kind} {self.who or self.where}", rate, self._at)


def known(scope: MutableMapping[str, Any], who: str) -> int:
    """A door's word that a request is of somebody; how long they would have to wait (ms). 0 where nobody counts."""
    caller = scope.get(CALLER)
    return caller.counted(sha256(who.encode()).hexdigest()) if caller else 0


def inflated(scope: MutableMapping[str, Any], size: int) -> None:
    """A door's word that a body takes so many more bytes than came; :class:`Fault` as in :meth:`Caller.sends`."""
    if CALLER in scope:
        scope[CALLER].sends(size)


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


def shown_in(headers: Headers, *cookies: str) -> bytes:
    """The hash of the secret a request shows, a header's before that of the first cookie there is; empty where it shows
    none."""
    secret = headers.get("authorization", "").partition(" ")[2].strip()
    if not secret and "cookie" in headers:
        given = cookie_parser(headers["cookie"])
        secret = next((given[name] for name in cookies if given.get(name)), "")
    return sha256(secret.encode("utf-8", "surrogateescape")).digest() if secret else b""
