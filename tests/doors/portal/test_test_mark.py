"""The mark of a test environment: on every page of the demo, and on no page of an installation."""

import pytest

from patientoverblik.app.serving import application
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house
from patientoverblik.storage.memory import MemoryStorage
from tests.doors.portal.browser import Browser

MARK = "Testmiljø med testpersoner"


@pytest.fixture(params=[True, False], ids=["demo", "installation"])
def browser(request) -> tuple[Browser, bool]:
    settings = Settings(database="memory:", demo=request.param)
    return Browser(application(settings, open_house(settings, MemoryStorage()))), request.param


def test_invented_people_are_marked_as_such_and_real_ones_never(browser):
    reader, demo = browser
    pages = [reader.get("/was"), reader.get("/")] + ([reader.log_in("egen-laege")] if demo else [])
    assert all(page.status_code == 200 for page in pages)
    assert [MARK in page.text for page in pages] == [demo] * len(pages)
