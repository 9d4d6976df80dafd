"""The floor: an ASGI application that returns ready bytes after one storage read, served as the product is served.

``python -m benches.floor DATABASE PORT``; the key is the path's last part.
"""

import sqlite3
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

Message = MutableMapping[str, Any]


def application(path: str) -> Callable[..., Awaitable[None]]:
    """The floor over one database, opened read-only."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    async def answer(scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[..., Any]) -> None:
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            continue
        key = scope["path"].rsplit("/", 1)[1]
        (body,) = database.execute("select body from answer where key = ?", (key,)).fetchone() or (b"",)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})

    return answer


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), port=int(sys.argv[2]), log_level="error", access_log=False)
