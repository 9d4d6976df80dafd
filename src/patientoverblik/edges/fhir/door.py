"""The door itself: an address found, its caller believed, the interaction run, the answer written in the form wanted.

Whatever happens, FHIR comes back: an OperationOutcome with codes, never the words of an error.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from itertools import chain
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from patientoverblik.conformance.fhir import UNREADABLE, Profiles
from patientoverblik.edges.fhir.body import MOST_PARAMETERS, Body, body_of
from patientoverblik.edges.fhir.call import PATH, Answer, Asked, Call, with_headers
from patientoverblik.edges.fhir.interactions import ANYBODY, Place, place
from patientoverblik.edges.fhir.media import Form, wanted
from patientoverblik.edges.fhir.opaque import Opaque
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.published import published
from patientoverblik.edges.fhir.runs import RUNS
from patientoverblik.edges.fhir.sender import NOBODY, Sender, sender_of
from patientoverblik.edges.fhir.sent import sent
from patientoverblik.edges.fhir.whose import holds_control, holds_number
from patientoverblik.edges.guard import known
from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.bearer import challenge, error_of
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.problems import Fault, Finding
from patientoverblik.service import House

LOG = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]
MOST = 100_000_000
WRITING = frozenset("cu")
"""The letters of what takes a resource in: there a form is no body."""
JUDGES = "validate"
"""The one interaction that a resource may come to however it is shaped."""


class FhirSettings(msgspec.Struct, frozen=True):
    """One installation's door: whose tokens it believes, the ids it makes, where it is reached from outside (empty: as
    the request says), how many bytes a body may have, and the profiles it knows, where it has any."""

    tokens: Tokens
    opaque: Opaque
    origin: str = ""
    most: int = MOST
    profiles: Profiles | None = None


def routes(house: House, settings: FhirSettings) -> list[Route]:
    """The addresses of the door: its base, and everything below."""
    return [*published(settings.tokens, settings.origin), _Below(_handler(house, settings))]


class _Below(Route):
    """The base and every address below it, whatever stands in it and by whatever method: all are answered as FHIR."""

    def __init__(self, handler: Handler) -> None:
        """The route to a handler."""
        super().__init__(f"{PATH}/{{rest:path}}", handler)
        self.methods = None
        self.path_regex = re.compile(rf"{PATH}(?:/|\Z)(?P<rest>.*)\Z", re.DOTALL)


def _handler(house: House, settings: FhirSettings) -> Handler:
    async def handle(request: Request) -> Response:
        query = _query(request)
        asked = next((value for name, value in query or () if name == "_format"), "")
        form = wanted(request.headers.get("accept", ""), asked)
        try:
            answer = refused(Finding("rest.bad-body")) if query is None else None
            answer = answer or await _answer(request, house, settings, query or (), form)
        except Fault as broken:
            answer = refused(Finding(broken.code))
        except Exception as broken:  # its text could hold a patient's values
            LOG.error("an interaction failed: %s", type(broken).__name__)
            answer = refused(Finding("portal.broken"))
        return sent(answer, form or "json", request.method)

    return handle


def _query(request: Request) -> Asked | None:
    """The parameters of the address; None where they are no such thing."""
    try:
        return tuple(parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return None


async def _answer(request: Request, house: House, settings: FhirSettings, query: Asked, form: Form | None) -> Answer:
    rest = request.path_params["rest"]
    if any(map(holds_control, (rest, *chain(*query)))):
        return refused(Finding("rest.bad-address"))
    if holds_number(rest) or any(holds_number(value) for _, value in query):
        return refused(Finding("rest.number-in-address"))
    found = place(rest)
    row = found.rows.get("GET" if request.method == "HEAD" else request.method) if found else None
    if found is None or row is None:
        return _nothing_there(found)
    if form is None and row.type != "Binary":
        return refused(Finding("rest.not-acceptable"))
    call = await _called(request, house, settings, found, query)
    if isinstance(call, Answer):
        return call
    if row.letter not in ("", ANYBODY) and not call.sender.may(row.scoped_as, row.letter, call.asked):
        needed = f"user/{row.scoped_as}.{row.letter}"
        return _challenged(Finding("identity.insufficient-scope"), challenge("insufficient_scope", needed))
    if row.run != JUDGES and any(one.code in UNREADABLE for one in call.faults):
        return refused(*call.faults)
    return await RUNS[row.run](msgspec.structs.replace(call, type=row.type))


def _nothing_there(found: Place | None) -> Answer:
    if found is None:
        return refused(Finding("rest.not-offered"))
    return with_headers(refused(Finding("rest.wrong-method")), ("Allow", ", ".join(sorted(found.rows))))


async def _called(request: Request, house: House, settings: FhirSettings, to: Place, query: Asked) -> Call | Answer:
    """The call of a request by somebody who is believed, or for what is open to all by nobody."""
    sender = await _sender(request, house, settings, open_to_all=not any(row.letter for row in to.rows.values()))
    if isinstance(sender, Answer):
        return sender
    body: Body | Finding = Body()
    if request.method not in ("GET", "HEAD"):
        body = await body_of(request, settings.most, forms=to.rows[request.method].letter not in WRITING)
    if isinstance(body, Finding):
        return refused(body)
    origin = settings.origin or f"{request.url.scheme}://{request.url.netloc}"
    return Call(
        house=house,
        opaque=settings.opaque,
        sender=sender,
        base=f"{origin}{PATH}",
        id=to.id,
        version=to.version,
        asked=(*query, *body.asked),
        resource=body.resource,
        headers=request.headers,
        faults=body.faults,
        profiles=settings.profiles,
    )


async def _sender(request: Request, house: House, settings: FhirSettings, *, open_to_all: bool) -> Sender | Answer:
    if open_to_all:
        return NOBODY
    found = await sender_of(request, settings.tokens, house)
    if isinstance(found, Unidentified):
        error = "" if found.code == "rest.no-token" else error_of(found.code)
        return _challenged(Finding(found.code), challenge(error))
    known(request.scope, f"{found.actor.kind} {found.actor.id}")
    return found


def _challenged(why: Finding, words: str) -> Answer:
    return with_headers(refused(why), ("WWW-Authenticate", words))
