"""A storage that cannot do what it is asked for: every address answers by the catalogue and tells nothing more."""

import asyncio
import logging
import re
from concurrent.futures import Future
from contextlib import contextmanager

import msgspec
import pytest

from patientoverblik.app import console, serving
from patientoverblik.app.login import with_test_login
from patientoverblik.app.settings import Settings
from patientoverblik.problems import CATALOGUE
from patientoverblik.storage.fault import StorageFault
from tests.doors.portal.browser import Browser
from tests.doors.portal.test_pages import search, token
from tests.unit.portal import house as made
from tests.unit.portal import sample

HELD = "patient 2512489996 has HIV"
READS = "reads"
WRITES = "writes"


class Failing:
    """A storage that does as it should until it is told to fail."""

    def __init__(self, storage) -> None:
        self._storage = storage
        self.code = ""
        self.failing = READS

    def _fault(self) -> StorageFault:
        fault = StorageFault(self.code)
        fault.__context__ = ValueError(HELD)
        return fault

    def reader(self):
        if self.code and self.failing == READS:
            raise self._fault()
        return self._storage.reader()

    @contextmanager
    def snapshot(self):
        if self.code and self.failing == READS:
            raise self._fault()
        with self._storage.snapshot() as reader:
            yield reader

    def act(self, work) -> Future:
        if not self.code:
            return self._storage.act(work)
        refused: Future = Future()
        refused.set_exception(self._fault())
        return refused


@pytest.fixture
def storage():
    return Failing(made.house().storage)


@pytest.fixture
def client(storage):
    house = msgspec.structs.replace(made.house(), storage=storage)
    browser = Browser(with_test_login(house, made.settings(), demo=True))
    browser.log_in("laege")
    return browser


@pytest.mark.parametrize(
    ("code", "status"),
    [("storage.busy", 503), ("storage.disk", 503), ("storage.closed", 503), ("storage.broken", 500)],
)
@pytest.mark.parametrize("address", ["/", "/p/x", "/p/x/dokumenter", "/p/x/dokument/y", "/p/x/opslag"])
def test_a_page_says_in_plain_danish_what_is_wrong(client, storage, caplog, address, code, status):
    storage.code = code
    with caplog.at_level(logging.DEBUG):
        answer = client.get(address)
    assert answer.status_code == status
    assert CATALOGUE[code].da in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert answer.headers["cache-control"] == "no-store"
    assert re.search(r"Sporings-id: (\w+)", answer.text)[1] in caplog.text
    assert code in caplog.text
    assert HELD not in answer.text + caplog.text
    assert "StorageFault" not in answer.text + caplog.text


@pytest.mark.parametrize("failing", [READS, WRITES])
@pytest.mark.parametrize("address", ["/patient", "/vaelg", "/log-ud"])
def test_a_form_that_cannot_be_kept_says_so(client, storage, address, failing):
    csrf = token(client.get("/").text)
    storage.code, storage.failing = "storage.busy", failing
    answer = client.post(address, data={"csrf": csrf, "cpr": sample.CPR, "whose": "0"})
    is_kept = address == "/vaelg" and failing == WRITES
    assert answer.status_code == (404 if is_kept else 503)
    assert sample.CPR not in answer.text


def test_a_login_that_cannot_be_kept_lets_nobody_in(storage):
    house = msgspec.structs.replace(made.house(), storage=storage)
    browser = Browser(with_test_login(house, made.settings(), demo=True))
    browser.get("/")
    storage.code, storage.failing = "storage.disk", WRITES
    answer = browser.log_in("laege")
    assert answer.status_code == 503
    assert "overblik" not in browser.cookies


@pytest.mark.parametrize("failing", [READS, WRITES])
def test_an_act_that_fails_shows_nobody_anything(storage, failing):
    """A look that cannot be written down is no look."""

    async def look(*_):
        await asyncio.wrap_future(storage.act(lambda _: None))

    house = msgspec.structs.replace(made.house(), storage=storage)
    settings = made.settings(acts=msgspec.structs.replace(made.acts(), look=look))
    client = Browser(with_test_login(house, settings, demo=True))
    client.log_in("laege")
    address = search(client).url.path
    storage.code, storage.failing = "storage.disk", failing
    answer = client.get(address)
    assert answer.status_code == 503
    assert "Nancy" not in answer.text
    assert CATALOGUE["storage.disk"].da in answer.text


@pytest.mark.parametrize(("code", "status"), [("storage.busy", 503), ("storage.disk", 503), ("storage.broken", 500)])
def test_the_json_answer_is_json_when_it_fails_too(client, storage, caplog, code, status):
    csrf = token(client.get("/").text)
    storage.code = code
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/overblik", json={"patient": sample.CPR}, headers={"x-csrf-token": csrf})
    told = answer.json()
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert (told["code"], told["da"], told["en"]) == (code, CATALOGUE[code].da, CATALOGUE[code].en)
    assert told["trace"] in caplog.text
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert HELD not in answer.text + caplog.text


def test_json_that_breaks_in_any_other_way_is_json_and_tells_nothing(caplog):
    async def look(*_):
        raise ValueError(HELD)

    settings = made.settings(acts=msgspec.structs.replace(made.acts(), look=look))
    client = Browser(with_test_login(made.house(), settings, demo=True))
    client.log_in("laege")
    csrf = token(client.get("/").text)
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/overblik", json={"patient": sample.CPR}, headers={"x-csrf-token": csrf})
    assert answer.status_code == 500
    assert answer.json()["code"] == "portal.broken"
    assert HELD not in answer.text + caplog.text


def test_the_console_tells_a_fault_in_one_line(monkeypatch, capsys):
    def run(*_):
        raise StorageFault("storage.busy") from ValueError(HELD)

    monkeypatch.setattr(console, "run", run)
    monkeypatch.setattr("sys.argv", ["patientoverblik", "find"])
    with pytest.raises(SystemExit) as ended:
        console.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"storage.busy: {CATALOGUE['storage.busy'].en}\n"


def test_a_heartbeat_that_fails_is_followed_by_the_next(monkeypatch):
    beats = []

    async def while_served():
        third = asyncio.Event()

        async def keep_alive(_house):
            beats.append(len(beats))
            if len(beats) == 2:
                raise StorageFault("storage.busy")
            if len(beats) == 3:
                third.set()

        monkeypatch.setattr(serving, "keep_alive", keep_alive)
        async with serving._alive(Settings(demo=True), made.house()):
            await asyncio.wait_for(third.wait(), 30)

    monkeypatch.setattr(serving, "HEARTBEAT_SECONDS", 0)
    asyncio.run(while_served())
    assert beats[:3] == [0, 1, 2]
