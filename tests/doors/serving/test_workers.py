"""Several workers over one database: what is decided at one holds at all, and one that is killed is missed by nobody."""

import os
import re
import select
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from patientoverblik.app.database import open_database
from patientoverblik.edges.portal.assets import load_assets
from tests.doors.cli.program import NANCY, call
from tests.doors.serving.server import Server, serving
from tests.doors.serving.test_serving import client, search, token
from tests.postgres import Server as Postgres

SECONDS = 30
LEADS = re.compile(r'^patientoverblik_leads\{worker="\d+"\} (\d)$', re.MULTILINE)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path) -> Iterator[str]:
    """The demo, in a file or on a server."""
    try:
        load_assets()
    except FileNotFoundError:
        pytest.skip("the page assets are not laid out: make setup")
    path = tmp_path / "demo.sqlite3"
    if request.param == "sqlite":
        assert call("demo", "--load-only", database=path).code == 0
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    address = server.new_database()
    assert call("demo", "--load-only", PATIENTOVERBLIK_DATABASE=address, PATIENTOVERBLIK_DEMO="true").code == 0
    yield address
    server.drop(address)


@contextmanager
def workers(database: str, tmp_path: Path, count: int):
    """A program with so many workers."""
    more = {"PATIENTOVERBLIK_DATABASE": database, "PATIENTOVERBLIK_WORKERS": str(count)}
    more |= {"PATIENTOVERBLIK_LIMIT_SEARCH": "0"}  # else a worker alone, with its half of it, has too little for all
    with serving(tmp_path / "log", "serve", **more) as server:
        yield server


def children(server: Server) -> set[int]:
    """The processes of its workers."""
    pid = server.process.pid
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def logged_in(server: Server, persona: str) -> httpx.Client:
    browser = client(server)
    sealed = re.search(r'name="request" value="([^"]+)"', browser.get("/").text)[1]
    browser.post("/testlogin/authorize", data={"persona": persona, "request": sealed})
    browser.token = token(browser.get("/").text)
    return browser


def also_at(server: Server, browser: httpx.Client) -> httpx.Client:
    """The same person, whose next requests come to another worker."""
    other = client(server)
    other.cookies, other.token = browser.cookies, browser.token
    return other


def data(browser: httpx.Client) -> httpx.Response:
    return browser.post("/api/overblik", json={"patient": NANCY}, headers={"x-csrf-token": browser.token})


def test_what_is_decided_at_one_worker_holds_at_once_at_another(database, tmp_path):
    with workers(database, tmp_path, 1) as one, workers(database, tmp_path, 1) as two:
        doctor = logged_in(one, "egen-laege")
        elsewhere = also_at(two, doctor)
        opened = search(doctor)
        assert opened.status_code == elsewhere.get(opened.url.path).status_code == 200
        drawn = data(elsewhere)
        assert drawn.status_code == 200
        nancy = logged_in(one, "nancy")
        own = nancy.post("/vaelg", data={"whose": "0", "csrf": nancy.token}).url.path
        form = nancy.get(f"{own}/spaerringer/ny").text
        sent = {"csrf": token(form), "kind": "block", "who": "all", "action": "put"}
        assert nancy.post(f"{own}/spaerringer", data=sent).status_code == 200
        blocked = data(elsewhere)
        assert blocked.content != drawn.content
        assert len(blocked.content) < len(drawn.content) / 2
        assert doctor.post("/log-ud", data={"csrf": doctor.token}).status_code == 200
        assert data(elsewhere).status_code in (401, 403)
        for each in (doctor, elsewhere, nancy):
            each.close()


def test_a_worker_that_is_killed_is_followed_by_another_and_the_trail_is_whole(database, tmp_path):
    with workers(database, tmp_path, 2) as server:
        doctor = logged_in(server, "egen-laege")
        before = children(server)
        assert len(before) == 2
        with ThreadPoolExecutor(4) as callers:
            answers = [callers.submit(_asked, server, doctor) for _ in range(40)]
            _first(answers)
            os.kill(min(before), signal.SIGKILL)
            told = [each.result() for each in answers]
        assert told.count(200) >= 20
        assert set(told) <= {200, 0}
        after = _two_again(server, before)
        assert len(after & before) == 1
        assert sum(map(int, LEADS.findall(doctor.get("/metrics").text))) <= 1
        doctor.close()
        assert server.stop() == 0
        assert re.search(r"worker \d ended with -9", server.log)
    storage = open_database(database)
    assert storage.broken_chains() == 0
    storage.close()


def _asked(server: Server, browser: httpx.Client) -> int:
    """The status of one request on a connection of its own; 0 where it broke."""
    try:
        with also_at(server, browser) as own:
            return data(own).status_code
    except httpx.TransportError:
        return 0


def _first(answers: list) -> None:
    assert answers[0].result() == 200


def _two_again(server: Server, before: set[int]) -> set[int]:
    """The workers once there are two again; a caller waits on the port of the one that is gone until the next is there."""
    for _ in range(200):
        with client(server) as caller:
            caller.get("/live")
        found = children(server)
        if len(found) == 2 and found != before:
            return found
    raise AssertionError("no other worker came")


def test_workers_whose_watcher_is_gone_end(database, tmp_path):
    with workers(database, tmp_path, 2) as server:
        handles = [os.pidfd_open(each) for each in children(server)]
        assert len(handles) == 2
        server.process.kill()
        server.process.wait()
        assert server.process.stdout.read() == ""  # ends when the last of them has let go of it
        for handle in handles:
            assert select.select([handle], [], [], SECONDS)[0], "a worker goes on without its watcher"
            os.close(handle)
