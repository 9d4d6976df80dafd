"""One Chromium for all journeys, the demo served as anybody gets it, and made pages for what the demo has not.

The browser's event loop runs in the thread of the tests while it is open, so it is closed before any other test begins.
"""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.journeys.serving import served
from tests.journeys.steps import Visitor

CHROMIUM = shutil.which("chromium")
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"


def pytest_collection_modifyitems(items) -> None:
    """Every journey needs the browser; where it is not, they are left out with one line."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator:
    if not CHROMIUM or not AXE.is_file():
        pytest.skip("Chromium or axe-core is not here: journeys are left out")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo(chromium) -> Iterator[str]:
    """The demo, loaded into a memory storage and served by the app's own wiring, gate and all; nobody comes too often."""
    from patientoverblik.app import serving
    from patientoverblik.app.clock import Watch
    from patientoverblik.app.settings import Settings
    from patientoverblik.app.workshop import opened
    from patientoverblik.demo.load import load_demo

    settings = Settings(database="memory:", demo=True, limit_actor=0, limit_address=0, limit_entry=0, limit_search=0)
    with opened(settings) as house:
        with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
            beside.submit(lambda: asyncio.run(load_demo(house))).result()
        with served(serving.served(settings, house, Watch(house.clock))) as address:
            yield address


@pytest.fixture(scope="package")
def made(chromium) -> Iterator[str]:
    """Pages of a made overview that shows every part and every state, with markup planted in every text of the citizen's."""
    from patientoverblik.app.login import with_test_login
    from tests.unit.portal import house, sample

    def shown(view):
        return sample.hostile(view) if view == "citizen" else sample.overview(view)

    with served(with_test_login(house.house(), house.settings(acts=house.acts(shown)), demo=True)) as address:
        yield address


@pytest.fixture
def visit(chromium) -> Iterator:
    """Somebody with a browser of their own, in a zone far away from Denmark; looks after itself at the end."""
    visitors: list[Visitor] = []

    def begin(address: str) -> Visitor:
        visitors.append(Visitor(chromium, address, AXE.read_text(encoding="utf-8")))
        return visitors[-1]

    yield begin
    for visitor in visitors:
        visitor.leave()
