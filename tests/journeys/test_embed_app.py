"""SMART's own client library is opened from our pages for one patient, and comes back with that patient: we are the server
of an EHR launch here, and a citizen's browser goes through it."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from patientoverblik.app import serving
from patientoverblik.app.clock import Watch
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.demo.load import load_demo
from tests.conftest import PROJECT
from tests.journeys.serving import Later, served
from tests.journeys.steps import given_someone_logged_in, then_anyone_can_use_it, then_the_heading_is, then_they_see

LIBRARY = PROJECT / "tools/clients/node_modules/fhirclient"
PROGRAM = PROJECT / "tests/conformance/clients/smart_app.mjs"
APPS = """
[[app]]
id = "app"
name = "Min app"
owner = "App ApS"
launch = "http://127.0.0.1:{port}/launch"
redirects = ["http://127.0.0.1:{port}/back"]
scopes = ["launch", "openid", "fhirUser", "patient/*.rs"]
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The app, a program of its own, and its port."""
    node = shutil.which("node")
    if node is None or not LIBRARY.is_dir():
        pytest.skip("Node or its package fhirclient is not here: make setup-test")
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    with subprocess.Popen([node, str(PROGRAM), str(number), str(LIBRARY)], stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == b"ready\n"
        yield number
        app.terminate()


@pytest.fixture(scope="module")
def pages(chromium, port, tmp_path_factory) -> Iterator[str]:
    """The demo with the app registered, FHIR door and all."""
    apps: Path = tmp_path_factory.mktemp("apps") / "apps.toml"
    apps.write_text(APPS.format(port=port))
    later = Later()
    with served(later) as address:
        settings = Settings(
            database="memory:", demo=True, apps=str(apps), base_url=address, limit_address=0, limit_entry=0
        )
        with opened(settings) as house:
            with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
                beside.submit(lambda: asyncio.run(load_demo(house))).result()
            later.application = serving.served(settings, house, Watch(house.clock))
            yield address


def test_smarts_own_client_is_opened_for_one_patient(visit, pages, port):
    visitor = visit(pages)
    given_someone_logged_in(visitor, "Nancy, borger")
    visitor.address = "http://127.0.0.1"
    visitor.page.goto(f"{pages}/apps")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("link", name="Åbn Min app").first.click()
    then_the_heading_is(visitor, "Vil du give »Min app« adgang?")
    then_they_see(visitor, "Det gælder:")
    visitor.page.get_by_role("button", name="Tillad").click()
    visitor.page.wait_for_url(f"http://127.0.0.1:{port}/back**")
    assert not visitor.page.locator("body").inner_text().startswith("fault"), visitor.page.locator("body").inner_text()
    told = json.loads(visitor.page.locator("pre").inner_text())
    assert told["patient"] == told["bound"]
    assert told["plans"] >= 1
    assert told["user"] == f"Patient/{told['patient']}"
    then_they_see(visitor, "App")


def test_a_launch_of_another_session_opens_nothing(visit, pages, port):
    """A word for a patient is worth nothing outside the session that it was made in."""
    nancy = visit(pages)
    given_someone_logged_in(nancy, "Nancy, borger")
    nancy.address = "http://127.0.0.1"
    nancy.page.goto(f"{pages}/apps")
    with nancy.page.expect_request(lambda request: "/launch?" in request.url) as seen:
        nancy.page.get_by_role("link", name="Åbn Min app").first.click()
    other = visit(pages)
    given_someone_logged_in(other, "Nancy, borger")
    other.address = "http://127.0.0.1"
    other.page.goto(seen.value.url)
    then_they_see(other, "Du har ikke et overblik, som du kan give apps adgang til.")
