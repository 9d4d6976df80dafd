"""The tables the overview decides by: unique, trimmed, sourced, and complete against the domain's own words."""

import csv
from importlib.resources import files
from typing import get_args

import pytest

from patientoverblik.care import (
    Activity,
    AppointmentStatus,
    ClinicalStatus,
    ContactStatus,
    GoalLifecycle,
    PlanStatus,
    Role,
    Unknown,
)
from patientoverblik.overview.equivalence import read_rows
from patientoverblik.overview.model import Phase
from patientoverblik.overview.phases import phase_of
from tests.unit.overview.make import act, condition, goal, plan, visit

ROOM = files("patientoverblik.overview")


def rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(ROOM.joinpath(path).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    "path", ["codes/equivalence.csv", "codes/systems.csv", "tables/phases.csv", "tables/roles.csv"]
)
def test_rows_are_unique_and_trimmed(path: str) -> None:
    found = [tuple(row.values()) for row in rows(path)]
    assert found
    assert all(value == value.strip() and value for row in found for value in row)
    keys = [row[:-2] if path.endswith("equivalence.csv") else row[:-1] for row in found]
    assert len(set(keys)) == len(keys)


def test_every_role_has_one_place_and_is_a_task_or_not() -> None:
    found = rows("tables/roles.csv")
    assert {row["role"] for row in found} == set(get_args(Role))
    assert len({row["order"] for row in found}) == len(found) == len({int(row["order"]) for row in found})
    assert {row["task"] for row in found} == {"yes", "no"}


def test_every_code_row_is_known_and_its_systems_have_their_one_name() -> None:
    aliases = {row["alias"] for row in rows("codes/systems.csv")}
    for row in read_rows(ROOM.joinpath("codes", "equivalence.csv").read_text(encoding="utf-8")):
        assert not {row.system_a, row.system_b} & aliases


def test_two_codes_are_equivalent_only_where_one_says_neither_more_nor_less() -> None:
    """A reviewed pair of different codes is rare enough to be named here, so that a new one is looked at twice."""
    table = read_rows(ROOM.joinpath("codes", "equivalence.csv").read_text(encoding="utf-8"))
    assert not [row for row in table if row.equivalence == "equivalent" and row.code_a != row.code_b]


@pytest.mark.parametrize("status", get_args(PlanStatus))
def test_every_plan_status_has_a_phase(status: str) -> None:
    assert phase_of(plan(status=status)) != "unknown"


@pytest.mark.parametrize("status", get_args(ClinicalStatus))
def test_every_clinical_status_has_a_phase(status: str) -> None:
    assert phase_of(condition("H", clinical_status=status)) != "unknown"


@pytest.mark.parametrize("status", get_args(GoalLifecycle))
def test_every_goal_lifecycle_has_a_phase(status: str) -> None:
    assert phase_of(goal("G", lifecycle=status)) != "unknown"


@pytest.mark.parametrize("status", get_args(Activity))
def test_every_activity_has_a_phase(status: str) -> None:
    assert phase_of(act("I", activity=status)) != "unknown"


@pytest.mark.parametrize("status", get_args(AppointmentStatus))
def test_every_appointment_status_has_a_phase(status: str) -> None:
    assert phase_of(visit("V", status=status)) != "unknown"


def test_the_table_has_no_row_that_no_status_reaches() -> None:
    known = {
        "plan": set(get_args(PlanStatus)),
        "contact": set(get_args(ContactStatus)),
        "appointment": set(get_args(AppointmentStatus)),
    }
    for row in rows("tables/phases.csv"):
        assert row["phase"] in {*get_args(Phase), "hidden"}
        assert row["first"] in known.get(row["kind"], {row["first"]})


def test_a_status_nobody_stated_is_unknown_and_refuted_is_over() -> None:
    assert phase_of(plan(status=Unknown())) == "unknown"
    assert phase_of(condition("H", verification="refuted")) == "ended"
    assert phase_of(act("I", activity="in-progress", authorisation="revoked")) == "cancelled"
