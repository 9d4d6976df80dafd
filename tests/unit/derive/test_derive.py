"""What a record means: the readings that could hurt someone if they were wrong."""

import pytest

from patientoverblik.care import Bound, Concept, Quantity, Range, Text, Unknown, parse_moment
from patientoverblik.formats.cda import documents, record
from patientoverblik.formats.cda.datatypes import AD, CD, II, IVLPQ, PN, PQ, ST, TEL, Edge, Limit, Piece, Time
from patientoverblik.formats.cda.derive import derive
from patientoverblik.formats.cda.derive.meaning import GOAL_STATUS, INTERVENTION_STATUS

CPR = "1.2.208.176.1.2"
PATIENT = record.Patient(ids=(II(root=CPR, extension="8512489991"),))
PRACTICE = record.Organisation(ids=(II(root="1.2.208.176.1.1", extension="111"),), name="Lægerne")
KEEPER = record.Organisation(ids=(II(root="1.2.208.176.1.1", extension="919851000016006"),), name="PLSP A/S")


def plan_document(**sections):
    return documents.CarePlanDocument(id=II(root="1.2.208.184", extension="doc"), patient=PATIENT, **sections)


def read(**sections):
    return derive(plan_document(**sections), "cpd-2.0.0")


def goals(*items, code=None, text=""):
    group = documents.GoalGroup(title="Mine mål", code=code, text=text, items=items)
    return documents.GoalSection(title="Mål", groups=(group,))


def acts(*items, code=None):
    return documents.InterventionSection(
        title="Indsatser", groups=(documents.InterventionGroup(code=code, items=items),)
    )


def results(text, *items):
    group = documents.OutcomeGroup(title="LDL", text=text, items=items)
    return documents.OutcomeSection(title="Resultater", groups=(group,))


def one_goal(goal, code=None):
    return read(goals=goals(goal, code=code))[0].goals[0]


def one_act(act, code=None):
    return read(interventions=acts(act, code=code))[0].interventions[0]


SELF = record.Party(code=CD(code="SELF", system="2.16.840.1.113883.5.111"))


@pytest.mark.parametrize(
    ("goal", "group", "kind"),
    [
        (record.Goal(code=CD(code="FlpGoalText", system="1.2.208.184.100.1")), "", "patient"),
        (record.Goal(), "FlpGoalText", "patient"),
        (record.Goal(), "FlpKolGoalText", "patient"),
        (record.Goal(informants=(SELF,)), "", "patient"),
        (record.Goal(), "RehabilitationNeedAndPotential", "professional"),
        (record.Goal(), "", "professional"),
    ],
)
def test_whose_goal_it_is_follows_the_code_the_section_or_the_voice(goal, group, kind):
    assert one_goal(goal, CD(code=group, system="1.2.208.184.100.1") if group else None).kind == kind


def test_a_goal_below_ninety_is_not_ninety_or_below():
    wire = IVLPQ(low=Limit(null="NA"), high=Limit(value="90", unit="mmHg", inclusive="false"))
    code = CD(code="MCS88019", system="1.2.208.184.100.8")
    target = one_goal(record.Goal(code=code, value=wire)).targets[0]
    assert target.amount == Range(high=Bound(value="90", inclusive=False), unit="mmHg")
    assert target.measure.codings[0].code == "MCS88019"


def test_the_words_of_a_goal_may_stand_as_its_value():
    goal = one_goal(record.Goal(value=ST(text="Jeg vil kunne gå til købmanden")))
    assert goal.words == "Jeg vil kunne gå til købmanden"
    assert goal.targets == ()


def test_words_and_a_value_that_say_different_things_are_both_kept():
    goal = one_goal(record.Goal(words="Under 58", value=ST(text="Under 64")))
    assert goal.words == "Under 58"
    assert goal.targets[0].amount == Text(words="Under 64")


@pytest.mark.parametrize(("status", "lifecycle"), sorted(GOAL_STATUS.items()))
def test_a_goal_is_as_far_as_its_status_says(status, lifecycle):
    assert one_goal(record.Goal(status=status)).lifecycle == lifecycle


def test_a_status_that_no_table_knows_is_unknown_and_told():
    care, findings = read(goals=goals(record.Goal(status="obsolete")))
    assert care.goals[0].lifecycle == Unknown()
    assert [(found.code, found.place) for found in findings] == [
        ("derive.status-not-known", "goals.groups[0].items[0]")
    ]


@pytest.mark.parametrize(("wire", "activity"), sorted(INTERVENTION_STATUS.items()))
def test_planned_and_done_are_told_apart(wire, activity):
    assert one_act(record.Intervention(mood=wire[0], status=wire[1])).activity == activity


def test_a_planned_intervention_is_not_said_to_be_granted():
    act = one_act(record.Intervention(mood="INT", status="active"))
    assert act.intent == "plan"
    assert act.authorisation == Unknown()


def test_a_service_is_the_service_it_refers_to():
    related = record.RelatedObservation(code=CD(code="ALC"), value=CD(code="0120", system="1.2.208.176.88.88.88"))
    act = one_act(
        record.Intervention(mood="EVN", code=CD(code="75310-3", system="x"), status="completed", related=(related,))
    )
    assert (act.kind, act.code.codings[0].code) == ("service", "0120")


def test_a_planned_check_bears_the_words_it_refers_to():
    related = record.RelatedObservation(
        code=CD(code="FLP10001"), value=ST(text="Kontrol om tre måneder"), time=Time(value="20260101")
    )
    act = one_act(record.Intervention(code=CD(code="AWB4", system="1.2.208.176.2.4"), related=(related,)))
    assert (act.kind, act.words) == ("follow-up", "Kontrol om tre måneder")
    assert act.period.start == parse_moment("2026-01-01")


def test_the_deadline_of_rehabilitation_is_the_latest_start():
    act = one_act(record.Intervention(time=Time(value="20260106")), CD(code="RehabilitationDeadline"))
    assert act.start_by == parse_moment("2026-01-06")


@pytest.mark.parametrize(
    ("row", "digits", "told"),
    [("5.2 mmol/L", "7.7", True), ("7,70 mmol/L", "7.7", False), ("130/80 mmHg", "80", False), ("13 mmHg", "3", True)],
)
def test_a_coded_value_that_its_row_does_not_show_is_told_and_not_settled(row, digits, told):
    text = f"<table><tbody><tr><td>{row}</td><td>25-09-18</td></tr></tbody></table>"
    outcome = record.Outcome(time=Time(value="20180925191201+0200"), value=PQ(value=digits, unit="mmol/L"))
    care, findings = read(outcomes=results(text, outcome))
    assert care.measurements[0].amount == Quantity(value=digits, unit="mmol/L")
    assert care.measurements[0].words == f"{row} 25-09-18"
    assert [found.place for found in findings if "narrative" in found.code] == ["outcomes.groups[0].items[0]"] * told


def test_two_rows_of_one_day_are_nobodys_row():
    text = "<paragraph>5 25-09-18</paragraph><paragraph>6 25-09-18</paragraph>"
    outcome = record.Outcome(time=Time(value="20180925"), value=PQ(value="5"))
    assert read(outcomes=results(text, outcome))[0].measurements[0].words == ""


def test_digits_stay_as_they_were_written():
    outcome = record.Outcome(value=PQ(value="22.0", unit="mmol/mol"))
    assert read(outcomes=results("", outcome))[0].measurements[0].amount == Quantity(value="22.0", unit="mmol/mol")


def test_one_who_only_keeps_documents_does_not_have_the_plan():
    authors = (record.Party(organisation=PRACTICE),)
    assert read(authors=authors, custodian=KEEPER)[0].plan.responsible.name == "Lægerne"
    assert read(authors=authors, custodian=PRACTICE)[0].plan.responsible.name == "Lægerne"
    assert read(custodian=KEEPER)[0].plan.responsible.name == "PLSP A/S"


def test_a_sub_section_of_words_only_is_a_passage():
    group = documents.ConcernGroup(
        title="Sikkerhed", text="<paragraph>Falder let.</paragraph><paragraph>Bor alene.</paragraph>"
    )
    passages = read(concerns=documents.ConcernSection(title="Tilstande", groups=(group,)))[0].passages
    assert [(one.place, one.title, one.words) for one in passages] == [
        ("concerns.groups[0]", "Sikkerhed", "Falder let.\nBor alene.")
    ]


def test_narrative_that_says_more_than_the_entries_is_kept_too():
    goal = record.Goal(words="Gå en tur")
    said = goals(goal, text="<table><tbody><tr><td>Gå en tur</td></tr></tbody></table>")
    more = goals(goal, text="<table><tbody><tr><td>Gå en tur</td><td>men kun med rollator</td></tr></tbody></table>")
    assert read(goals=said)[0].passages == ()
    assert "rollator" in read(goals=more)[0].passages[0].words


@pytest.mark.parametrize(
    ("heading", "kept"),
    [("Mine mål", False), ("Må ikke gå alene på trapper; se aftalen med hjemmeplejen fra uge 7", True)],
)
def test_a_heading_that_is_more_than_a_heading_is_kept(heading, kept):
    text = f"<table><thead><tr><th>{heading}</th></tr></thead><tbody><tr><td>Gå en tur</td></tr></tbody></table>"
    assert bool(read(goals=goals(record.Goal(words="Gå en tur"), text=text))[0].passages) is kept


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ("<th>Mål &amp; tur (km)</th><td>Gå en tur</td>", False),
        ("<th>Tur</th><td>Gå en tur</td><th>Tur</th><td/>", False),
        ("<th>Rollator</th><td>Gå en tur</td><td>Rollator</td>", True),
        ("<th>Tur</th><td>Gå en tur</td><td>Tur</td><td>Tur</td>", True),
    ],
)
def test_only_the_heading_itself_says_nothing(cells, kept):
    goal = record.Goal(words="Gå en tur", code=CD(code="x", display="Mål"))
    text = f"<table><tbody><tr>{cells}</tr></tbody></table>"
    assert bool(read(goals=goals(goal, text=text))[0].passages) is kept


def test_an_identifier_that_repeats_stays_with_each():
    same = (II(root="1.2.208.184", extension="same"),)
    found = read(goals=goals(record.Goal(ids=same), record.Goal(ids=same)))[0].goals
    assert [goal.ids[0].value for goal in found] == ["same", "same"]


def test_a_code_that_is_only_a_translation_is_still_the_code():
    code = CD(null="NI", translations=(CD(code="NPU03011", system="1.2.208.176.2.1"),))
    found = read(outcomes=results("", record.Outcome(code=code)))[0].measurements[0].code
    assert isinstance(found, Concept)
    assert found.codings[0].code == "NPU03011"


STAY = record.Stay(code=CD(code="IMP"), time=Time(low=Edge(value="20141213"), high=Edge(value="20141220")))
ADMITTED = record.Intervention(
    mood="EVN", status="completed", code=CD(code="AAF1", system="1.2.208.176.2.4"), time=STAY.time
)


def test_the_stay_of_header_and_section_is_one_contact():
    care, _ = read(stay=STAY, interventions=acts(ADMITTED))
    assert [(one.setting, one.place) for one in care.contacts] == [("inpatient", "interventions.groups[0].items[0]")]
    assert care.interventions == ()


def test_another_stay_in_the_header_is_another_contact():
    other = record.Stay(code=CD(code="IMP"), time=Time(low=Edge(value="20150101")))
    assert len(read(stay=other, interventions=acts(ADMITTED))[0].contacts) == 2


def test_a_contact_note_has_no_plan():
    care, _ = derive(plan_document(goals=goals(record.Goal())), "kontaktnotat")
    assert care.plan is None
    assert care.document.example_profile
    assert len(care.goals) == 1


def card(*entries):
    section = documents.CardSection(items=entries)
    document = documents.CardDocument(id=II(root="1.2.208.184", extension="card"), patient=PATIENT, sections=(section,))
    return derive(document, "pdc-3.0")[0]


def entry(code, *values, **fields):
    return documents.CardEntry(code=CD(code=code, system="1.2.208.184.100.1"), values=values, **fields)


@pytest.mark.parametrize(
    ("written", "answer"), [("true", "true"), ("false", "false"), ("NAV", "not-available"), ("maybe", None)]
)
def test_the_three_answers_stay_three(written, answer):
    value = II(root="1.2.208.176.1.11", extension=written)
    assert card(entry("NoResuscitationRegistration", value)).card[0].answer == answer


@pytest.mark.parametrize(
    "value",
    [II(root="1.2.208.184.100.1", extension="ConfAddr"), PN(parts=(Piece(kind="given", text="Adressebeskyttet"),))],
)
def test_a_protected_name_and_address_is_marked(value):
    assert card(entry("CitizenNameAddr", value, AD(use="H"))).card[0].protected


def test_an_open_name_and_address_is_not_marked():
    assert not card(entry("CitizenNameAddr", PN(parts=(Piece(kind="given", text="Nancy"),)))).card[0].protected


def test_register_and_typed_in_are_told_apart_with_who_and_when():
    typist = record.Party(name=PN(parts=(Piece(kind="given", text="Bente"),)), time=Time(value="20190808160310+0200"))
    register = record.Party(organisation=record.Organisation(name="CPR"))
    found = card(
        entry("LanguageTypedIn", CD(code="de", system="1.0.639.1"), typists=(typist,)),
        entry("CoverageGroup", II(root="1.2.208.176.2.7", extension="1"), registers=(register,)),
    ).card
    assert [one.origin for one in found] == ["typed-in", "register"]
    assert found[0].changed == parse_moment("2019-08-08T16:03:10+02:00")
    assert found[1].source.party.organisation.name == "CPR"


def test_the_relation_and_note_of_a_relative_follow_the_one_before():
    found = card(
        entry("RelativeTypedIn", PN(parts=(Piece(kind="given", text="Anne"),)), TEL(value="tel:1")),
        entry("RelationTypedIn", CD(code="nabo", system="1.2.208.184.100.2")),
        entry("RelativeTypedIn", PN(parts=(Piece(kind="given", text="Bo"),))),
        entry("RelativeNoteTypedIn", ST(text="Ring efter 16")),
    )
    assert [(one.name.given, one.note) for one in found.relatives] == [(("Anne",), ""), (("Bo",), "Ring efter 16")]
    assert found.relatives[0].relation.codings[0].code == "nabo"
    assert found.card == ()


def test_an_entry_without_a_value_says_nothing():
    assert card(entry("LanguageTypedIn")).card == ()


def test_a_withdrawn_set_withdraws_its_values():
    value = documents.MeasuredValue(
        values=(PQ(value="253", unit="mmHg"),), status="completed", methods=(CD(code="POT"),)
    )
    cluster = documents.MeasurementSet(status="nullified", time=Time(value="20140120142500+0100"), values=(value,))
    document = documents.MeasurementDocument(
        id=II(root="1.2.208.184", extension="m"),
        patient=PATIENT,
        sections=(documents.MeasurementSection(title="Målinger", sets=(cluster,)),),
    )
    found = derive(document, "phmr")[0].measurements[0]
    assert (found.status, found.measured_by) == ("nullified", "patient")
    assert found.time == parse_moment("2014-01-20T14:25:00+01:00")


def visit(**fields):
    section = documents.VisitSection(title="Aftale", text=fields.pop("text", ""), items=(documents.Visit(**fields),))
    authors = (
        record.Party(organisation=PRACTICE),
        record.Party(code=CD(code="RESB"), organisation=record.Organisation(name="Kommunen")),
    )
    document = documents.AppointmentDocument(
        id=II(root="1.2.208.184", extension="a"), patient=PATIENT, visit=section, authors=authors
    )
    care, findings = derive(document, "apd-2.0.1")
    return care.appointments[0], findings


def test_who_asked_and_who_is_responsible_are_two():
    found, _ = visit(status="active", code=CD(code="RegionalAppointment"))
    assert (found.status, found.sector) == ("booked", "region")
    assert found.responsible.name == "Lægerne"
    assert found.requester.party.organisation.name == "Kommunen"


def test_at_home_is_not_at_a_place():
    assert visit(home=record.Place())[0].place_of.at_home
    assert not visit(location=record.Place())[0].place_of.at_home


@pytest.mark.parametrize(("text", "told"), [("11:00 - 11:20", True), ("11.00 - 12.00", False), ("formiddag", False)])
def test_an_appointment_whose_words_give_another_time_is_told(text, told):
    time = Time(low=Edge(value="20170531110000+0200"), high=Edge(value="20170531120000+0200"))
    _, findings = visit(time=time, text=f"<paragraph>{text}</paragraph>")
    assert bool([found for found in findings if "narrative" in found.code]) is told


def test_an_addendum_replaces_nothing():
    ids = (II(root="1.2.208.184", extension="older"),)
    added = record.RelatedDocument(kind="APND", ids=ids)
    assert read(related=(added,))[0].document.replaces == ()
    assert [
        each.value for each in read(related=(record.RelatedDocument(kind="RPLC", ids=ids),))[0].document.replaces
    ] == ["older"]


def test_who_plays_which_part_follows_the_place_unless_it_is_told():
    member = record.Party(function=CD(code="healthcare-team-member", system="1.2.208.184.100.1"))
    other = record.Party(organisation=PRACTICE)
    plan = read(services=(record.ServiceEvent(performers=(member, other)),))[0].plan
    assert [each.role for each in plan.participants] == ["team-member", "performer"]
    goal = one_goal(record.Goal(authors=(other,), performers=(other,)))
    assert [each.role for each in (*goal.documented_by, *goal.helpers)] == ["author", "performer"]
