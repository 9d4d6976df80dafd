"""Who may see what, in a browser: blocks and sharing, an override and what follows it, the log, and leaving."""

import pytest

from patientoverblik.demo.psychiatry import NUMBER as TESTINE
from tests.journeys.steps import (
    CPR,
    given_someone_logged_in,
    then_anyone_can_use_it,
    then_the_heading_is,
    then_the_title_names_nobody,
    then_they_do_not_see,
    then_they_see,
    when_they_follow,
    when_they_search_for,
)

PLAN = "Koordinerende indsatsplan"


def press(visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).first.click()


def choose(visitor, label: str, option: str) -> None:
    visitor.page.get_by_label(label).select_option(option)


@pytest.fixture
def without_blocks(visit, demo):
    """Whatever Testine has blocked or shared in a journey is ended again."""
    yield
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Testine, borger")
    when_they_follow(visitor, "Spærringer")
    while visitor.page.get_by_role("button", name="Fjern:").count():
        visitor.page.get_by_role("button", name="Fjern:").first.click()


def given_a_block_of_psychiatry(visitor) -> None:
    given_someone_logged_in(visitor, "Testine, borger")
    when_they_follow(visitor, "Spærringer")
    when_they_follow(visitor, "Lav en spærring")
    choose(visitor, "Hvem må ikke se det?", "Lægehuset Testparken")
    choose(visitor, "Hvor kommer oplysningerne fra?", "Psykiatrien i Testregionen, Ambulatoriet")


def test_a_citizen_sees_what_a_block_does_before_making_it(visit, demo, without_blocks):
    visitor, doctor = visit(demo), visit(demo)
    given_a_block_of_psychiatry(visitor)
    then_anyone_can_use_it(visitor)
    press(visitor, "Se, hvordan det bliver")
    then_they_see(visitor, "Sådan ser Lægehuset Testparken dit overblik. Det gælder ikke endnu.")
    then_they_do_not_see(visitor, PLAN)
    then_anyone_can_use_it(visitor)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, TESTINE)
    then_they_see(doctor, PLAN)
    press(visitor, "Spær")
    then_the_heading_is(visitor, "Spærringer og deling")
    then_they_see(
        visitor, "Lægehuset Testparken kan ikke se dine oplysninger fra Psykiatrien i Testregionen, Ambulatoriet"
    )
    then_anyone_can_use_it(visitor)
    doctor.page.reload()
    then_they_see(doctor, "Patienten har spærret for nogle oplysninger")
    then_they_do_not_see(doctor, PLAN)


def test_only_the_crisis_plan_is_shared(visit, demo, without_blocks):
    """A consent to one document wins over a block of all the rest."""
    visitor, doctor = visit(demo), visit(demo)
    given_a_block_of_psychiatry(visitor)
    press(visitor, "Spær")
    when_they_follow(visitor, "Del et enkelt dokument")
    then_anyone_can_use_it(visitor)
    choose(visitor, "Hvem må se det?", "Lægehuset Testparken")
    shared = visitor.page.get_by_label("Hvilket dokument?")
    wanted = next(text for text in shared.locator("option").all_inner_texts() if text.startswith(PLAN))
    shared.select_option(wanted)
    press(visitor, "Del dokumentet")
    then_they_see(visitor, "Lægehuset Testparken må se »")
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, TESTINE)
    then_they_see(doctor, PLAN, "Patienten har spærret for nogle oplysninger")


def test_what_a_citizen_forgets_is_said_at_the_field(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Testine, borger")
    when_they_follow(visitor, "Spærringer")
    when_they_follow(visitor, "Lav en spærring")
    press(visitor, "Spær")
    then_they_see(visitor, "Der mangler noget", "Vælg, hvem det gælder")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_role("link", name="Vælg, hvem det gælder").press("Enter")
    assert visitor.page.evaluate("location.hash") == "#who"


def test_a_citizen_sees_who_can_see_and_why(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Nancy, borger")
    when_they_follow(visitor, "Hvem kan se det her?")
    then_they_see(visitor, "Lægehuset Testparken", "Stedet behandler dig", "Du har givet fuldmagt")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_label("Hvad gælder det?").select_option(index=1)
    press(visitor, "Vis")
    then_they_see(visitor, "Kan se dokumentet.")
    then_the_title_names_nobody(visitor)


def test_an_override_is_a_step_of_its_own_and_told_to_the_patient_at_once(visit, demo):
    doctor, citizen = visit(demo), visit(demo)
    given_someone_logged_in(doctor, "Læge uden behandlingsrelation")
    when_they_search_for(doctor, CPR)
    then_the_heading_is(doctor, "Du kan ikke se dette")
    when_they_follow(doctor, "Ophæv spærring (værdispring)")
    then_anyone_can_use_it(doctor)
    then_they_do_not_see(doctor, "Nancy")
    doctor.page.get_by_label("Patienten kan ikke kontaktes").check()
    doctor.page.get_by_label("Skriv med dine egne ord").fill("Bevidstløs i akutmodtagelsen")
    press(doctor, "Se oplysningerne")
    then_the_heading_is(doctor, "Samlet patientoverblik for Nancy Ann Test Berggren")
    then_they_see(doctor, "Værdispring: du ser alt", "patienten kan ikke kontaktes")
    then_anyone_can_use_it(doctor)
    when_they_follow(doctor, "Hvorfor kan jeg se det her?")
    then_they_see(doctor, "Du har ophævet patientens spærring (værdispring)", "sundhedsloven § 42 a")
    then_anyone_can_use_it(doctor)
    given_someone_logged_in(citizen, "Nancy, borger")
    then_they_see(citizen, "Nogen har brugt værdispring", "Testlæge Langtfra")
    then_anyone_can_use_it(citizen)
    when_they_follow(citizen, "Hvem har set dine oplysninger")
    then_they_see(citizen, "Bevidstløs i akutmodtagelsen", "Patienten kunne ikke kontaktes")
    then_anyone_can_use_it(citizen)
    citizen.page.go_back()
    press(citizen, "Jeg har set det: Nogen har brugt værdispring")
    citizen.page.wait_for_load_state("load")
    then_they_do_not_see(citizen, "Nogen har brugt værdispring")


def test_the_organisation_answers_for_its_override(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Læge uden behandlingsrelation")
    when_they_search_for(visitor, TESTINE)
    when_they_follow(visitor, "Ophæv spærring (værdispring)")
    visitor.page.get_by_label("Patienten har sagt ja").check()
    visitor.page.get_by_label("Skriv med dine egne ord").fill("Patienten sidder her")
    press(visitor, "Se oplysningerne")
    when_they_follow(visitor, "Find en anden patient")
    when_they_follow(visitor, "Opfølgning på opslag")
    then_they_see(visitor, "Ophævet spærring (værdispring)", "Afventer svar", "Frist ")
    then_they_do_not_see(visitor, "Testine")
    then_anyone_can_use_it(visitor)
    visitor.page.get_by_label("Hvorfor blev der slået op?").first.fill("Patienten bad om det")
    visitor.page.get_by_role("button", name="Send svar på opslaget").first.click()
    then_they_see(visitor, "Svar: Patienten bad om det")
    then_anyone_can_use_it(visitor)


def test_the_log_is_searched_and_shows_what_was_seen(visit, demo):
    doctor, visitor = visit(demo), visit(demo)
    given_someone_logged_in(doctor, "Hjemmesygeplejerske i kommunen")
    when_they_search_for(doctor, CPR)
    given_someone_logged_in(visitor, "Nancy, borger")
    when_they_follow(visitor, "Hvem har set dine oplysninger")
    visitor.page.get_by_text("Søg i listen").click()
    visitor.page.get_by_label("Hvem", exact=True).fill("hjemme")
    press(visitor, "Søg")
    people = visitor.page.locator(".looks .row-words").all_inner_texts()
    assert people
    assert all("Testsygeplejerske Hjemme" in each for each in people)
    then_anyone_can_use_it(visitor)
    when_they_follow(visitor, "Se, hvad der blev vist")
    then_they_see(visitor, "Sådan så det ud for Testsygeplejerske Hjemme", "Problemer, mål og indsatser")
    then_anyone_can_use_it(visitor)


def test_after_leaving_the_way_back_shows_nothing(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Nancy, borger")
    then_the_heading_is(visitor, "Dit overblik")
    press(visitor, "Log ud")
    visitor.page.wait_for_load_state("load")
    visitor.page.go_back()
    visitor.page.wait_for_load_state("load")
    visitor.page.get_by_text("Du er logget ud").first.wait_for()
    then_they_do_not_see(visitor, "Det er vigtigt for mig", "Nancy Ann")


@pytest.fixture(scope="module")
def ending(chromium):
    """Pages of a made overview whose permit ends in a minute."""
    import msgspec

    from patientoverblik.app.login import with_test_login
    from patientoverblik.service import Shown
    from tests.journeys.serving import served
    from tests.unit.portal import house, sample

    async def look(_house, _actor, _patient, _purpose, view):
        return house.given(Shown, overview=sample.overview(view), asked_again_at=sample.NOW + 60_000)

    acts = msgspec.structs.replace(house.acts(), look=look)
    with served(with_test_login(house.house(), house.settings(acts=acts), demo=True)) as address:
        yield address


def test_an_open_page_is_asked_for_anew_when_its_permit_ends(visit, ending):
    """What was on the screen does not outlive the reason it was shown for."""
    visitor = visit(ending)
    visitor.page.clock.install()
    given_someone_logged_in(visitor, "Anna Læge")
    when_they_search_for(visitor, CPR)
    then_they_see(visitor, "Det er vigtigt for mig")
    asked = visitor.page.url
    visitor.page.clock.run_for(50_000)
    assert not [url for url in visitor.asked if url.endswith("?igen=1")]
    # The page is let come whole: a browser that is closed in the middle of it may never answer.
    with visitor.page.expect_response(f"{asked}?igen=1") as answer:
        visitor.page.clock.run_for(11_000)
    answer.value.finished()
    visitor.page.wait_for_load_state()


def test_a_block_is_made_without_a_script(chromium, demo, without_blocks):
    context = chromium.new_context(locale="da-DK", java_script_enabled=False)
    page = context.new_page()
    page.goto(demo)
    page.get_by_role("button", name="Log ind som Testine, borger", exact=True).click()
    page.get_by_role("link", name="Spærringer").click()
    page.get_by_role("link", name="Lav en spærring").click()
    page.get_by_label("Hvem må ikke se det?").select_option("Alle, der behandler dig")
    page.get_by_role("button", name="Spær", exact=True).click()
    assert "Alle, der behandler dig, kan ikke se dine oplysninger" in page.locator("main").inner_text()
    context.close()


@pytest.fixture(scope="module")
def control(chromium):
    """Made pages with an officer among those who can log in, and looks to account for."""
    from patientoverblik.app.login import with_test_login
    from tests.doors.portal.test_officer_pages import Desk
    from tests.journeys.serving import served
    from tests.unit.portal import house

    with served(with_test_login(house.house(), house.settings(**Desk().given()), demo=True)) as address:
        yield address


def test_an_officer_sees_what_must_be_answered_and_what_was_shown(visit, control):
    visitor = visit(control)
    given_someone_logged_in(visitor, "Kontrol")
    then_anyone_can_use_it(visitor)
    when_they_follow(visitor, "Opfølgning på opslag")
    then_they_see(visitor, "Fristen er overskredet", "Hvem har set et dokument?", "Sikkerhedsloggen")
    then_anyone_can_use_it(visitor)
    when_they_follow(visitor, "Se, hvad der blev vist")
    then_they_see(visitor, "Sådan så det ud for Anna Læge")
    then_anyone_can_use_it(visitor)


def test_a_reader_of_a_misfiled_document_is_told_where_they_begin(visit, control):
    visitor = visit(control)
    given_someone_logged_in(visitor, "Anna Læge")
    then_they_see(visitor, "Et dokument lå på en forkert patient", "Brug ikke oplysningerne fra det.")
    then_anyone_can_use_it(visitor)


def test_what_went_wrong_can_be_read_by_anyone(visit, demo):
    visitor = visit(demo)
    given_someone_logged_in(visitor, "Nancy, borger")
    for address, heading in (("/findes-ikke", "Siden findes ikke"), ("/vaelg", "Det lykkedes ikke")):
        visitor.page.goto(f"{demo}{address}")
        then_the_heading_is(visitor, heading)
        then_they_see(visitor, "Til forsiden", "Oplys det, hvis du beder om hjælp")
        then_anyone_can_use_it(visitor)
