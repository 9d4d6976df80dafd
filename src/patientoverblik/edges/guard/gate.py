"""The gate: an application behind the rules that hold for every door.

In order: does the request name us (``portal.unknown-host``), did another site's page send it (``portal.cross-site``),
is it one too many (``portal.too-often``, with ``Retry-After``). An error that leaves a door is answered
``portal.broken`` here, and only its type is logged: its text could hold a patient's values.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from patientoverblik.edges.guard.caller import CALLER, Caller, Known, address, shown_in
from patientoverblik.edges.guard.headers import completed
from patientoverblik.edges.guard.limits import Limits
from patientoverblik.edges.guard.model import Guard
from patientoverblik.edges.guard.origin import is_for_us, is_from_elsewhere

LOG = logging.getLogger("patientoverblik.guard")
# How a door answers a code: by the request, so that a page is answered with a page and a message with a message.
Refuse = Callable[[Mapping[str, Any], str], Response]


def guarded(application: ASGIApp, guard: Guard, refuse: Refuse, clock: Callable[[], int]) -> ASGIApp:
    """The application behind the gate; ``clock`` gives milliseconds."""
    limits, remembered = Limits(), Known()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        headers = Headers(scope=scope)
        shown = shown_in(headers, guard.cookie)
        caller = Caller(guard, limits, address(scope), remembered.get(shown), clock())
        answering = _Answering(send, guard, caller)
        code = _refused(scope, headers, guard, caller)
        if code:
            await refuse(scope, code)(scope, receive, answering)
            return
        await _answered(application, {**scope, CALLER: caller}, receive, answering, refuse)
        if caller.who and shown:
            remembered.put(shown, caller.who)

    return served


def _refused(scope: Scope, headers: Headers, guard: Guard, caller: Caller) -> str:
    """The code a request is refused with, empty where it goes on."""
    if not is_for_us(guard, scope, headers):
        return "portal.unknown-host"
    if is_from_elsewhere(scope, headers):
        return "portal.cross-site"
    return "portal.too-often" if caller.asks(scope["method"], scope["path"]) else ""


async def _answered(
    application: ASGIApp, scope: Scope, receive: Receive, answering: "_Answering", refuse: Refuse
) -> None:
    """An application's answer; where it breaks, one with a code, if none has begun."""
    try:
        await application(scope, receive, answering)
    except Exception as fault:
        LOG.error("a door failed: %s", type(fault).__name__)
        if not answering.begun:
            await refuse(scope, "portal.broken")(scope, receive, answering)


class _Answering:
    """What an answer is sent through: it gets its headers, and a status where its caller came too often."""

    def __init__(self, send: Send, guard: Guard, caller: Caller) -> None:
        """For one request."""
        self._send, self._guard, self._caller = send, guard, caller
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Send a message on."""
        if message["type"] == "http.response.start":
            self.begun = True
            message = {**message, "headers": completed(message.get("headers", ()), self._guard)}
            late = self._caller.late
            if late:
                message["status"] = 429
                message["headers"].append((b"retry-after", str(-(-late // 1000)).encode()))
        await self._send(message)
