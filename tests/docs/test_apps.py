"""The page for people who connect an app: its commands run as they stand, against a real server."""

import asyncio
import re
import shutil
import socket
import subprocess
import threading
import tomllib

import msgspec
import pytest
import uvicorn

from patientoverblik.access import PersonFacts
from patientoverblik.app.serving import application
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house, open_storage
from patientoverblik.demo.storyboard import NUMBER
from patientoverblik.edges.identity.authorisation.apps import App, checked
from patientoverblik.edges.portal.routes.api import OVERVIEW
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import PatientId
from tests.conftest import PROJECT
from tests.doors.identity.tokens.place import queries
from tests.doors.portal.browser import Browser

PAGE = (PROJECT / "docs" / "apps.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
TOOLS = ("bash", "curl", "openssl", "jq")
AT_MOST = 60


@pytest.fixture
def demo():
    """The demo's own wiring with Nancy in it, on a port of this machine; the application and its address."""
    asked = socket.create_server(("127.0.0.1", 0))
    settings = Settings(database="memory:", demo=True, port=asked.getsockname()[1])
    storage = open_storage(settings)
    storage.act(lambda held: held.claim_patient(PatientId("1.2.208.176.1.2", NUMBER), 4711)).result()
    storage.act(lambda held: held.put_person(4711, PersonFacts(born=1))).result()
    served = application(settings, open_house(settings, storage))
    server = uvicorn.Server(uvicorn.Config(served, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[asked])))
    thread.start()
    yield served, settings.origin
    server.should_exit = True
    thread.join()
    asked.close()


def test_an_app_is_connected_by_the_commands_of_the_page(demo):
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.skip(f"the walk-through needs {' '.join(missing)}")
    served, base = demo
    script = "\n".join(COMMANDS).replace("http://127.0.0.1:8080", base)
    run = subprocess.Popen(["bash", "-eu"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    bound = threading.Timer(AT_MOST, run.kill)
    bound.start()
    before, code_line, after = script.partition("read -r CODE\n")
    run.stdin.write(before)
    run.stdin.flush()
    address = next(line.strip() for line in run.stdout if "/oauth/authorize?" in line and line.startswith(base))
    run.stdin.write(code_line + _allowed(served, base, address) + "\n" + after)
    said, _ = run.communicate()
    bound.cancel()
    assert run.returncode == 0
    assert '"refresh_token"' in said
    assert '"citizen/' in said
    assert said.rstrip().endswith("identity.app-ended")


def _allowed(served, base: str, address: str) -> str:
    """What a person does in the browser, and the code they copy from its address."""
    browser = Browser(served, base)
    browser.get(address)
    page = browser.log_in("nancy")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    sent = {"csrf": csrf, "request": address.partition("?")[2], "whose": "0", "decision": "allow"}
    return queries(browser.post("/oauth/authorize", data=sent, follow_redirects=False))["code"][0]


def test_the_registration_on_the_page_is_one_that_is_taken():
    given = tomllib.loads(re.search(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)[1])
    assert set(checked(msgspec.convert(tuple(given["app"]), tuple[App, ...]))) == {"dagbog", "journal"}


def test_every_code_type_and_setting_the_page_names_exists():
    assert all(code in CATALOGUE for code in re.findall(r"`(?:40[13] )?(identity\.[a-z-]+)`", PAGE))
    assert all(f"`{each}`" in PAGE for each in OVERVIEW)
    names = {name.lower() for name in re.findall(r"PATIENTOVERBLIK_([A-Z_]+)", PAGE)}
    assert names
    assert names <= set(Settings.__struct_fields__)


def test_the_page_is_in_the_manual():
    manual = (PROJECT / "docs" / "README.md").read_text(encoding="utf-8")
    assert "](apps.md)" in manual
