"""By when what is handed over must have begun: as agreed, else as the law says, else nothing is said."""

import pytest

from patientoverblik.care import (
    Coding,
    Concept,
    Contribution,
    DocumentFacts,
    Identifier,
    Intervention,
    Organisation,
    Patient,
    Period,
    Plan,
    Responsibility,
    parse_moment,
)
from patientoverblik.service.asked import asked_of
from patientoverblik.service.deadlines import Deadline, legal_deadlines

ACT, PLAN = (Identifier(system="1.2", value=value) for value in ("act", "plan"))
PLACE = Organisation(ids=(Identifier(system="1.2.208.176.1.1", value="300"),), name="Genoptræningen")
DISCHARGED = parse_moment("2026-10-30T14:00:00+01:00")
LAW = "sundhedsloven § 140, stk. 4"
TRAINING = Concept(codings=(Coding(system="1.2.208.176.2.21", code="7deb81de-12c0-4a49-bd5b-72ea6fe89d83"),))


def end_of(day):
    return parse_moment(day).latest


def the_deadline(kind="rehabilitation-plan", covers=(ACT,), discharged=DISCHARGED, **act):
    plan = Plan(
        ids=(PLAN,),
        kind=kind,
        period=Period(start=discharged) if discharged else None,
        responsibilities=(
            Responsibility(
                organisation=PLACE,
                commitment="requested",
                covers=covers,
                period=Period(start=parse_moment("2026-11-02")),
            ),
        ),
    )
    acts = (Intervention(ids=(ACT,), words="Genoptræning", **act),)
    care = Contribution(document=DocumentFacts(id=PLAN), patient=Patient(ids=()), plan=plan, interventions=acts)
    (asked,) = asked_of(care)
    return asked.deadline


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ({}, Deadline(end_of("2026-11-06"), LAW)),
        ({"start_by": parse_moment("2026-11-04")}, Deadline(end_of("2026-11-04"))),
        ({"start_by": parse_moment("2026-12-01")}, Deadline(end_of("2026-12-01"))),
        ({"period": Period(end=parse_moment("2026-11-13"))}, Deadline(end_of("2026-11-13"))),
        ({"period": Period(start=parse_moment("2026-11-20"))}, Deadline(end_of("2026-11-27"), LAW)),
    ],
)
def test_what_is_agreed_wins_over_the_law_which_runs_from_the_discharge_or_a_later_start(act, expected):
    assert the_deadline(**act) == expected


def test_a_whole_rehabilitation_plan_has_the_laws_deadline():
    assert the_deadline(covers=()) == Deadline(end_of("2026-11-06"), LAW)


def test_any_other_plan_is_taken_over_when_the_responsibility_begins():
    assert the_deadline("follow-up-plan", covers=()) == Deadline(end_of("2026-11-02"))
    assert the_deadline("follow-up-plan") == Deadline()


def test_the_code_of_municipal_rehabilitation_is_enough_whatever_the_plan_is_called():
    assert the_deadline("follow-up-plan", code=TRAINING) == Deadline(end_of("2026-11-06"), LAW)


def test_seven_days_are_danish_days_also_when_the_clock_is_changed():
    late = parse_moment("2026-10-24T23:30:00+02:00")
    assert the_deadline(discharged=late).at == end_of("2026-10-31")


def test_where_nothing_says_when_it_began_nothing_is_said():
    assert the_deadline(discharged=None) == Deadline(0, LAW)


def test_every_row_of_the_law_names_its_source():
    assert legal_deadlines()
    assert all(row.days > 0 and row.basis and row.source and row.what in ("plan", "code") for row in legal_deadlines())
