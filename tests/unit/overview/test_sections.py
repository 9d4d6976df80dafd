"""Sections: what stands where, and what an empty one may say (DESIGN 5)."""

import msgspec
import pytest

from patientoverblik.care import Bound, Identifier, Measurement, Quantity, Range, Unknown
from patientoverblik.overview import SourceState, load_view, text_of, view_names
from patientoverblik.overview.view import read_view
from patientoverblik.problems import CATALOGUE
from tests.unit.overview.make import (
    act,
    at,
    coded,
    condition,
    goal,
    held,
    ident,
    line,
    look,
    parse_moment,
    period,
    plan,
    target,
    visit,
)


def section(seen: object, name: str) -> object:
    return next(each for each in seen.sections if each.id == name)  # type: ignore[attr-defined]


def source(name: str, state: str, *kinds: str) -> SourceState:
    return SourceState(id=name, name=name, sector="", state=state, kinds=kinds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sources", "state"),
    [
        ((source("a", "retrieved", "plans"),), "none-recorded"),
        ((source("a", "retrieved", "plans"), source("b", "not-retrieved", "plans")), "not-retrieved"),
        ((source("a", "retrieved", "plans"), source("b", "not-retrieved", "card")), "none-recorded"),
        ((source("a", "retrieved", "plans"), source("b", "not-retrieved")), "not-retrieved"),
        ((source("a", "retrieved", "plans"), source("b", "not-connected", "plans")), "none-recorded"),
        ((source("b", "not-connected", "plans"),), "not-connected"),
        ((source("a", "retrieved", "card"),), "not-connected"),
        ((), "not-connected"),
    ],
)
def test_none_recorded_only_when_every_connected_source_answered(sources: tuple, state: str) -> None:
    assert section(look(sources=sources), "goals").state == state


def test_silent_and_unconnected_sources_are_named_beside_lines() -> None:
    sources = (
        source("a", "retrieved", "plans"),
        source("b", "not-retrieved", "plans"),
        source("c", "not-connected", "plans"),
    )
    shown = section(look(held(1, "GP", goal("G")), sources=sources), "goals")
    assert (shown.state, shown.silent, shown.unconnected) == ("lines", ("b",), ("c",))


def test_next_appointments_ascend_and_the_past_is_apart() -> None:
    seen = look(
        held(1, "A", visit("sen", "2026-09-01T09:00:00+02:00")),
        held(2, "B", visit("snart", "2026-06-02T09:00:00+02:00")),
        held(3, "C", visit("før", "2026-05-02T09:00:00+02:00")),
        held(4, "D", visit("aflyst", "2026-06-03T09:00:00+02:00", status="cancelled")),
        held(5, "E", visit("uden tid", period=Unknown())),
    )
    shown = [seen.lines[each].value.words for each in section(seen, "next-appointments").lines]
    assert shown == ["Aftale snart", "Aftale sen", "Aftale uden tid"]
    past = [seen.lines[each].value.words for each in section(seen, "past-appointments").lines]
    assert past == ["Aftale aflyst", "Aftale før"]


@pytest.mark.parametrize(
    ("now", "place"), [("2026-06-01T21:59:00Z", "next-appointments"), ("2026-06-01T22:00:00Z", "past-appointments")]
)
def test_an_appointment_on_a_date_is_past_when_the_danish_day_has_ended(now: str, place: str) -> None:
    assert section(look(held(1, "A", visit("V", "2026-06-01")), now=now), place).lines


def test_series_is_one_row_with_its_count_and_next_time() -> None:
    series = Identifier(system="1.2.3", value="AF5")
    visits = [held(n, "KOM", visit(f"T{n}", f"2026-06-{n:02d}T10:00:00+02:00", series=series)) for n in range(1, 9)]
    seen = look(*visits, now="2026-06-04T12:00:00Z")
    (row,) = section(seen, "next-appointments").lines
    assert (seen.lines[row].count, seen.lines[row].value.words) == (8, "Aftale T5")
    assert len(seen.lines[row].related) == 8
    assert not section(seen, "past-appointments").lines
    assert seen.counts.appointments == (1, 1)


def test_series_that_is_over_is_one_ended_row() -> None:
    series = Identifier(system="1.2.3", value="AF5")
    states = ["completed", "cancelled", "completed"]
    visits = [
        held(n, "KOM", visit(f"T{n}", f"2026-04-{n:02d}T10:00:00+02:00", series=series, status=status))
        for n, status in enumerate(states, start=1)
    ]
    seen = look(*visits)
    (row,) = section(seen, "past-appointments").lines
    assert (seen.lines[row].phase, seen.counts.appointments) == ("ended", (0, 1))


def test_series_whose_coming_times_are_cancelled_is_not_next() -> None:
    series = Identifier(system="1.2.3", value="AF5")
    past = held(1, "KOM", visit("T1", "2026-05-01T10:00:00+02:00", series=series))
    off = held(2, "KOM", visit("T2", "2026-07-01T10:00:00+02:00", series=series, status="cancelled"))
    seen = look(past, off)
    assert not section(seen, "next-appointments").lines
    assert len(section(seen, "past-appointments").lines) == 1


def test_booked_appointment_whose_time_has_passed_says_so() -> None:
    seen = look(held(1, "A", visit("V", "2026-05-02T09:00:00+02:00")), held(2, "B", visit("W", status="completed")))
    assert [[flag.code for flag in each.flags] for each in seen.lines.values()] == [["overview.past"], []]


def measured(name: str, value: str, day: str, **more: object) -> Measurement:
    facts = {
        "place": name,
        "code": coded("NPU27300", system="1.2.208.176.2.1", text="HbA1c"),
        "time": parse_moment(day),
    }
    return Measurement(amount=Quantity(value=value, unit="mmol/mol"), **(facts | more))


def test_latest_measurement_is_never_from_the_future_and_targets_need_the_same_unit() -> None:
    same = Range(high=Bound(value="58"), unit="mmol/mol")
    other = Range(high=Bound(value="7.5"), unit="%")
    care = (measured("a", "62", "2026-01-12"), measured("b", "60", "2026-04-13"), measured("c", "50", "2027-01-01"))
    seen = look(held(1, "GP", goal("G", words="", targets=(target(same), target(other))), measurements=care))
    (group,) = seen.measurements
    assert [seen.lines[each].value.amount.value for each in group.lines] == ["50", "60", "62"]
    assert seen.lines[group.latest].value.amount.value == "60"
    assert [each.target.amount.unit for each in group.targets] == ["mmol/mol"]


def test_home_measurement_is_marked() -> None:
    seen = look(held(1, "PAT", measurements=(measured("a", "62", "2026-01-12", measured_by="patient"),)))
    assert [flag.code for each in seen.lines.values() for flag in each.flags] == ["overview.home-measurement"]


def test_groups_by_explicit_link_then_the_plans_conditions_then_none() -> None:
    linked = held(
        1,
        "GP",
        plan("P"),
        condition("KOL"),
        condition("Diabetes"),
        goal("A", addresses=(ident("KOL"),)),
        goal("B"),
        act("C", goals=(ident("A"),)),
    )
    seen = look(
        linked,
        held(2, "VL", act("D")),
        held(3, "EYE", plan("Ø"), condition("Øje"), act("E", reasons=(ident("Diabetes"),))),
    )
    kol, diabetes = line(seen, "KOL").id, line(seen, "Diabetes").id
    assert line(seen, "A").groups == line(seen, "Indsats C").groups == (kol,)
    assert line(seen, "B").groups == (kol, diabetes)
    assert line(seen, "Indsats D").groups == ()
    assert line(seen, "Indsats E").groups == (diabetes,)


def test_link_to_something_out_of_sight_falls_back_to_the_plan() -> None:
    seen = look(held(1, "EYE", plan("Ø"), condition("Øje"), act("E", reasons=(ident("Diabetes"),))))
    assert line(seen, "Indsats E").groups == (line(seen, "Øje").id,)


def test_patient_goals_stand_apart_and_first_whoever_wrote_them_down() -> None:
    seen = look(held(1, "GP", goal("PM1", kind="patient", words="Gå tur")))
    assert section(seen, "matters").lines == (line(seen, "Gå tur").id,)
    assert seen.counts.patient_goals == (1, 1)


def test_timeline_is_in_order_of_time_whatever_the_clock_on_the_wall_says() -> None:
    seen = look(held(1, "VL", visit("sidst", "2026-10-25T02:30:00+01:00"), visit("først", "2026-10-25T02:30:00+02:00")))
    assert [seen.lines[event.line].value.words for event in seen.timeline] == ["Aftale først", "Aftale sidst"]


@pytest.mark.parametrize("name", view_names())
def test_views_show_every_kind_of_line(name: str) -> None:
    shown = {kind for profile in load_view(name).sections for kind in profile.kinds}
    assert shown == {
        "plan",
        "condition",
        "patient-goal",
        "goal",
        "intervention",
        "measurement",
        "contact",
        "appointment",
        "card",
        "relative",
        "passage",
    }


def test_a_faulty_view_is_refused_with_its_fault() -> None:
    with pytest.raises(ValueError, match="view x"):
        read_view('name = "x"\nversion = "en"', "x")
    with pytest.raises(LookupError):
        load_view("../model")


def test_a_view_is_found_by_its_stamp_while_its_version_stands() -> None:
    view = load_view("citizen")
    assert load_view(view.stamp) is view
    with pytest.raises(LookupError):
        load_view("citizen/0")


def test_every_text_of_the_table_is_plain() -> None:
    rows = [each for code, each in CATALOGUE.items() if code.startswith("overview.")]
    assert len(rows) > 30
    assert text_of("overview.overdue", "frist") == "Fristen er overskredet: frist"
    assert text_of("overview.moved", citizen=True) == "Aftalen er flyttet"
    assert text_of("overview.no-responsible", citizen=True) != text_of("overview.no-responsible")


def test_the_answer_is_plain_data() -> None:
    seen = look(held(1, "GP", plan("P"), goal("G", due=parse_moment("2026-05-01"))))
    assert msgspec.json.decode(msgspec.json.encode(seen))["at"] == at("2026-06-01T12:00:00Z")


def test_a_goal_falls_due_when_its_period_ends_unless_it_says_when() -> None:
    one = goal("G", period=period("2026-01-01", "2026-08-01"))
    two = goal("G", period=period("2026-01-01", "2026-08-01"), due=parse_moment("2026-07-01"))
    due = [[each.text for each in look(held(1, "GP", of)).timeline if each.kind == "goal-due"] for of in (one, two)]
    assert due == [["2026-08-01"], ["2026-07-01"]]
