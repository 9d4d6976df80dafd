"""A request's body, as long as it is no longer than it may be: what is longer is not read to its end."""

from starlette.requests import Request


async def body_within(request: Request, largest: int) -> bytes | None:
    """The body, None where it is longer than ``largest`` bytes."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > largest:
            return None
    return bytes(found)
