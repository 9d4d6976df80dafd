"""A body taken in: of a form its parameters, of a resource its value; bounded, and given up where it cannot be read."""

from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from patientoverblik.conformance.fhir import structure
from patientoverblik.edges.fhir.call import Asked
from patientoverblik.edges.fhir.media import sent_as
from patientoverblik.edges.fhir.whose import holds_control
from patientoverblik.formats.fhir.parsing import parse_fhir
from patientoverblik.formats.model import Unread
from patientoverblik.problems import Finding

LARGEST_FORM = 131_072
MOST_PARAMETERS = 200


class Body(msgspec.Struct, frozen=True):
    """What a request brings beside its address; ``faults`` say what R4 finds wrong with the resource."""

    asked: Asked = ()
    resource: dict[str, Any] | None = None
    faults: tuple[Finding, ...] = ()


async def body_of(request: Request, most: int, *, forms: bool) -> Body | Finding:
    """The body of a request, at most ``most`` bytes of it; ``forms``: it may be a form, as that of a search."""
    form = sent_as(request.headers.get("content-type", ""))
    if form == "form" and not forms:
        return Finding("rest.media-type")
    data = await _within(request, LARGEST_FORM if form == "form" else most)
    if data is None:
        return Finding("rest.too-large")
    if not data:
        return Body()
    if form == "form":
        return _form(data)
    return Finding("rest.media-type") if form is None else _resource(data, form)


async def _within(request: Request, most: int) -> bytes | None:
    parts: list[bytes] = []
    came = 0
    async for chunk in request.stream():
        came += len(chunk)
        if came > most:
            return None
        parts.append(chunk)
    return b"".join(parts)


def _form(data: bytes) -> Body | Finding:
    try:
        asked = tuple(parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return Finding("rest.bad-body")
    return Finding("rest.bad-body") if any(map(holds_control, chain(*asked))) else Body(asked)


def _resource(data: bytes, form: str) -> Body | Finding:
    parsed = parse_fhir(data)
    if isinstance(parsed, Unread):
        return parsed.findings[0]
    if parsed.form != form:
        return Finding("rest.media-type")
    return Body(resource=parsed.resource, faults=(*parsed.strangers, *structure(parsed.resource)))
