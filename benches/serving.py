"""The overview as JSON and as a page, decision and durable look included, beside a server of the same bytes."""

import hashlib
import http.client
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benches.load import Load, Request, get, once, post, run
from benches.servers import free_port, make_floor, memory_mb, serving
from benches.table import Figure
from benches.world import World
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
from patientoverblik.service.ports import Transaction
from patientoverblik.sharing.model import PatientId

SECONDS = 8.0
AT_ONCE = 16
SEEN = 50


def measure_serving(world: World) -> Iterator[Figure]:
    """First every patient once by a worker that has seen none of them, then the first fifty of them in turn."""
    handles = _handles(world)
    asked = overviews(world)
    pages = [get(f"/p/{handle}", {"Cookie": f"overblik={world.token}"}) for handle in handles]
    port = free_port()
    with serving(["-m", "patientoverblik", "serve"], port, environment_of(world, port)) as process:
        cold = once(port, asked, AT_ONCE)
        yield Figure(f"overview JSON, patients never seen, {AT_ONCE} at once", cold.per_second, "answers/s")
        yield from pair("overview JSON, 20 documents", port, asked[:SEEN], "≥ 400/s", "p50 ≤ 6 ms")
        yield from pair("overview page, 20 documents", port, pages[:SEEN], "≥ 200/s", "")
        yield Figure("worker's memory", memory_mb(process), "MB", 0, "≤ 250 MB")


def overviews(world: World) -> list[Request]:
    """A request for the overview of each patient."""
    return [post("/api/overblik", _body(number), _bearer(world)) for number in world.numbers]


def environment_of(world: World, port: int) -> dict[str, str]:
    """The settings of a server over a filled database, without limits of how often somebody may ask."""
    return {
        "PATIENTOVERBLIK_DATABASE": world.settings.database,
        "PATIENTOVERBLIK_DEMO": "true",
        "PATIENTOVERBLIK_PORT": str(port),
        **{f"PATIENTOVERBLIK_LIMIT_{each}": "0" for each in ("ACTOR", "ADDRESS", "ENTRY", "SEARCH")},
    }


def pair(
    name: str, port: int, requests: list[Request], many: str, alone: str = "", holds: bytes = b""
) -> Iterator[Figure]:
    """Requests at once and one at a time, beside the floor's answers with the same bytes; ``many`` and ``alone`` are
    what is aimed at, and ``holds`` must stand in every answer."""
    run(port, requests, AT_ONCE, 2.0, holds)
    busy, single = run(port, requests, AT_ONCE, SECONDS, holds), run(port, requests, 1, SECONDS / 2, holds)
    floor_busy, floor_single = _floor(port, requests)
    size = f"{busy.bytes_each / 1000:.0f} kB"
    yield Figure(f"{name} ({size}), {AT_ONCE} at once", busy.per_second, "answers/s", floor_busy.per_second, many)
    yield Figure(f"  p99 of them, {AT_ONCE} at once", busy.p99, "ms", floor_busy.p99)
    yield Figure("  p50 one at a time", single.p50, "ms", floor_single.p50, alone)


def _floor(port: int, requests: list[Request]) -> tuple[Load, Load]:
    """The same answers, fetched once from the product, served by the floor."""
    answers = {str(number): fetch(port, request) for number, request in enumerate(requests)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "floor.sqlite3"
        make_floor(path, answers)
        floor_port = free_port()
        asked = [get(f"/{number}", {}) for number in answers]
        with serving(["-m", "benches.floor", str(path), str(floor_port)], floor_port, {}):
            return run(floor_port, asked, AT_ONCE, SECONDS / 2), run(floor_port, asked, 1, SECONDS / 4)


def fetch(port: int, request: Request) -> bytes:
    """The answer to one request."""
    head, _, body = request.data.partition(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
    headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body, headers)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def _bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.token}"}


def _body(number: str) -> bytes:
    return json.dumps({"patient": number}).encode()


def _handles(world: World) -> list[str]:
    """A handle per patient in the bench session."""
    session = hashlib.sha256(world.token.encode()).hexdigest()

    def work(transaction: Transaction) -> list[str]:
        made: list[str] = []
        for number in world.numbers:
            key = transaction.patient_key(PatientId(CPR, number)) or 0
            made.append(handle := f"bench-{len(made)}")
            transaction.put_handle(session, handle, key)
        return made

    with opened(world.settings) as house:
        return house.storage.act(work).result()
