"""A body taken in as it comes: unpacked, inflated, and given up where it is too large or its sender too slow."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterator

import msgspec
from starlette.requests import ClientDisconnect, Request

from patientoverblik.edges.guard import inflated
from patientoverblik.edges.soap.envelope import Message, read_message
from patientoverblik.edges.soap.mtom import Unpacker
from patientoverblik.problems import Finding

MOST = 100_000_000


class Patience(msgspec.Struct, frozen=True):
    """How large a body may be, in bytes, and how slow: after ``grace`` seconds it must have come at ``rate`` bytes a
    second on the whole."""

    most: int = MOST
    grace: float = 30.0
    rate: int = 16_384


async def received(request: Request, patience: Patience) -> Message | Finding:
    """The message of a request, or what is wrong with it."""
    unpacker = Unpacker(request.headers.get("content-type", ""), patience.most)
    inflate = _inflater(request.headers.get("content-encoding", "").strip().lower())
    if inflate is None:
        return Finding("soap.content-encoding")
    try:
        async for chunk in _in_time(request.stream(), patience):
            _take(unpacker, inflate(chunk), request, len(chunk))
            if unpacker.failed:
                break
    except TimeoutError:
        return Finding("soap.too-slow")
    except (zlib.error, ClientDisconnect):
        return Finding("soap.truncated")
    package = unpacker.package()
    return package if isinstance(package, Finding) else read_message(package)


async def _in_time(stream: AsyncIterator[bytes], patience: Patience) -> AsyncIterator[bytes]:
    """The chunks of a stream; ``TimeoutError`` once it is behind the slowest that is waited for."""
    clock = asyncio.get_running_loop().time
    began, came = clock(), 0
    while True:
        left = began + patience.grace + came / patience.rate - clock()
        try:
            async with asyncio.timeout(max(0.0, left)):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        came += len(chunk)
        yield chunk


def _take(unpacker: Unpacker, pieces: Iterator[bytes], request: Request, came: int) -> None:
    """Take what a chunk of ``came`` bytes holds; what it holds more than it weighed coming is weighed too."""
    for piece in pieces:
        inflated(request.scope, max(0, len(piece) - came))
        came = max(0, came - len(piece))
        unpacker.take(piece)
        if unpacker.failed:
            return


def _inflater(encoding: str) -> Callable[[bytes], Iterator[bytes]] | None:
    """How the body's bytes are had from what is sent: as they are, or out of gzip a little at a time."""
    if encoding in ("", "identity"):
        return lambda chunk: iter((chunk,))
    return _gunzip(zlib.decompressobj(16 + zlib.MAX_WBITS)) if encoding == "gzip" else None


def _gunzip(inflater: "zlib._Decompress") -> Callable[[bytes], Iterator[bytes]]:
    def inflate(chunk: bytes) -> Iterator[bytes]:
        while chunk:
            yield inflater.decompress(chunk, 1 << 16)
            chunk = inflater.unconsumed_tail

    return inflate
