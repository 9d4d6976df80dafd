"""Callers who ask for one patient's overview again and again, and remember what each request was answered."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import NamedTuple
from uuid import uuid4

import httpx

from tests.doors.cli.program import NANCY
from tests.doors.serving.server import AT_MOST, Server

BROKEN = 0


class Answer(NamedTuple):
    """One request: its id, the status (0 where the connection broke), the code of a refusal, and what was drawn."""

    request: str
    status: int
    code: str = ""
    later: str = ""
    drawn: bytes = b""


class Asking:
    """What was answered so far."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []

    def seen(self, status: int) -> int:
        return sum(answer.status == status for answer in self.answers)

    def counts(self) -> Counter:
        return Counter(answer.code or str(answer.status) for answer in self.answers)


@contextmanager
def asking(server: Server, cookies: httpx.Cookies, csrf: str, callers: int) -> Iterator[Asking]:
    """Callers who ask until the block ends."""
    told, ending = Asking(), Event()
    threads = [Thread(target=_ask, args=(server, cookies, csrf, told, ending)) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def _ask(server: Server, cookies: httpx.Cookies, csrf: str, told: Asking, ending: Event) -> None:
    while not ending.is_set():
        with httpx.Client(base_url=server.address, cookies=cookies, timeout=AT_MOST) as client:
            while not ending.is_set() and once(client, csrf, told).status != BROKEN:
                pass


def once(client: httpx.Client, csrf: str, told: Asking) -> Answer:
    """Ask once."""
    request = str(uuid4())
    headers = {"x-csrf-token": csrf, "x-request-id": request}
    try:
        answer = client.post("/api/overblik", json={"patient": NANCY}, headers=headers)
        found = Answer(request, answer.status_code, *_told(answer))
    except httpx.TransportError:
        found = Answer(request, BROKEN)
    told.answers.append(found)
    return found


def _told(answer: httpx.Response) -> tuple[str, str, bytes]:
    if answer.status_code != 200:
        return _code(answer), answer.headers.get("retry-after", ""), b""
    return "", "", drawn_in(answer.json())


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except json.JSONDecodeError:
        return ""


def drawn_in(overview: dict) -> bytes:
    """What was drawn, without what differs from look to look."""
    return json.dumps(
        {name: overview[name] for name in ("sections", "lines", "differences") if name in overview}
    ).encode()
