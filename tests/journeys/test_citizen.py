"""A citizen reads their own overview on a phone; a relative reads it with a power of attorney."""

from tests.journeys.steps import (
    given_someone_logged_in,
    then_anyone_can_use_it,
    then_the_heading_is,
    then_the_title_names_nobody,
    then_they_see,
    when_they_follow,
)


def test_nancy_reads_her_own_overview(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Nancy, borger")
    then_the_heading_is(visitor, "Dit overblik")
    then_they_see(visitor, "Det er vigtigt for mig", "Næste aftale", "Hvem kan jeg ringe til", "Mål", "Det er i gang")
    then_the_title_names_nobody(visitor)
    then_anyone_can_use_it(visitor)


def test_what_matters_to_her_stands_before_everything_else(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Nancy, borger")
    headings = visitor.page.locator("main h2.part-title").all_inner_texts()
    assert headings[:3] == ["Det er vigtigt for mig", "Næste aftale", "Hvem kan jeg ringe til"]


def test_she_sees_who_has_looked(visit, demo):
    doctor = visit(demo)
    given_someone_logged_in(doctor, "Egen læge")
    doctor.page.get_by_label("Patientens CPR-nummer").fill("2512489996")
    doctor.page.get_by_role("button", name="Vis overblik").click()
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Nancy, borger")
    when_they_follow(visitor, "Hvem har set dine oplysninger")
    then_they_see(visitor, "Testlæge Praksis", "Stedet behandler dig")
    then_anyone_can_use_it(visitor)


def test_her_spouse_sees_whose_overview_it_is(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Ægtefælle med fuldmagt til aftaler og planer")
    then_they_see(visitor, "Du ser Nancys overblik med fuldmagt")
    then_the_heading_is(visitor, "Nancys overblik")
    then_anyone_can_use_it(visitor)


def test_a_relative_without_power_of_attorney_is_told_so(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Pårørende uden fuldmagt")
    then_the_heading_is(visitor, "Du kan ikke se dette")
    then_anyone_can_use_it(visitor)


def test_markup_in_every_text_stays_text(visit, made):
    """A script in any text of any document neither runs nor becomes part of the page."""
    visitor = visit(made)
    given_someone_logged_in(visitor, "Nancy Ann Test Berggren")
    then_they_see(visitor, "<script>alert(1)</script>")
    assert visitor.page.locator("main script, main b, [onclick]").count() == 0
    visitor.page.goto(visitor.page.url.split("#")[0] + "/dokument/urn:uuid:00000000-0000-4000-8000-000000000001")
    then_they_see(visitor, 'alert("fjendtlig")', "tekst på afveje", "<img src=x onerror=alert(1)>")
    assert visitor.page.locator("main script, main img, main a[href^='javascript']").count() == 0
    then_anyone_can_use_it(visitor)


def test_the_statement_of_accessibility_is_found(visit, made):
    visitor = visit(made)
    visitor.page.goto(made)
    when_they_follow(visitor, "Tilgængelighedserklæring")
    then_the_heading_is(visitor, "Tilgængelighedserklæring")
    assert visitor.page.url.endswith("/was")
    then_anyone_can_use_it(visitor)
