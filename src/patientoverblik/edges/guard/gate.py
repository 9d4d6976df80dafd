"""The gate: an application behind the rules that hold for every door.

In order: does this worker answer too many already (``portal.busy``), does the request name us
(``portal.unknown-host``), did another site's page send it (``portal.cross-site``), is it one too many
(``portal.too-often``, with ``Retry-After``). While a body comes: do senders nobody knows yet send too much at once
(``portal.busy``, a fault out of ``receive``, which each door tells in its own words). An error that leaves a door is
answered ``portal.broken`` here, and only its type is logged: its text could hold a patient's values. Every answer says
the request's id, and every 503 when to come again (``Retry-After``).
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from patientoverblik.edges.guard.bodies import Bodies, Body
from patientoverblik.edges.guard.caller import CALLER, Caller, Known, address, shown_in
from patientoverblik.edges.guard.cause import REQUEST_ID, Incoming, answering, id_of
from patientoverblik.edges.guard.headers import completed
from patientoverblik.edges.guard.limits import Counted, Limits
from patientoverblik.edges.guard.model import Guard
from patientoverblik.edges.guard.origin import is_for_us, is_from_elsewhere
from patientoverblik.edges.guard.room import Room
from patientoverblik.problems import Fault

BUSY_SECONDS = 5
UNAVAILABLE = 503
LOG = logging.getLogger("patientoverblik.guard")
# How a door answers a code: by the request, so that a page is answered with a page and a message with a message.
Refuse = Callable[[Mapping[str, Any], str], Response]


def guarded(
    application: ASGIApp,
    guard: Guard,
    refuse: Refuse,
    clock: Callable[[], int],
    secret: bytes = b"",
    counted: Counted | None = None,
) -> ASGIApp:
    """The application behind the gate; ``clock`` gives milliseconds, ``secret`` keys the hashes of bodies, ``counted``
    counts for all workers together."""
    limits, remembered, bodies = Limits(), Known(), Bodies(guard.bodies, guard.body_bytes)
    room = Room(guard.at_once)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        shown = shown_in(headers, *guard.framed_cookies, guard.cookie)
        caller = Caller(guard, limits, address(scope), remembered.get(shown), clock(), Body(bodies, address(scope)))
        incoming = Incoming(id_of(headers.get(REQUEST_ID, "")), secret)
        sending = _Sending(send, guard, caller, incoming.request)
        with answering(incoming), closing(caller), room.taken() as has_room:
            code = await _refused(scope, headers, guard, caller, counted) if has_room else "portal.busy"
            if code:
                await refuse(scope, code)(scope, receive, sending)
                return
            await _answered(application, {**scope, CALLER: caller}, _heard(receive, incoming, caller), sending, refuse)
        if caller.who and shown:
            remembered.put(shown, caller.who)

    return served


async def _refused(scope: Scope, headers: Headers, guard: Guard, caller: Caller, counted: Counted | None) -> str:
    """The code a request is refused with, empty where it goes on."""
    if not is_for_us(guard, scope, headers):
        return "portal.unknown-host"
    if scope["path"] not in guard.elsewhere and is_from_elsewhere(scope, headers):
        return "portal.cross-site"
    try:
        late = caller.asks(scope["method"], scope["path"]) or await caller.enters(scope["path"], counted)
    except Fault as fault:
        return fault.code
    return "portal.too-often" if late else ""


def _heard(receive: Receive, incoming: Incoming, caller: Caller) -> Receive:
    """``receive``, with a body's pieces hashed and weighed as they come."""

    async def hearing() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            caller.sends(len(body))
            incoming.take(body)
        return message

    return hearing


async def _answered(application: ASGIApp, scope: Scope, receive: Receive, sending: "_Sending", refuse: Refuse) -> None:
    """An application's answer; where it breaks, one with a code, if none has begun."""
    try:
        await application(scope, receive, sending)
    except Exception as fault:
        LOG.error("a door failed: %s, request %s", type(fault).__name__, sending.request)
        if not sending.begun:
            await refuse(scope, "portal.broken")(scope, receive, sending)


def _put_off(message: Message, status: int, seconds: int) -> None:
    """Make an answer one that says when to come again, whatever status its door gave it."""
    said = [(name, value) for name, value in message["headers"] if name != b"retry-after"]
    message["status"], message["headers"] = status, [*said, (b"retry-after", str(seconds).encode())]


class _Sending:
    """What an answer is sent through: it gets its headers, and a status where its caller came too often."""

    def __init__(self, send: Send, guard: Guard, caller: Caller, request: str) -> None:
        """For one request, by its id."""
        self._send, self._guard, self._caller, self.request = send, guard, caller, request
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Send a message on."""
        if message["type"] == "http.response.start":
            self.begun = True
            message = {**message, "headers": completed(message.get("headers", ()), self._guard)}
            message["headers"].append((REQUEST_ID.encode(), self.request.encode()))
            if self._caller.late:
                _put_off(message, 429, -(-self._caller.late // 1000))
            elif self._caller.is_too_much or message["status"] == UNAVAILABLE:
                _put_off(message, UNAVAILABLE, BUSY_SECONDS)
        await self._send(message)
