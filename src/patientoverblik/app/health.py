"""``/live`` and ``/ready``, for what supervises the service: no patient's data, no version, and nobody need log in.

``/live`` says that the process answers. ``/ready`` says whether it should be sent requests: the storage can be read,
its schema is this program's, and the clock is right (``clock.py``); 503 where one is not. It is looked at once a second
at most, however often it is asked.
"""

from collections.abc import Callable

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from patientoverblik.app.clock import Watch
from patientoverblik.app.settings import Settings
from patientoverblik.edges.guard import Guard
from patientoverblik.edges.guard.headers import completed
from patientoverblik.service.house import House
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite import schema_versions

LIVE = "/live"
READY = "/ready"
SECOND = 1000
Look = Callable[[], dict[str, bool]]


def looking(settings: Settings, house: House, watch: Watch) -> Look:
    """Looks at everything ``/ready`` tells of, by name."""

    def look() -> dict[str, bool]:
        try:
            times = tuple(house.storage.reader().source_times().values())
        except StorageFault:
            return {"storage": False, "schema": _is_our_schema(settings), "clock": watch.is_right(())}
        return {"storage": True, "schema": _is_our_schema(settings), "clock": watch.is_right(times)}

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


def _is_our_schema(settings: Settings) -> bool:
    if settings.database_file is None:
        return True
    try:
        found, newest = schema_versions(settings.database_file)
    except StorageFault:
        return False
    return found == newest
