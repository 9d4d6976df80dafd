"""Reading again, searching and printing: what is new stands on its line, everything is searched, paper tells what lacks."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.paper import bare, pages
from tests.journeys.serving import served
from tests.journeys.steps import (
    CPR,
    given_someone_logged_in,
    then_anyone_can_use_it,
    then_they_see,
    when_they_search_for,
)

HOUR = 3_600_000


@pytest.fixture
def changing(chromium):
    """The story to its first months, and what makes a day pass in which the general practice changes its plan."""
    from patientoverblik.app.demo import login_personas
    from patientoverblik.app.login import with_test_login
    from patientoverblik.edges.portal import PortalSettings
    from tests.doors.portal.test_news_and_connected import changed_plan
    from tests.doors.portal.told import place_of

    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
        house = beside.submit(lambda: place_of("B")()).result()

        def a_day_later() -> None:
            house.clock.now += 20 * HOUR
            beside.submit(changed_plan, house).result()
            house.clock.now += HOUR

        with served(with_test_login(house, PortalSettings(personas=login_personas()), demo=True)) as address:
            yield address, a_day_later


def test_a_change_stands_on_its_line_with_what_it_said_before(visit, changing):
    address, a_day_later = changing
    doctor = visit(address)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    assert doctor.page.locator(".changed").count() == 0
    a_day_later()
    doctor.page.context.clear_cookies()
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    line = doctor.page.locator(".row-line", has=doctor.page.locator(".changed"))
    assert line.locator(".row-words").inner_text().startswith("Daglig gåtur på 10 minutter")
    told = " ".join(line.locator(".changed").inner_text().split())
    assert told == "Ændret Før Daglig gåtur på 20 minutter Nu Daglig gåtur på 10 minutter"
    assert doctor.page.locator(".news").get_by_text("Nyt siden sidst").is_visible()
    then_anyone_can_use_it(doctor)


@pytest.mark.parametrize(
    ("word", "stands_in"),
    [
        ("rygestopkursus", "#problems"),
        ("gangtest", "#problems"),
        ("organdonor", "#card"),
        ("indlæggelse", "#timeline"),
        ("naboby", "#sources"),
    ],
)
def test_the_search_reaches_every_part_and_what_is_over(visit, demo, word, stands_in):
    doctor = visit(demo)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    doctor.page.get_by_label("Søg på siden").fill(word)
    then_they_see(doctor, "Viser")
    shown = doctor.page.locator(stands_in)
    assert word.split()[0] in shown.inner_text().lower()


def test_the_search_reaches_what_stands_only_in_a_plans_text_and_never_what_is_hidden(visit, made):
    doctor = visit(made)
    given_someone_logged_in(doctor, "Anna Læge")
    when_they_search_for(doctor, CPR)
    field = doctor.page.get_by_label("Søg på siden")
    field.fill("tiltagende åndenød")
    then_they_see(doctor, "Viser 1 af", "Ring til hjemmesygeplejen ved tiltagende åndenød")
    then_anyone_can_use_it(doctor)
    field.fill("hemmelig")
    then_they_see(doctor, "Ingen linjer på siden har det ord")


def test_who_searches_for_a_problem_is_shown_what_is_done_about_it(visit, demo):
    doctor = visit(demo)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    doctor.page.get_by_label("Søg på siden").fill("hypertension")
    table = doctor.page.locator("#problems")
    assert table.locator(".row-words", has_text="Blodtryk under 130/80").first.is_visible()
    assert not table.locator(".row-words", has_text="Metformin").first.is_visible()
    assert not doctor.page.get_by_role("heading", name="Hvem gør hvad").is_visible(), "a part without a hit"


def test_a_word_that_is_not_there_is_told_as_such(visit, demo):
    doctor = visit(demo)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    doctor.page.get_by_label("Søg på siden").fill("zebra")
    then_they_see(doctor, "Ingen linjer på siden har det ord. Det kan stå i dokumenterne.")


def test_every_page_of_the_pdf_says_whose_it_is_how_complete_and_by_whom(visit, made):
    doctor = visit(made)
    given_someone_logged_in(doctor, "Anna Læge")
    when_they_search_for(doctor, CPR)
    doctor.page.locator("#sources").wait_for()
    printed = pages(doctor.page.pdf(prefer_css_page_size=True, tagged=True))
    assert len(printed) > 1
    for number, page in enumerate(printed, 1):
        for said in (
            "Nancy Ann Test Berggren",
            "CPR 251248-9996",
            "fra 3 af 4 kilder",
            "Overblikket er ikke fuldstændigt",
            "Region Test, psykiatri",
            "Patienten har spærret for nogle oplysninger",
            "Udskrevet af Anna Læge",
            f"Side {number} af {len(printed)}",
        ):
            assert bare(said) in page, (number, said)
    whole = "".join(printed)
    for said in ("Det er vigtigt for mig", "Bør drøftes", "Problemer, mål og indsatser", "[I gang]", "Kilder"):
        assert bare(said) in whole, said
    for away in ("Log ud", "Søg på siden", "Find på siden", "HEMMELIG"):
        assert bare(away) not in whole, away


def test_the_citizens_paper_holds_what_is_folded_and_says_what_is_left_out(visit, demo):
    nancy = visit(demo)
    given_someone_logged_in(nancy, "Nancy, borger")
    nancy.page.locator(".part-matters").wait_for()
    whole = "".join(pages(nancy.page.pdf(prefer_css_page_size=True, tagged=True)))
    for said in ("undgå en ny indlæggelse", "Naboby Kommune deler ikke planer digitalt endnu", "Rygestopkursus"):
        assert bare(said) in whole, said
    assert bare("Ikke udskrevet. Åbn delen på skærmen for at få den med.") in whole


def test_every_sheet_of_a_document_says_whose_it_is_and_who_printed_it_when(visit, demo):
    doctor = visit(demo)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    doctor.page.get_by_role("navigation", name="Bruger").get_by_role("link", name="Dokumenter").click()
    doctor.page.get_by_role("link", name="Version 5").first.click()
    doctor.page.get_by_role("heading", level=1).wait_for()
    doctor.page.evaluate("each = document.querySelector('.document'); each.innerHTML = each.innerHTML.repeat(4)")
    printed = pages(doctor.page.pdf(prefer_css_page_size=True, tagged=True))
    assert len(printed) > 1
    for number, page in enumerate(printed, 1):
        for said in (
            "Nancy Ann Test Berggren",
            "Udskrevet af Testlæge Praksis. Hentet",
            f"Side {number} af {len(printed)}",
        ):
            assert bare(said) in page, (number, said)
    for away in ("Log ud", "Se alle dokumenter", "Tilbage til"):
        assert bare(away) not in "".join(printed), away
