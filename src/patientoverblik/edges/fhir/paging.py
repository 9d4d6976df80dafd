"""The next page's address: sealed, to be read here alone and used by whom it was given to (R4 http.html#paging).

It holds the search and the last resource shown, so it tells of nothing that is hidden. Every page is decided anew: it
ends with the permit, and after an hour at most. What has changed meanwhile is seen on the pages to come.
"""

import msgspec

from patientoverblik.edges.fhir.call import Asked, Call

LASTS = 60 * 60 * 1000
_PACK = msgspec.msgpack.Encoder().encode


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a search goes on: behind the resource with the id ``after``, for one actor, until a time (ms UTC)."""

    actor: str
    session: str
    type: str
    patient: int
    asked: Asked
    after: str
    until: int


_UNPACK = msgspec.msgpack.Decoder(Cursor).decode


def cursor_text(call: Call, patient: int, asked: Asked, after: str, until: int) -> str:
    """A cursor for the one who asks now; ``until`` is when the decision must be asked for anew, 0 for never."""
    ends = min(each for each in (until, call.house.clock() + LASTS) if each)
    actor = call.actor
    return call.opaque.sealed(_PACK(Cursor(actor.id, actor.session, call.type, patient, asked, after, ends)))


def cursor_of(call: Call, text: str) -> Cursor | None:
    """The cursor of a text; None for one that is another's, of another search, or has ended."""
    data = call.opaque.opened(text)
    if data is None:
        return None
    found = _UNPACK(data)
    theirs = (found.actor, found.session, found.type) == (call.actor.id, call.actor.session, call.type)
    return found if theirs and call.house.clock() < found.until else None
