"""Tables of meaning: every value is a word of the model, every row has a source, and what is written reads back."""

import csv
from importlib.resources import files
from typing import get_args

import pytest

from patientoverblik import care
from patientoverblik.formats.cda.derive import meaning

FOLDER = files("patientoverblik.formats.cda").joinpath("meaning")
TABLES = sorted(path.name.removesuffix(".csv") for path in FOLDER.iterdir() if path.name.endswith(".csv"))
WORDS = {
    "appointment_sector": care.AppointmentSector,
    "appointment_status": care.AppointmentStatus,
    "card_field": care.CardField,
    "card_register": care.CardField,
    "condition_role": care.ConditionRole,
    "condition_status": care.ClinicalStatus,
    "contact_code": care.ContactClass,
    "contact_setting": care.ContactClass,
    "contact_status": care.ContactStatus,
    "goal_kind": care.GoalKind,
    "goal_status": care.GoalLifecycle,
    "intent": care.Intent,
    "intervention_kind": care.InterventionKind,
    "intervention_status": care.Activity,
    "measured_by": care.MeasuredBy,
    "null_flavor": care.Reason,
    "party_kind": care.PartyKind,
    "plan_kind": care.PlanKind,
    "profile": care.PlanKind,
    "role": care.Role,
}
OTHERS = {"keeper", "lost"}


def rows(name):
    return list(csv.DictReader(FOLDER.joinpath(f"{name}.csv").read_text("utf-8").splitlines()))


def test_every_table_is_known():
    assert set(TABLES) == set(WORDS) | OTHERS


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_value_is_a_word_of_the_model(name):
    assert {row["value"] for row in rows(name)} <= set(get_args(WORDS[name]))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_is_whole_and_trimmed_and_stands_once(name):
    found = rows(name)
    assert found
    keys = [(row.get("mood"), row.get("where"), row["code"]) for row in found]
    assert len(keys) == len(set(keys))
    for row in found:
        assert row["source"]
        assert None not in row
        assert all(value is not None and value == value.strip() for value in row.values())


@pytest.mark.parametrize("name", ["goal_kind", "condition_role", "appointment_sector", "role", "party_kind"])
def test_what_is_written_for_a_value_means_that_value(name):
    for value, code in meaning.writing(name).items():
        assert meaning.meanings(name)[code.code] == value
        assert code.system


def test_a_row_without_a_source_stops_the_program(monkeypatch):
    class Broken:
        def joinpath(self, *_):
            return self

        def read_text(self, _):
            return "code,value,source\na,b,\n"

    monkeypatch.setattr(meaning, "files", lambda _: Broken())
    with pytest.raises(ValueError, match="no source"):
        meaning.load_rows("anything")
