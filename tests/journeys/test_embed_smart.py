"""A record system with a SMART server of its own, another program that others' code runs, opens the overview as its app."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from patientoverblik.app.embedding import with_systems
from patientoverblik.app.settings import Settings
from tests.doors.embed import record_server
from tests.doors.identity.web.provider import CLAIMS
from tests.journeys.embedding import Slow, gated, house_of_two
from tests.journeys.serving import Later, served
from tests.unit.portal import sample

FILE = """
[[system]]
id = "epj"
name = "Testregionens journal"
origins = ["{epj}"]
back = "{epj}/"

[system.smart]
iss = "{epj}/fhir"
issuer = "{epj}"
client = "overblik"
secret_file = "secret.txt"
claims = "claims.toml"
"""


@pytest.fixture
def record_system(tmp_path) -> Iterator[tuple[str, str]]:
    """The service at one site and the record system at another: their addresses."""
    pages = Later()
    with served(pages) as here, socket.create_server(("127.0.0.1", 0)) as free:
        ours = here.replace("127.0.0.1", "localhost")
        port = free.getsockname()[1]
        free.close()
        epj = f"http://127.0.0.1:{port}"
        pages.application = service(tmp_path, ours, epj)
        program = subprocess.Popen([sys.executable, record_server.__file__, str(port), ours])
        try:
            answers(f"{epj}/jwks", program)
            yield ours, epj
        finally:
            program.terminate()
            program.wait(10)


def service(folder: Path, ours: str, epj: str):
    (folder / "systems.toml").write_text(FILE.format(epj=epj))
    (folder / "claims.toml").write_text(CLAIMS)
    (folder / "secret.txt").write_text(record_server.SECRET)
    inside, asked = house_of_two(Slow())
    settings = Settings(database="memory:", demo=True, base_url=ours, record_systems=str(folder / "systems.toml"))
    return gated(inside, with_systems(settings, inside, asked))


def answers(address: str, program: subprocess.Popen) -> None:
    """Wait until the program answers."""
    while program.poll() is None:
        try:
            httpx.get(address, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the record system did not start")


def test_it_opens_in_the_record_systems_page_without_a_login_and_without_a_banner(record_system, visit):
    _, epj = record_system
    visitor = visit("http://")
    visitor.page.goto(epj)
    inside = visitor.page.frame_locator("iframe")
    inside.get_by_role("heading", level=1, name="Samlet patientoverblik for Anne Prøve").wait_for()
    assert inside.get_by_text("Anna Læge", exact=True).count() == 1
    assert inside.get_by_role("region", name="Patient").count() == 0
    inside.get_by_role("link", name="Dokumenter", exact=True).first.click()
    inside.get_by_role("heading", level=1, name="Dokumenter").wait_for()
    assert not [each for each in visitor.asked if sample.CPR in each]


def test_two_patients_are_open_beside_each_other(record_system, visit):
    _, epj = record_system
    visitor = visit("http://")
    visitor.page.goto(f"{epj}/?patient=anne")
    other = visitor.page.context.new_page()
    other.goto(f"{epj}/?patient=bent")
    for page, name in ((visitor.page, "Anne"), (other, "Bent"), (visitor.page, "Anne")):
        inside = page.frame_locator("iframe")
        inside.get_by_role("heading", level=1, name=f"Samlet patientoverblik for {name} Prøve").wait_for()
        inside.get_by_role("link", name="Overdragelser").click()
        inside.get_by_role("link", name="Overblikket").first.click()


def test_it_opens_in_a_window_of_its_own_and_is_closed_by_its_reader(record_system, visit):
    _, epj = record_system
    visitor = visit("http://")
    visitor.page.goto(f"{epj}/?window=1&patient=bent")
    visitor.page.get_by_role("link", name="Åbn overblikket").click()
    visitor.page.get_by_role("heading", level=1, name="Samlet patientoverblik for Bent Prøve").wait_for()
    address = visitor.page.url
    visitor.page.get_by_role("button", name="Luk overblikket").click()
    visitor.page.get_by_text("Visningen er slut").wait_for()
    visitor.page.goto(address)
    visitor.page.get_by_text("Visningen er slut").wait_for()


def test_the_way_back_leads_to_the_record_system(record_system, visit):
    _, epj = record_system
    visitor = visit("http://")
    visitor.page.goto(f"{epj}/?window=1&patient=bent")
    visitor.page.get_by_role("link", name="Åbn overblikket").click()
    visitor.page.get_by_role("link", name="Tilbage til Testregionens journal").click()
    visitor.page.get_by_role("heading", level=1, name="EPJ").wait_for()
