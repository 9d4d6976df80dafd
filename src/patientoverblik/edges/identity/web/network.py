"""Asking the provider: within a time and a size, and never by a redirect to where nobody configured us to go."""

import asyncio
import json
from typing import Any

import httpx
import msgspec

from patientoverblik.edges.identity.tls import machine_trust
from patientoverblik.problems import Fault

SECONDS = 10.0
LARGEST = 1 << 20
UNREACHABLE = "identity.provider-unreachable"
NOT_UNDERSTOOD = "identity.provider-not-understood"


class Network(msgspec.Struct, frozen=True):
    """The way to the provider. ``transport`` takes the place of sockets where the provider runs in our own process."""

    transport: httpx.AsyncBaseTransport | None = None
    seconds: float = SECONDS


class Answer(msgspec.Struct, frozen=True):
    """An answer read whole."""

    status: int
    body: bytes


async def ask(network: Network, method: str, address: str, headers: Any = None, body: str | None = None) -> Answer:
    """One request and its whole answer; :class:`Fault` ``identity.provider-unreachable`` where none came in time."""
    try:
        async with (
            asyncio.timeout(network.seconds),
            _client(network) as client,
            client.stream(method, address, headers=headers, content=body) as answer,
        ):
            return Answer(answer.status_code, await _whole(answer))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
        raise Fault(UNREACHABLE) from None


async def ask_json(network: Network, address: str, headers: Any = None) -> dict[str, Any]:
    """The object at an address; :class:`Fault` where the answer is another status or no JSON object."""
    answer = await ask(network, "GET", address, headers)
    if answer.status >= 500:
        raise Fault(UNREACHABLE)
    return object_of(answer)


def object_of(answer: Answer) -> dict[str, Any]:
    """The JSON object of a successful answer; :class:`Fault` ``identity.provider-not-understood`` otherwise."""
    try:
        found = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Fault(NOT_UNDERSTOOD)
    return found


def _client(network: Network) -> httpx.AsyncClient:
    """A client that reads no proxy from the environment and follows no redirect."""
    verify = machine_trust() if network.transport is None else False
    return httpx.AsyncClient(
        transport=network.transport,
        timeout=network.seconds,
        follow_redirects=False,
        trust_env=False,
        verify=verify,
    )


async def _whole(answer: httpx.Response) -> bytes:
    found = bytearray()
    async for part in answer.aiter_bytes():
        found += part
        if len(found) > LARGEST:
            raise Fault(NOT_UNDERSTOOD)
    return bytes(found)
