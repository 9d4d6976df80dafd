"""The loop closed, in a browser: the patient takes part, a handover is answered, and a worklist leads to both."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.serving import served
from tests.journeys.steps import (
    CPR,
    given_someone_logged_in,
    then_a_screen_reader_is_told,
    then_anyone_can_use_it,
    then_the_heading_is,
    then_they_see,
    when_they_follow,
    when_they_search_for,
)


def press(visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name).first.click()


@pytest.fixture(scope="module")
def discharged(chromium):
    """The story until Nancy is discharged and nobody has answered yet, with somebody at the rehabilitation to log in."""
    from patientoverblik.app.demo import login_personas
    from patientoverblik.app.login import with_test_login
    from patientoverblik.edges.portal import PortalSettings
    from tests.doors.portal.told import EXTRA, place_of

    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
        house = beside.submit(lambda: place_of("F")()).result()
    with served(with_test_login(house, PortalSettings(personas=(*login_personas(), *EXTRA)), demo=True)) as address:
        yield address


def test_a_citizen_writes_what_matters_and_their_doctor_reads_it(visit, discharged):
    nancy, doctor = visit(discharged), visit(discharged)
    given_someone_logged_in(nancy, "Nancy, borger")
    when_they_follow(nancy, "Skriv, hvad der er vigtigt for dig")
    then_the_heading_is(nancy, "Det er vigtigt for dig")
    then_anyone_can_use_it(nancy)
    press(nancy, "Gem")
    then_they_see(nancy, "Der mangler noget", "Skriv, hvad du vil have til at stå")
    then_anyone_can_use_it(nancy)
    nancy.page.get_by_label("Hvad er vigtigt?").fill("Passe min have")
    nancy.page.get_by_label("Hvor vigtigt er det?").select_option("meget vigtigt")
    nancy.page.get_by_label("Ja, på længere sigt").check()
    press(nancy, "Gem")
    then_they_see(nancy, "Passe min have")
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    then_they_see(doctor, "Passe min have", "meget vigtigt")


def test_a_citizen_says_that_something_is_not_right_with_the_keyboard_alone(visit, discharged):
    nancy = visit(discharged)
    given_someone_logged_in(nancy, "Nancy, borger")
    line = nancy.page.locator(".part-interventions .row-line").first
    line.locator("summary").press("Enter")
    line.get_by_role("link", name="Det passer ikke, eller jeg vil spørge").press("Enter")
    then_the_heading_is(nancy, "Det passer ikke, eller jeg vil spørge")
    then_anyone_can_use_it(nancy)
    nancy.page.get_by_label("Skriv det her").press_sequentially("Jeg går kun hver anden dag")
    nancy.page.get_by_role("button", name="Send").press("Enter")
    then_the_heading_is(nancy, "Henvendelser")
    then_they_see(nancy, "Venter på svar", "Jeg går kun hver anden dag")
    then_anyone_can_use_it(nancy)


def test_a_handover_is_found_on_the_worklist_taken_and_told_to_the_patient(visit, discharged):
    receiver, nancy = visit(discharged), visit(discharged)
    given_someone_logged_in(receiver, "genoptraening")
    when_they_follow(receiver, "Se arbejdslisten")
    then_the_heading_is(receiver, "Arbejdsliste")
    then_they_see(receiver, "Overdragelse: Genoptræning", "Skal besvares", "Nancy Ann Test Berggren")
    then_anyone_can_use_it(receiver)
    press(receiver, "Svar: Genoptræning")
    then_the_heading_is(receiver, "Overdragelser")
    then_anyone_can_use_it(receiver)
    press(receiver, "Nej, vi kan ikke")
    then_they_see(receiver, "Skriv, hvorfor I siger nej")
    then_anyone_can_use_it(receiver)
    press(receiver, "Ja, vi overtager")
    then_they_see(receiver, "Taget, ikke begyndt")
    given_someone_logged_in(nancy, "Nancy, borger")
    then_they_see(nancy, "Nogen har overtaget noget for dig", "Testkøbing Kommune, Genoptræningen")
    then_anyone_can_use_it(nancy)


def test_a_worklist_is_filtered_and_read(visit, discharged):
    reader = visit(discharged)
    given_someone_logged_in(reader, "genoptraening-2")
    when_they_follow(reader, "Se arbejdslisten")
    reader.page.get_by_label("Vis", exact=True).select_option("plan")
    press(reader, "Vis")
    then_they_see(reader, "Plan: Opfølgningsplan og genoptræningsplan")
    press(reader, "Sæt som læst")
    reader.page.get_by_label("Kun det, jeg ikke har læst").check()
    press(reader, "Vis")
    then_they_see(reader, "ulæst")


def test_who_is_connected_is_a_click_away(visit, discharged):
    nancy = visit(discharged)
    given_someone_logged_in(nancy, "Nancy, borger")
    when_they_follow(nancy, "Hvem er tilsluttet")
    then_they_see(nancy, "Deler planer med overblikket", "Naboby Kommune")
    then_anyone_can_use_it(nancy)


def test_a_word_is_found_in_everything_on_the_page_also_behind_folds(visit, discharged):
    doctor = visit(discharged)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_search_for(doctor, CPR)
    field = doctor.page.get_by_label("Søg på siden")
    field.press_sequentially("rygestopkursus")
    then_they_see(doctor, "Rygestopkursus", "Viser")
    assert not doctor.page.get_by_text("Metformin").first.is_visible()
    then_anyone_can_use_it(doctor)
    field.fill("")
    then_they_see(doctor, "Metformin")


def test_a_spouse_asks_before_the_appointment_and_the_doctors_answer_comes_back(visit, discharged):
    spouse, doctor, nancy = visit(discharged), visit(discharged), visit(discharged)
    given_someone_logged_in(spouse, "Ægtefælle med fuldmagt til aftaler og planer")
    line = spouse.page.locator(".part-next-appointments .row-line", has_text="9. november 2026").first
    line.locator("summary").first.press("Enter")
    line.get_by_role("link", name="Det passer ikke, eller jeg vil spørge").press("Enter")
    assert spouse.page.get_by_label("Spørgsmål til næste gang").is_checked()
    spouse.page.get_by_label("Skriv det her").fill("Skal hun være fastende?")
    press(spouse, "Send")
    then_they_see(
        spouse,
        "Aftale hos praktiserende læge, 9. november 2026 kl. 11.15",
        "Skal hun være fastende?",
        "Skrevet af Ægtefælle",
    )
    then_anyone_can_use_it(spouse)
    given_someone_logged_in(doctor, "Egen læge")
    when_they_follow(doctor, "Se arbejdslisten")
    then_they_see(doctor, "Henvendelse", "Spørgsmål til næste gang", "Fra en pårørende")
    assert doctor.page.get_by_text("Skal hun være fastende?").count() == 0
    press(doctor, "Svar: Henvendelse")
    then_they_see(doctor, "Skal hun være fastende?")
    then_anyone_can_use_it(doctor)
    then_a_screen_reader_is_told(
        doctor, 'heading "Henvendelser fra patienten" [level=1]', 'textbox "Svar: Aftale hos praktiserende læge'
    )
    doctor.page.get_by_role("textbox", name="Svar: Aftale hos praktiserende læge").fill("Nej, det skal hun ikke")
    press(doctor, "Send: Aftale hos praktiserende læge")
    then_they_see(doctor, "Besvaret")
    given_someone_logged_in(nancy, "Nancy, borger")
    then_they_see(nancy, "Du har fået svar")
    when_they_follow(nancy, "Henvendelser")
    then_they_see(nancy, "Nej, det skal hun ikke", "Skal hun være fastende?")
    press(nancy, "Det er løst: Aftale hos praktiserende læge")
    then_they_see(nancy, "Vis dem, der er lukket (1)")
    then_anyone_can_use_it(nancy)


def test_a_handover_is_declined_and_taken_with_the_keyboard_alone(visit, discharged):
    nurse = visit(discharged)
    given_someone_logged_in(nurse, "Hjemmesygeplejerske i kommunen")
    nurse.page.get_by_role("link", name="Se arbejdslisten").first.press("Enter")
    then_a_screen_reader_is_told(
        nurse,
        'heading "Arbejdsliste" [level=1]',
        'combobox "Frist"',
        'button "Svar: Hjemmesygepleje 2 gange dagligt i 14 dage, Nancy Ann Test Berggren"',
    )
    nurse.page.get_by_role("button", name="Svar: Hjemmesygepleje 2 gange dagligt").press("Enter")
    then_a_screen_reader_is_told(nurse, 'button "Nej, vi kan ikke: Hjemmesygepleje 2 gange dagligt i 14 dage"')
    nurse.page.get_by_role("button", name="Nej, vi kan ikke: Hjemmesygepleje").press("Enter")
    then_they_see(nurse, "Skriv, hvorfor I siger nej")
    nurse.page.get_by_label("Skriv til dem, der spørger").first.press_sequentially("Vi har ingen plads")
    nurse.page.get_by_role("button", name="Nej, vi kan ikke: Hjemmesygepleje").press("Enter")
    then_they_see(nurse, "I skrev: Vi har ingen plads")
    nurse.page.get_by_role("button", name="Ja, vi overtager: Hjemmesygepleje").press("Enter")
    then_they_see(nurse, "Taget, ikke begyndt")
    nurse.page.get_by_role("button", name="Vi er begyndt: Hjemmesygepleje").press("Enter")
    then_they_see(nurse, "Begyndt")
    then_anyone_can_use_it(nurse)
