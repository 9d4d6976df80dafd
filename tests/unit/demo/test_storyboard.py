"""The story told by the demo's documents is the storyboard, and each document is its owner's."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from patientoverblik.care import Identifier
from patientoverblik.demo.child import child_story
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.psychiatry import psychiatric_story
from patientoverblik.demo.story import Delivery, Event, Withdrawal
from patientoverblik.demo.storyboard import STEPS, STORY, storyboard
from tests.spec.storyboard.expected import COUNTS, KINDS, ON_HOLD
from tests.unit.demo.told import counts, items, on_hold, until

EVENTS = storyboard()
DELIVERIES = [event for event in EVENTS if isinstance(event, Delivery)]


@pytest.mark.parametrize("step", STEPS)
def test_the_documents_of_each_step_hold_what_the_storyboard_counts(step: str) -> None:
    told = until(EVENTS, step)
    assert counts(told) == COUNTS[step]
    assert on_hold(told) == ON_HOLD.get(step, ())


def test_our_table_of_counts_is_the_storyboards(shared: Path) -> None:
    names = ("plans", "conditions", "patientGoals", "professionalGoals", "interventions", "appointments")
    assert len(names) == len(KINDS)
    for row in json.loads((shared / "data" / "storyboard.json").read_text(encoding="utf-8"))["expected"]:
        assert COUNTS[row["step"]] == tuple((row[name]["active"], row[name]["total"]) for name in names)
        assert ON_HOLD.get(row["step"], ()) == tuple(row["onHold"])


def test_steps_follow_each_other_in_time() -> None:
    assert [event.at.earliest for event in EVENTS] == sorted(event.at.earliest for event in EVENTS)
    assert [STEPS.index(event.step) for event in EVENTS] == sorted(STEPS.index(event.step) for event in EVENTS)


def test_only_the_owner_of_a_document_replaces_it() -> None:
    owners: dict[Identifier, str] = {}
    for delivery in DELIVERIES:
        series = delivery.care.document.series
        if series:
            assert owners.setdefault(series, delivery.by) == delivery.by, delivery.name
        assert delivery.care.document.custodian == organisation(delivery.by)


def test_each_version_replaces_the_one_before_it() -> None:
    by_series: dict[Identifier, list[Delivery]] = {}
    for delivery in DELIVERIES:
        if delivery.care.document.series:
            by_series.setdefault(delivery.care.document.series, []).append(delivery)
    for versions in by_series.values():
        assert [one.care.document.version for one in versions] == list(range(1, len(versions) + 1))
        assert versions[0].care.document.replaces == ()
        for before, after in pairwise(versions):
            assert after.care.document.replaces == (before.care.document.id,)
    assert len({delivery.care.document.id for delivery in DELIVERIES}) == len(DELIVERIES)


def test_an_item_stands_once_in_its_document_and_in_one_owners_documents_at_a_time() -> None:
    for step in STEPS:
        seen: dict[Identifier, str] = {}
        newest = {delivery.name: delivery for delivery in until(EVENTS, step) if isinstance(delivery, Delivery)}
        for delivery in newest.values():
            for item in items(delivery.care):
                for one in item.ids:
                    assert one not in seen, (delivery.name, seen[one])
                    seen[one] = delivery.name


@pytest.mark.parametrize(
    "events", [EVENTS, psychiatric_story(), child_story()], ids=["storyboard", "psychiatry", "child"]
)
def test_what_a_document_points_at_exists(events: tuple[Event, ...]) -> None:
    deliveries = [event for event in events if isinstance(event, Delivery)]
    known = {one for delivery in deliveries for item in items(delivery.care) for one in item.ids}
    for delivery in deliveries:
        if delivery.care.plan:
            charged = {one for charge in delivery.care.plan.responsibilities for one in charge.covers}
            assert charged <= known, delivery.name
        for act in delivery.care.interventions:
            for field in ("reasons", "goals", "realises", "replaces"):
                assert set(getattr(act, field)) <= known, (delivery.name, act.words, field)
        for goal in delivery.care.goals:
            assert set(goal.addresses) | set(goal.supports) <= known, (delivery.name, goal.words)
        for booked in delivery.care.appointments:
            assert set(booked.interventions) <= known, delivery.name


def test_the_clock_is_put_back_between_the_call_and_the_admission() -> None:
    call, admission = (next(one for one in DELIVERIES if one.name == name) for name in ("K5", "P4"))
    period = call.care.contacts[0].period
    assert period is not None
    assert period.start is not None
    assert admission.at.earliest - period.start.earliest == (5 * 60 + 50) * 60 * 1000


def test_the_training_series_has_24_dates_and_three_are_taken_back() -> None:
    series = {}
    for delivery in DELIVERIES:
        for booked in delivery.care.appointments:
            if booked.series:
                series.setdefault(booked.series, []).append(delivery.care.document.id)
    taken_back = [event.document for event in EVENTS if isinstance(event, Withdrawal)]
    assert sorted(len(dates) for dates in series.values()) == [7, 24, 28]
    assert len(taken_back) == 3
    assert any(set(taken_back) <= set(dates) for dates in series.values())


def test_the_patients_words_are_written_by_the_patient_alone() -> None:
    for delivery in DELIVERIES:
        own = [goal for goal in delivery.care.goals if goal.kind == "patient"]
        assert not own or (delivery.by == "citizen" and delivery.care.document.authors[0].party.kind == "patient")


def test_what_was_referred_is_carried_out_by_somebody_else() -> None:
    carried = {
        one: delivery.by for delivery in DELIVERIES for act in delivery.care.interventions for one in act.realises
    }
    assert set(carried) == {STORY.id(short) for short in ("I3", "I4", "I5", "I20")}
