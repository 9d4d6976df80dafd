"""With the keyboard alone, from the login to a whole document and back: every step is reached, and it is seen where one is."""

from tests.journeys.steps import CPR, given_a_phone, then_the_heading_is

MOST_TABS = 200
WHERE = """() => { const at = document.activeElement; const style = getComputedStyle(at);
  return [at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent.trim(),
          style.outlineStyle !== "none" || style.boxShadow !== "none"]; }"""


def when_they_tab_to(visitor, name: str) -> None:
    """On with the tabulator, until it stands where the name begins; wherever it stands is seen."""
    passed = []
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        stands_at, seen = visitor.page.evaluate(WHERE)
        assert seen, f"nothing shows that {stands_at!r} has the focus"
        if stands_at.startswith(name):
            return
        passed.append(stands_at)
    raise AssertionError(f"{name} is not among {passed}")


def when_they_go_on_by(visitor, name: str) -> None:
    """Tab to it and press Enter; the next step begins when the page it leads to is there."""
    when_they_tab_to(visitor, name)
    when_they_enter(visitor)


def when_they_enter(visitor) -> None:
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.keyboard.press("Enter")


def when_they_unfold(visitor, name: str) -> None:
    when_they_tab_to(visitor, name)
    visitor.page.keyboard.press("Enter")


def when_they_read_a_document_and_come_back(visitor, overview: str) -> None:
    then_the_heading_is(visitor, overview)
    when_they_unfold(visitor, "Fra ")
    when_they_go_on_by(visitor, "Vis dokument:")
    assert visitor.page.locator("main article.document").is_visible()
    when_they_go_on_by(visitor, "Tilbage til overblikket")
    then_the_heading_is(visitor, overview)


def test_a_doctor_reads_a_document_and_comes_back(visit, demo):
    doctor = visit(demo)
    doctor.page.goto(demo)
    when_they_go_on_by(doctor, "Log ind som Egen læge")
    when_they_tab_to(doctor, "Patientens CPR-nummer")
    doctor.page.keyboard.type(CPR)
    when_they_enter(doctor)
    when_they_read_a_document_and_come_back(doctor, "Samlet patientoverblik for Nancy Ann Test Berggren")


def test_a_citizen_reads_a_document_and_leaves_with_a_phone_and_a_keyboard(visit, demo):
    nancy = visit(demo)
    given_a_phone(nancy)
    nancy.page.goto(demo)
    when_they_go_on_by(nancy, "Log ind som Nancy, borger")
    when_they_read_a_document_and_come_back(nancy, "Dit overblik")
    when_they_unfold(nancy, "Menu")
    when_they_go_on_by(nancy, "Log ud")
    nancy.page.get_by_role("button", name="Log ind som Nancy, borger").wait_for()
