"""A health professional finds a patient, reads the overview and the documents behind it, and prints it."""

from tests.journeys.steps import (
    given_someone_logged_in,
    then_anyone_can_use_it,
    then_the_heading_is,
    then_the_title_names_nobody,
    then_they_do_not_see,
    then_they_see,
    when_they_follow,
    when_they_open,
    when_they_search_for,
)


def test_the_login_is_plainly_a_test(visit, demo):
    visitor = visit(demo)
    visitor.page.goto(demo)
    then_they_see(visitor, "Testlogin – ikke MitID", "Fagpersoner", "Borgere")
    then_anyone_can_use_it(visitor)


def test_a_doctor_finds_nancy_and_reads_her_overview(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Egen læge")
    then_anyone_can_use_it(visitor)
    when_they_search_for(visitor, "251248-9996")
    then_the_heading_is(visitor, "Samlet patientoverblik for Nancy Ann Test Berggren")
    then_they_see(visitor, "251248-9996", "Det er vigtigt for mig", "Bør drøftes", "Problemer, mål og indsatser")
    then_they_see(visitor, "Næste aftaler", "Hvem gør hvad", "Kilder", "Opslaget er logget")
    then_the_title_names_nobody(visitor)
    then_anyone_can_use_it(visitor)


def test_every_line_leads_to_its_document_in_two_clicks(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Egen læge")
    when_they_search_for(visitor, "2512489996")
    when_they_open(visitor, "Fra ")
    when_they_follow(visitor, "Vis dokument:")
    then_they_see(visitor, "Hele dokumentet, som afsenderen skrev det.")
    then_the_title_names_nobody(visitor)
    then_anyone_can_use_it(visitor)
    when_they_follow(visitor, "Se alle dokumenter og versioner")
    then_the_heading_is(visitor, "Dokumenter og versioner")
    then_anyone_can_use_it(visitor)


def test_a_doctor_without_a_relation_learns_nothing(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Læge uden behandlingsrelation")
    when_they_search_for(visitor, "2512489996")
    told = visitor.page.locator("main p").first.inner_text()
    then_they_do_not_see(visitor, "Nancy", "251248")
    then_anyone_can_use_it(visitor)
    visitor.page.goto(demo)
    when_they_search_for(visitor, "0101010101")
    assert visitor.page.locator("main p").first.inner_text() == told


def test_what_is_missing_is_told_above_and_where_it_matters(visit, made):
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    then_they_see(visitor, "Overblikket er ikke fuldstændigt", "Region Test, psykiatri", "fra 3 af 4 kilder")
    then_they_see(visitor, "Patienten har spærret for nogle oplysninger", "Ikke tilsluttet", "Ikke hentet")
    then_they_see(visitor, "Der er ikke registreret kontakter hos de 3 kilder, der har svaret.")
    then_they_do_not_see(visitor, "HEMMELIG")
    then_anyone_can_use_it(visitor)


def test_both_wordings_of_a_merged_line_are_a_click_away(visit, made):
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    when_they_open(visitor, "også hos")
    then_they_see(visitor, "Kronisk obstruktiv lungesygdom", "KOL, svær grad", "koderne er gennemgået")


def test_the_print_says_who_when_and_what_is_missing(visit, made):
    """The head of the print repeats on every page, and navigation is not printed."""
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    visitor.page.emulate_media(media="print")
    head = visitor.page.locator(".print-head")
    assert head.evaluate("head => getComputedStyle(head).display") == "table-header-group"
    for text in ("Nancy Ann Test Berggren", "251248-9996", "Udskrevet af Anna Læge", "23. november 2026 kl. 09.14"):
        assert text in head.inner_text()
    assert "Overblikket er ikke fuldstændigt" in head.inner_text()
    for hidden in (".top", ".foot", ".jump"):
        assert not visitor.page.locator(hidden).is_visible()
    chip = visitor.page.locator(".chip").first
    assert chip.evaluate("chip => getComputedStyle(chip, '::before').content") == '"["'


def test_the_keyboard_reaches_the_content_first(visit, made):
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    visitor.page.wait_for_url("**/p/*")
    visitor.page.wait_for_load_state("load")
    visitor.page.keyboard.press("Tab")
    visitor.page.locator(".skipnav:focus").wait_for()
    visitor.page.locator(".skipnav:focus").press("Enter")
    visitor.page.locator("#indhold:focus").wait_for()


def test_one_sector_can_be_shown_and_the_print_still_holds_all(visit, made):
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    plans = visitor.page.locator("#plans")
    plan = plans.locator(".row-words", has_text="Plan for KOL og type 2-diabetes").first
    plans.get_by_text("Vis kun nogle af dem").click()
    plans.get_by_label("Sektor").select_option("Hospital")
    assert plans.get_by_role("status").inner_text().startswith("Viser 1 af")
    assert not plan.is_visible()
    then_anyone_can_use_it(visitor)
    visitor.page.emulate_media(media="print")
    assert plan.is_visible()


def test_interventions_of_one_problem_can_be_shown(visit, made):
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    table = visitor.page.locator("#problems")
    table.get_by_text("Vis kun nogle af dem").click()
    table.get_by_label("Problem").select_option("Type 2-diabetes")
    assert table.locator(".row-words", has_text="Fodterapeut mindst 1 gang årligt").is_visible()
    inhaling = table.locator(".row-words", has_text="Inhalationsbehandling").first
    assert not inhaling.is_visible()
    table.get_by_label("Problem").select_option("alle")
    assert inhaling.is_visible()


def test_a_goals_earlier_wordings_and_place_are_one_click_away(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Egen læge")
    when_they_search_for(visitor, "2512489996")
    when_they_follow(visitor, "Tidligere udgaver")
    then_they_see(visitor, "Hvor det står", "tidligere udgaver", "Vis dokument:")
    then_the_title_names_nobody(visitor)
    when_they_open(visitor, "Tekniske oplysninger")
    then_they_see(visitor, "Sti i dokumentet (XPath)", "Linje i oversættelsen")
    then_anyone_can_use_it(visitor)


def test_the_card_tells_locked_from_typed_in(visit, made):
    visitor = visit(made)
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, "2512489996")
    when_they_open(visitor, "Vis stamkort")
    then_they_see(visitor, "Oplysning", "Værdi", "Kilde/indtastet af", "Sidst ændret", "Låst", "ikke oplyst", "Kirsten")
    then_anyone_can_use_it(visitor)


def test_two_minutes_before_the_end_they_can_stay(visit, made):
    """WCAG 2.2.1: a warning in time, and one click is enough."""
    visitor = visit(made)
    visitor.page.clock.install()
    given_someone_logged_in(visitor, "Anna Læge")
    visitor.page.wait_for_load_state()  # before its script has run the page counts nothing down
    warning = visitor.page.get_by_role("alert")
    visitor.page.clock.run_for("27:50")
    assert not warning.get_by_role("button").is_visible()
    visitor.page.clock.run_for("00:20")
    then_they_see(visitor, "Du bliver logget ud om to minutter.")
    with visitor.page.expect_response("**/bliv") as answered:
        warning.get_by_role("button", name="Bliv logget ind").click()
    assert answered.value.json() == {"seconds": 1800}
    visitor.page.clock.run_for("05:00")
    assert not warning.get_by_role("button").is_visible()
    then_the_heading_is(visitor, "Find en patient")
