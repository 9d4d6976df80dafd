"""On a telephone: the first screen carries what matters, the rest stands by its name, and a finger hits what it aims at."""

import pytest

from tests.journeys.paper import bare, pages
from tests.journeys.steps import (
    CPR,
    given_a_phone,
    given_someone_logged_in,
    then_it_can_be_used_as_it_stands,
    then_the_heading_is,
    then_they_see,
    when_they_follow,
    when_they_open,
    when_they_search_for,
)

NANCY, SPOUSE = "Nancy, borger", "Ægtefælle med fuldmagt til aftaler og planer"
PARENT, OFFICER = "Forælder med forældremyndighed over et barn på under 15 år", "Sikkerhedsansvarlig"
OPEN_ALL = "document.querySelectorAll('main details').forEach(fold => { fold.open = true; })"
UNSEEN = """[...document.querySelectorAll("main .row-line, main .person, main .sources > li, main .stamkort tbody tr")]
  .filter(each => !each.checkVisibility()).map(each => each.textContent)"""


def given_a_doctor_with_a_phone(visitor, width: int = 390) -> None:
    given_a_phone(visitor, width)
    given_someone_logged_in(visitor, "Egen læge")
    when_they_search_for(visitor, CPR)
    visitor.page.locator(".part-matters").wait_for()


@pytest.mark.parametrize("who", ["Egen læge", NANCY])
def test_the_first_screen_carries_what_matters(visit, demo, who):
    visitor = visit(demo)
    given_a_phone(visitor)
    given_someone_logged_in(visitor, who)
    if who != NANCY:
        when_they_search_for(visitor, CPR)
    first = visitor.page.locator(".part-matters .row-line").first
    first.wait_for()
    then_they_see(visitor, "fra 7 af 7 kilder")
    box = first.bounding_box()
    assert box["y"] + box["height"] < 800


def test_lines_stand_by_name_with_their_warnings_and_a_goal_with_its_latest_measurement(visit, demo):
    doctor = visit(demo)
    given_a_doctor_with_a_phone(doctor)
    table = doctor.page.locator("#problems")
    warned = table.locator(".row-line .chip-warn")
    assert warned.count() > 0
    beside = table.locator("summary .chip-warn")
    assert beside.all_inner_texts() == [each.text_content() for each in warned.all()]
    assert all(each.is_visible() for each in beside.all())
    goal = table.locator("summary", has_text="HbA1c under 58 mmol/mol")
    assert "Senest målt 66 mmol/mol, 23. nov. 2026" in goal.inner_text()
    words = table.locator(".row-words", has_text="HbA1c under 58 mmol/mol").first
    assert not words.is_visible()
    goal.click()
    assert words.is_visible()
    then_it_can_be_used_as_it_stands(doctor)


def test_what_is_folded_is_all_there(visit, demo):
    doctor = visit(demo)
    given_a_doctor_with_a_phone(doctor)
    assert doctor.page.evaluate(UNSEEN)
    doctor.page.evaluate(OPEN_ALL)
    assert not doctor.page.evaluate(UNSEEN)


def test_a_link_opens_what_it_leads_to(visit, demo):
    nancy = visit(demo)
    given_a_phone(nancy)
    given_someone_logged_in(nancy, NANCY)
    when_they_open(nancy, "Vægten er stabil på mindst 61 kg")
    nancy.page.locator("#goals").get_by_role("link", name="61 kg, 23. november 2026").click()
    assert nancy.page.locator("#measurements .row-words", has_text="61 kg").is_visible()


def test_the_menu_holds_the_other_pages_and_the_way_out(visit, demo):
    nancy = visit(demo)
    given_a_phone(nancy)
    given_someone_logged_in(nancy, NANCY)
    out = nancy.page.get_by_role("button", name="Log ud")
    nancy.page.locator(".part-matters").wait_for()
    assert not out.is_visible()
    when_they_open(nancy, "Menu")
    assert out.is_visible()
    then_it_can_be_used_as_it_stands(nancy)
    when_they_follow(nancy, "Hvem har set dine oplysninger")
    then_the_heading_is(nancy, "Hvem har set dine oplysninger")
    then_it_can_be_used_as_it_stands(nancy)


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize(
    ("who", "bar"),
    [
        (NANCY, "Dit overblik"),
        (SPOUSE, "Du ser Nancys overblik med fuldmagt"),
        (PARENT, "Du ser Testbarns overblik, fordi du har forældremyndigheden"),
        (OFFICER, "Kontrol af opslag"),
    ],
)
def test_whose_it_is_stands_on_the_first_screen_and_every_target_is_large_enough(visit, demo, who, bar, width):
    visitor = visit(demo)
    given_a_phone(visitor, width)
    given_someone_logged_in(visitor, who)
    told = visitor.page.locator("main, .person-bar").get_by_text(bar).first
    told.wait_for()
    assert told.bounding_box()["y"] < 300
    then_it_can_be_used_as_it_stands(visitor)


@pytest.mark.parametrize("width", [390, 320])
def test_a_doctor_can_tap_everything(visit, demo, width):
    doctor = visit(demo)
    given_a_doctor_with_a_phone(doctor, width)
    then_it_can_be_used_as_it_stands(doctor)


def test_a_name_without_a_blank_breaks_where_the_screen_ends(visit, made):
    doctor = visit(made)
    given_a_phone(doctor, 320)
    given_someone_logged_in(doctor, "Anna Læge")
    when_they_search_for(doctor, CPR)
    doctor.page.locator(".part-matters").wait_for()
    doctor.page.evaluate(LENGTHEN, "Lægemiddeloverfølsomhedsreaktionsbehandlingsansvarlig")
    assert doctor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("who", [NANCY, PARENT])
def test_paper_holds_every_line_that_is_folded_on_the_phone(visit, demo, who):
    """Only the two long lists say on paper that they are left out: nothing that is said of the patient stands there alone."""
    visitor = visit(demo)
    given_a_phone(visitor)
    given_someone_logged_in(visitor, who)
    visitor.page.locator(".part-matters").wait_for()
    lines = visitor.page.locator("main .row-line > .row-words, main .person-role, main .stamkort tbody th")
    whole = "".join(pages(visitor.page.pdf(prefer_css_page_size=True, tagged=True)))
    assert [said for said in lines.evaluate_all(OWN_WORDS) if bare(said) not in whole] == []
    if who == PARENT:
        assert bare("Du ser Testbarns overblik, fordi du har forældremyndigheden") in whole


# Every text of the page but what the page itself calls its folds.
LENGTHEN = """long => document.querySelectorAll("body *").forEach(each => each.childNodes.forEach(part => {
  if (part.nodeType === 3 && part.textContent.trim() && !each.closest(".details-summary")) { part.textContent += " " + long; } }))"""
OWN_WORDS = """lines => lines.map(line => [...line.childNodes]
  .filter(part => part.nodeType === 3 || part.matches("q")).map(part => part.textContent).join("").trim())"""
