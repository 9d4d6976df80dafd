"""The JSON door as OpenAPI 3.1, open to all: its addresses, what they take and what they answer with, by the values
that do so."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from patientoverblik.edges.portal.routes import api, plan_flags
from patientoverblik.edges.portal.routes.desk import Counter
from patientoverblik.overview import Overview

ADDRESS = f"{api.PREFIX}openapi.json"


class Told(msgspec.Struct, frozen=True):
    """What went wrong: its code, a text in Danish and one in English, and an id that stands in the log."""

    code: str
    da: str
    en: str
    trace: str


Posted = tuple[str, str, type, type]
POSTED: tuple[Posted, ...] = (
    (api.ADDRESS, "The overview of one patient", api.Asked, Overview),
    (plan_flags.ADDRESS, "Whether there are plans to see", plan_flags.Listed, plan_flags.Answers),
)


async def described(_counter: Counter, request: Request) -> Response:
    """``GET /api/openapi.json``."""
    return JSONResponse({**description(), "servers": [{"url": f"{request.url.scheme}://{request.url.netloc}"}]})


@cache
def description() -> Mapping[str, Any]:
    """The door as OpenAPI, but for the address it stands at."""
    values = (Told, *(value for _, _, taken, given in POSTED for value in (taken, given)))
    _, schemas = msgspec.json.schema_components(values, ref_template="#/components/schemas/{name}")
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samlet patientoverblik – JSON", "version": "1", "license": {"name": "Apache-2.0"}},
        "paths": {row[0]: {"post": _operation(row)} for row in POSTED},
        "components": {"schemas": schemas, "securitySchemes": {"bearer": bearer}},
        "security": [{"bearer": []}],
    }


def _operation(row: Posted) -> dict[str, Any]:
    _, summary, taken, given = row
    fault = {"description": "What went wrong", **_content(Told)}
    return {
        "operationId": given.__name__.lower(),
        "summary": summary,
        "description": (given.__doc__ or "").strip(),
        "requestBody": {"required": True, **_content(taken)},
        "responses": {"200": {"description": summary, **_content(given)}, "4XX": fault, "5XX": fault},
    }


def _content(value: type) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{value.__name__}"}}}}
