"""The record system that docs/embedding.md shows, as a vendor would copy it, with the demo in it: two patients by keyboard."""

import pytest

from tests.docs.walk import walked
from tests.journeys.steps import RULES, WIDTHS


@pytest.fixture(scope="module")
def copied(chromium, tmp_path_factory):
    with walked(tmp_path_factory.mktemp("epj")) as (ours, theirs, _):
        yield ours, theirs


def test_the_page_of_the_manual_shows_the_overview_and_switches_the_patient(visit, copied):
    ours, theirs = copied
    visitor = visit("http://")
    visitor.page.goto(theirs)
    inside = visitor.page.frame_locator("samlet-patientoverblik iframe")
    inside.get_by_role("heading", level=1, name="Samlet patientoverblik for Nancy Ann Test Berggren").wait_for()
    visitor.page.evaluate("document.querySelector('samlet-patientoverblik').setAttribute('patient', 'pt-2')")
    inside.get_by_role("heading", level=1, name="Samlet patientoverblik for Testine Psykiatri").wait_for()
    assert not [each for each in visitor.asked if "2512489996" in each]
    assert any(each.startswith(f"{ours}/indlejret/") for each in visitor.asked)


def test_it_is_read_by_keyboard_alone_at_every_width_without_a_fault(visit, copied):
    visitor = visit("http://")
    visitor.page.goto(copied[1])
    inside = visitor.page.frame_locator("samlet-patientoverblik iframe")
    inside.get_by_role("heading", level=1).wait_for()
    frame = next(each for each in visitor.page.frames if each.parent_frame)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        found = frame.evaluate(f"{visitor._axe}; axe.run(document, {{runOnly: {RULES!r}}})")
        assert not [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]], width
        assert frame.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    press_until(visitor, frame, "Dokumenter")
    visitor.page.keyboard.press("Enter")
    inside.get_by_role("heading", level=1, name="Dokumenter").wait_for()


def press_until(visitor, frame, name: str) -> None:
    """Press Tab until the link of that name has the focus."""
    for _ in range(15):
        visitor.page.keyboard.press("Tab")
        if frame.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} is not reached by the keyboard")
