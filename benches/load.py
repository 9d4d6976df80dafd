"""A small HTTP/1.1 load generator on raw sockets, so that it takes little of the cores it shares with the server."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True)
class Request:
    """One request as bytes, ready to be sent."""

    data: bytes


@dataclass(frozen=True)
class Load:
    """What a run saw: answers per second, and milliseconds per answer at the median and the 99th percentile."""

    per_second: float
    p50: float
    p99: float
    answers: int
    bytes_each: float


def post(path: str, body: bytes, headers: dict[str, str]) -> Request:
    """A POST with a body."""
    return request("POST", path, body, {"Content-Type": "application/json", **headers})


def get(path: str, headers: dict[str, str]) -> Request:
    """A GET."""
    return request("GET", path, b"", headers)


def request(method: str, path: str, body: bytes, headers: dict[str, str]) -> Request:
    """Any other."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return Request("\r\n".join([*lines, "", ""]).encode() + body)


def run(port: int, requests: list[Request], connections: int, seconds: float, holds: bytes = b"") -> Load:
    """Send the requests round and round over the connections for so long; an answer that is not 200, or in which
    ``holds`` does not stand, stops the run."""
    return asyncio.run(_run(port, requests, connections, seconds, holds))


def once(port: int, requests: list[Request], connections: int, holds: bytes = b"") -> Load:
    """Send each request exactly once over the connections."""
    return asyncio.run(_run(port, requests, connections, 600, holds, len(requests)))


async def _run(
    port: int, requests: list[Request], connections: int, seconds: float, holds: bytes, most: int = 10**9
) -> Load:
    turn, spent, sizes = count(), [], []
    deadline = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < deadline and (number := next(turn)) < most:
            began = time.perf_counter()
            writer.write(requests[number % len(requests)].data)
            sizes.append(await _answer(reader, holds))
            spent.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    took = time.perf_counter() - began
    ranked = sorted(spent)
    return Load(
        per_second=len(ranked) / took,
        p50=1000 * statistics.median(ranked),
        p99=1000 * ranked[int(len(ranked) * 0.99)],
        answers=len(ranked),
        bytes_each=statistics.mean(sizes),
    )


async def _answer(reader: asyncio.StreamReader, holds: bytes) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"the server answered {head.split(bytes([13, 10]), 1)[0].decode()}")
    lower = head.lower()
    length = int(lower.split(b"content-length:")[1].split(b"\r\n", 1)[0])
    if holds not in await reader.readexactly(length):
        raise RuntimeError("the server answered otherwise than is measured")
    return length
