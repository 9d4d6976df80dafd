"""What a document cannot carry is named with a reason, and nothing else is."""

import csv
from importlib.resources import files

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patientoverblik import care
from patientoverblik.care import Period, Unknown, parse_moment
from patientoverblik.formats.cda.compose import lost_in
from tests.generative.strategies import appointments, care_plans

FEW = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)


@given(care_plans())
@FEW
def test_of_what_a_plan_can_carry_nothing_is_lost(whole):
    assert lost_in(whole, "cpd-2.0.0") == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "en helt anden titel"),
        ("responsible", Unknown()),
        ("section", "et afsnit"),
        ("period", Period(start=parse_moment("1901"))),
    ],
)
@given(whole=care_plans())
@FEW
def test_what_only_the_document_can_say_is_named(field, value, whole):
    plan = msgspec.structs.replace(whole.plan, **{field: value})
    found = lost_in(msgspec.structs.replace(whole, plan=plan), "cpd-2.0.0")
    assert [loss.place for loss in found if loss.place.startswith(f"plan.{field}")]
    assert all(loss.reason != "the profile has no place for it" for loss in found)


@given(appointments(), care_plans())
@FEW
def test_an_appointment_document_names_the_goals_it_cannot_carry(visit, whole):
    both = msgspec.structs.replace(visit, goals=whole.goals)
    assert [loss.place for loss in lost_in(both, "apd-2.0.1")] == (["goals"] if whole.goals else [])


def test_every_row_names_a_field_of_the_model():
    table = files("patientoverblik.formats.cda").joinpath("meaning", "lost.csv").read_text("utf-8")
    for row in csv.DictReader(table.splitlines()):
        name, field = row["code"].split(".")
        assert field in getattr(care, name).__struct_fields__, row["code"]
        assert row["value"]
        assert row["source"]
