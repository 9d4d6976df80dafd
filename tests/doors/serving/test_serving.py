"""The server as it is started by hand or by a supervisor: ready, stopped, started again, and silent about patients."""

import re
import signal
import socket
import sqlite3
from pathlib import Path

import httpx
import pytest
from lxml import etree

from patientoverblik.demo.people import PERSONAS
from patientoverblik.edges.portal.assets import load_assets
from tests.doors.cli.program import NANCY, NUMBER, call
from tests.doors.serving.server import AT_MOST, READY, Server, serving

PLANTED = b"Plantet ord om Nancy 251248-9996"
REQUEST = ", request [0-9a-f-]{36}"
LOGGED = re.compile(rf"answered with [a-z]+\.[a-z-]+, trace [0-9a-f]{{12}}{REQUEST}|a page failed: \w+{REQUEST}")
LONG_WORDS = re.compile(r"[A-Za-zÆØÅæøå]{6,}")


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    try:
        load_assets()
    except FileNotFoundError:
        pytest.skip("the page assets are not laid out: make setup")
    return tmp_path_factory.mktemp("serving") / "demo.sqlite3"


@pytest.fixture(scope="module")
def first(database) -> Server:
    """The first start: the demo is loaded, pages are served, and a supervisor stops it."""
    with serving(database, "demo") as server:
        assert httpx.get(f"{server.address}/was", timeout=AT_MOST).status_code == 200
        server.code = server.stop()
        yield server


def test_the_first_start_loads_the_demo_says_where_and_as_whom_and_ends_gracefully(first):
    assert re.search(r"ready: (\d+) documents, \1 of them new", first.said)
    assert f"{first.address}/" in first.said
    assert all(persona.id in first.said for persona in PERSONAS)
    assert (first.code, first.log) == (0, "")


def test_a_second_start_loads_nothing_anew(first, database):
    with serving(database, "demo") as server:
        assert ", 0 of them new" in server.said
        assert httpx.get(f"{server.address}/was", timeout=AT_MOST).status_code == 200
        assert server.stop(signal.SIGINT) == 0


def test_what_is_loaded_is_served_without_loading(first, database):
    with serving(database, "serve") as server:
        assert "documents" not in server.said
        assert "egen-laege" in server.said
        assert httpx.get(f"{server.address}/was", timeout=AT_MOST).status_code == 200
        assert server.stop() == 0


def test_a_taken_port_is_one_clear_line(first, database):
    with serving(database, "serve") as server:
        for command in ("serve", "demo"):
            ended = call(command, database=database, PATIENTOVERBLIK_PORT=str(server.port))
            assert (ended.code, ended.out) == (2, "")
            assert ended.err == "cli.port-taken: The port is taken; choose another with PATIENTOVERBLIK_PORT\n"


def test_doctor_tells_this_service_on_the_port_from_a_stranger(first, database):
    with serving(database, "serve") as server:
        assert _port(call("doctor", "--json", database=database, PATIENTOVERBLIK_PORT=str(server.port)))["fine"]
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        number = str(stranger.getsockname()[1])
        assert not _port(call("doctor", "--json", database=database, PATIENTOVERBLIK_PORT=number))["fine"]


def _port(ended):
    return next(each for each in ended.json if each["what"] == "port")


def test_nothing_of_a_patient_stands_in_what_the_server_says(first, database, tmp_path):
    """A run of pages, refusals and faults; afterwards no number, name or word of a document stands in output or log."""
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(database) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with serving(copy, "serve") as server, client(server) as browser:
        words = visit_everything(browser)
        refuse_everything(browser)
        spoil(copy)
        assert browser.get("/").status_code < 600
        assert search(browser).status_code >= 500
        assert server.stop() == 0
        assert server.said.endswith(READY)  # nothing more was said
        lines = server.log.splitlines()
    assert len(words) > 100
    assert any(line.startswith("a page failed: ") for line in lines)
    assert [line for line in lines if not LOGGED.fullmatch(line)] == []
    told = re.sub(rf"trace \w+{REQUEST}|{REQUEST}", "", " ".join(lines))
    assert set(re.findall(r"\w{6,}", told)) & (words | {"Plantet"}) <= {"portal", "refused"}
    assert not NUMBER.search(told)


def client(server: Server) -> httpx.Client:
    """A browser that waits as long as a busy machine needs."""
    return httpx.Client(base_url=server.address, follow_redirects=True, timeout=AT_MOST)


def token(page: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


def search(browser: httpx.Client, number: str = NANCY) -> httpx.Response:
    return browser.post("/patient", data={"cpr": number, "csrf": browser.token})


def visit_everything(browser: httpx.Client) -> set[str]:
    """Log in, look, open every kind of page; the words that were shown."""
    sealed = re.search(r'name="request" value="([^"]+)"', browser.get("/").text)[1]
    browser.post("/testlogin/authorize", data={"persona": "egen-laege", "request": sealed})
    browser.token = token(browser.get("/").text)
    overview = search(browser)
    assert overview.status_code == 200
    base = overview.url.path
    pages = [overview, browser.get(f"{base}/dokumenter"), browser.get(f"{base}/opslag")]
    links = re.findall(rf'href="({re.escape(base)}/dokument/[^"]+)"', overview.text)
    pages += [browser.get(link) for link in dict.fromkeys(links[:3])]
    asked = {"patient": NANCY}
    answer = browser.post("/api/overblik", json=asked, headers={"x-csrf-token": browser.token})
    assert answer.status_code == 200
    return {word for page in pages for word in document_words(page.text)}


def document_words(page: str) -> set[str]:
    """The words of a page's main part."""
    main = etree.HTML(page).find(".//main")
    return set(LONG_WORDS.findall(" ".join(main.itertext())))


def refuse_everything(browser: httpx.Client) -> None:
    """Whatever a person or a program can do wrong, with patients' words in it."""
    stranger = "3105709999"
    answers = [
        search(browser, stranger),
        search(browser, "Nancy Berggren"),
        browser.get(f"/p/{NANCY}"),
        browser.get(f"/{NANCY}?cpr={NANCY}"),
        browser.get(f"/p/x/dokument/{NANCY}"),
        browser.put("/patient", data={"cpr": NANCY}),
        browser.post("/patient", data={"cpr": NANCY, "csrf": "wrong"}),
        browser.post("/api/overblik", content=PLANTED, headers={"x-csrf-token": browser.token}),
        browser.post("/api/overblik", json={"patient": stranger}, headers={"x-csrf-token": browser.token}),
        browser.post("/api/overblik", json={"patient": NANCY}),
        browser.get("/", headers={"cookie": f"session={NANCY}"}),
    ]
    assert all(answer.status_code >= 400 for answer in answers[2:-1])


def spoil(database: Path) -> None:
    """Damage everything that is kept of patients, so that reading it breaks with their words at hand."""
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute("update shelf set data = ?", (b"\xd9\x20" + PLANTED,))
    connection.close()
