"""What the door tells everybody in other forms than FHIR: where tokens come from, and its addresses as OpenAPI."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from patientoverblik.edges.fhir.call import PATH
from patientoverblik.edges.fhir.interactions import ID, VERSION, Row, rows
from patientoverblik.edges.fhir.media import JSON, XML
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.parameters import parameters_of
from patientoverblik.edges.fhir.sent import sent
from patientoverblik.edges.identity.authorisation.metadata import smart_configuration
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.problems import Finding

SMART = f"{PATH}/.well-known/smart-configuration"
OPENAPI = f"{PATH}/openapi.json"
OF_OPERATIONS = {"$events": ("eventsSinceNumber", "eventsUntilNumber", "content"), "$status": ("id", "status")}
"""What operations take in an address."""
COMMON = ("_count", "_sort", "_include", "_revinclude", "_summary", "_elements", "_total", "_format")


def published(tokens: Tokens, origin: str) -> list[Route]:
    """The addresses that are open to all."""

    async def smart(_request: Request) -> Response:
        if tokens.server is None:
            return sent(refused(Finding("rest.not-offered")), "json", "GET")
        return JSONResponse(smart_configuration(tokens.server.office))

    async def openapi(request: Request) -> Response:
        return JSONResponse(description(origin or f"{request.url.scheme}://{request.url.netloc}"))

    return [Route(SMART, smart, methods=["GET"]), Route(OPENAPI, openapi, methods=["GET"])]


def description(origin: str) -> dict[str, Any]:
    """The door as OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for row in rows():
        paths.setdefault(f"/{row.path}", {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samlet patientoverblik – FHIR R4", "version": "1", "license": {"name": "Apache-2.0"}},
        "servers": [{"url": f"{origin}{PATH}"}],
        "paths": paths,
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
    }


def _operation(row: Row) -> dict[str, Any]:
    name = "-".join((row.type or "system", row.code.strip("$"), row.method.lower())).lower()
    made: dict[str, Any] = {
        "operationId": name,
        "summary": f"{row.code} {row.type}".strip(),
        "responses": _responses(row),
    }
    if row.letter:
        made["security"] = [{"bearer": []}]
    parameters = [*_in_path(row), *(_in_query(row) if row.method == "GET" else ())]
    if parameters:
        made["parameters"] = parameters
    if row.method in ("POST", "PUT"):
        made["requestBody"] = _body(row)
    return made


def _responses(row: Row) -> dict[str, Any]:
    resource = {JSON: {"schema": {"type": "object"}}, XML: {"schema": {"type": "string"}}}
    succeeded = "201" if row.code == "create" else "200"
    content = {"*/*": {"schema": {}}} if row.type == "Binary" else resource
    fault = {"description": "OperationOutcome", "content": resource}
    return {succeeded: {"description": row.code, "content": content}, "4XX": fault, "5XX": fault}


def _in_path(row: Row) -> list[dict[str, Any]]:
    return [_parameter(each.strip("{}"), "path") for each in (ID, VERSION) if each in row.path]


def _in_query(row: Row) -> list[dict[str, Any]]:
    if row.code != "search-type":
        return [_parameter(name, "query") for name in (*OF_OPERATIONS.get(row.code, ()), "_format")]
    return [_parameter(name, "query") for name in (*parameters_of(row.type), *COMMON)]


def _parameter(name: str, where: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": {"type": "string"}}


def _body(row: Row) -> Mapping[str, Any]:
    if row.code == "search-type":
        return {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}
    return {"required": True, "content": {JSON: {"schema": {"type": "object"}}, XML: {"schema": {"type": "string"}}}}
