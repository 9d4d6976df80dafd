"""``/live`` and ``/ready``, for what supervises the service: no patient's data, no version, and nobody need log in.

``/live`` says that the process answers. ``/ready`` says whether it should be sent requests: the storage can be read,
its schema is this program's or newer, the clock is right (``clock.py``), and it is not about to end; 503 where one is
not. It is looked at once a second at most, however often it is asked.
"""

from collections.abc import Callable

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from patientoverblik.app.clock import Watch
from patientoverblik.app.database import schema_of
from patientoverblik.app.settings import Settings
from patientoverblik.edges.guard import Guard
from patientoverblik.edges.guard.headers import completed
from patientoverblik.service.house import House
from patientoverblik.storage.fault import StorageFault

LIVE = "/live"
READY = "/ready"
SECOND = 1000
Look = Callable[[], dict[str, bool]]
Leaving = Callable[[], bool]


def never() -> bool:
    """A service that is not asked to end."""
    return False


def looking(settings: Settings, house: House, watch: Watch, leaving: Leaving = never) -> Look:
    """Looks at everything ``/ready`` tells of, by name; ``stays`` only where it is about to end."""

    def look() -> dict[str, bool]:
        return {**look_at(), **({"stays": False} if leaving() else {})}

    def look_at() -> dict[str, bool]:
        try:
            times = tuple(house.storage.reader().source_times().values())
        except StorageFault:
            return {"storage": False, "schema": _knows_schema(settings), "clock": watch.is_right(())}
        return {"storage": True, "schema": _knows_schema(settings), "clock": watch.is_right(times)}

    return look


def with_health(application: ASGIApp, look: Look, guard: Guard, clock: Callable[[], int]) -> ASGIApp:
    """The application with both addresses before it, whatever name they are asked by."""
    seen: dict[str, bool] = {}
    seen_at = 0

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal seen, seen_at
        if scope["type"] != "http" or scope["path"] not in (LIVE, READY) or scope["method"] not in ("GET", "HEAD"):
            await application(scope, receive, send)
            return
        if scope["path"] == READY and not (seen and 0 <= clock() - seen_at < SECOND):
            seen, seen_at = look(), clock()
        answer = _answer(seen if scope["path"] == READY else {}, guard)
        await answer(scope, receive, send)

    return served


def _answer(found: dict[str, bool], guard: Guard) -> Response:
    is_fine = all(found.values())
    body = msgspec.json.encode({"status": "ok" if is_fine else "failing", "checks": found})
    answer = Response(body, 200 if is_fine else 503, media_type="application/json")
    answer.raw_headers = completed(answer.raw_headers, guard)
    return answer


def _knows_schema(settings: Settings) -> bool:
    """Whether the schema is not older than this program's: a step forward keeps what the version before needs, so that
    those who serve go on while another version migrates."""
    try:
        schema = schema_of(settings.database)
    except StorageFault:
        return False
    return schema is None or schema.found >= schema.newest
