"""The door itself: a body taken apart as it comes, its sender identified, the transaction run, the answer sent.

Whatever happens, a SOAP message comes back: a fault with a code, never the words of an error.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from patientoverblik.access import Actor
from patientoverblik.edges.guard import asked_by, request_id, turned_away
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.certificate import Certificate
from patientoverblik.edges.identity.soap import Envelope, Known, Once, Trust, envelope_of, identify
from patientoverblik.edges.soap.call import Call
from patientoverblik.edges.soap.envelope import Message
from patientoverblik.edges.soap.health import Healths, count, told
from patientoverblik.edges.soap.levels import Levels
from patientoverblik.edges.soap.names import SOAP_12, WSA
from patientoverblik.edges.soap.received import Patience, received
from patientoverblik.edges.soap.sent import answered, faulted, medcom_answer, misunderstood, unidentified
from patientoverblik.edges.soap.transactions import BY_PATH, Row
from patientoverblik.edges.soap.understood import not_understood
from patientoverblik.edges.soap.wsdl import wsdl
from patientoverblik.problems import Fault, Finding
from patientoverblik.service import House

LOG = logging.getLogger(__name__)
STATUS_PATH = "/xds/status"
ACTION_UNKNOWN = (WSA, "ActionNotSupported")


class SoapSettings(msgspec.Struct, frozen=True):
    """One installation's door: whom it trusts, and what it has patience with. ``caller`` finds the certificate of the
    TLS connection, ``once`` what may be used once; ``known`` remembers verified tokens; ``levels`` are the
    transactions' (by number, ``iti41``) where they are not the usual; ``origin`` is where the door is reached from
    outside, for its WSDL; ``health`` counts."""

    trust: Trust
    once: Once
    caller: Callable[[Request], Certificate | None] = lambda _: None
    known: Known | None = None
    patience: Patience = Patience()
    levels: Mapping[str, Levels] = {}
    origin: str = ""
    health: Healths = {}


def routes(house: House, settings: SoapSettings) -> list[Route]:
    """The addresses of the door, each with its WSDL, and the status of them all."""
    asked = [Route(path, _handler(house, settings, rows), methods=["POST"]) for path, rows in BY_PATH.items()]
    described = [Route(path, _describer(settings, rows), methods=["GET"]) for path, rows in BY_PATH.items()]

    async def status(_request: Request) -> Response:
        addresses = ((row.number, row.path) for rows in BY_PATH.values() for row in rows)
        return Response(told(settings.health, addresses), media_type="application/json")

    others = [Route(path, _elsewise, methods=["PUT", "PATCH", "DELETE", "OPTIONS"]) for path in BY_PATH]
    return [*asked, *described, *others, Route(STATUS_PATH, status, methods=["GET"])]


async def _elsewise(_request: Request) -> Response:
    return faulted(SOAP_12, "soap.get")


def _describer(settings: SoapSettings, rows: tuple[Row, ...]) -> Callable[[Request], Awaitable[Response]]:
    async def describe(request: Request) -> Response:
        if "wsdl" not in {name.lower() for name in request.query_params}:
            return faulted(SOAP_12, "soap.get")
        address = _origin(request, settings) + request.url.path
        return Response(wsdl(rows, address), media_type="text/xml; charset=utf-8")

    return describe


def _origin(request: Request, settings: SoapSettings) -> str:
    return settings.origin or f"{request.url.scheme}://{request.url.netloc}"


def _handler(house: House, settings: SoapSettings, rows: tuple[Row, ...]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        soap, row = SOAP_12, rows[0]
        try:
            message = await received(request, settings.patience)
            if isinstance(message, Finding):
                count(settings.health, row.number, "refused", house.clock())
                return faulted(soap, message.code)
            soap, action = message.soap, message.action
            row = next((one for one in rows if one.action == action), row)
            return await _handled(request, message, house, settings, row)
        except Fault as broken:
            code = broken.code
        except Exception as broken:  # its text could hold a patient's values
            LOG.error("a transaction failed: %s %s, request %s", row.number, type(broken).__name__, request_id())
            code = "soap.broken"
        count(settings.health, row.number, "failed", house.clock())
        return faulted(soap, code, sender=False)

    return handle


async def _handled(request: Request, message: Message, house: House, settings: SoapSettings, row: Row) -> Response:
    if message.action != row.action:
        count(settings.health, row.number, "refused", house.clock())
        return faulted(message.soap, "soap.unknown-action", ACTION_UNKNOWN)
    strange = not_understood(message.root, message.soap)
    if strange:
        count(settings.health, row.number, "refused", house.clock())
        return misunderstood(message.soap, strange)
    envelope = envelope_of(message.root, len(message.package.root))
    who = await _who(request, envelope, house, settings, row)
    if isinstance(who, Unidentified) or isinstance(envelope, Unidentified):
        count(settings.health, row.number, "refused", house.clock())
        return unidentified(message, who if isinstance(who, Unidentified) else Unidentified("identity.soap-not-soap"))
    if turned_away(request.scope, f"{who.actor.kind} {who.actor.id}"):
        count(settings.health, row.number, "refused", house.clock())
        return faulted(message.soap, "portal.too-often")
    levels = settings.levels.get(row.number, Levels())
    asked_by(row.transaction)
    named = next(iter(request.path_params.values()), "")
    call = Call(house, message, who, _known(house, who), levels, row.number, _origin(request, settings), named)
    reply = await row.run(call)
    count(settings.health, row.number, "refused" if reply.fault else "answered", house.clock())
    return answered(message, row.answer, reply, medcom_answer(envelope, who.actor))


async def _who(
    request: Request, envelope: Envelope | Unidentified, house: House, settings: SoapSettings, row: Row
) -> Identified | Unidentified:
    if isinstance(envelope, Unidentified):
        return envelope
    caller = settings.caller(request)
    return await identify(envelope, house.clock(), settings.trust, settings.once, row.demands, caller, settings.known)


def _known(house: House, who: Identified) -> Actor:
    """The actor with the patient key of their own number, where the service knows one."""
    key = house.storage.reader().patient_key(who.own) if who.own else None
    return msgspec.structs.replace(who.actor, person=key or who.actor.person)
