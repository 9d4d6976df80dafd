"""Deadlines, handovers and gaps, worked out at the moment of looking."""

import pytest

from tests.unit.overview.make import (
    act,
    at,
    charge,
    codes,
    goal,
    held,
    ident,
    line,
    look,
    org,
    parse_moment,
    plan,
    rules,
)


@pytest.mark.parametrize(
    ("now", "late"),
    [("2026-07-13T21:59:59.999Z", False), ("2026-07-13T22:00:00Z", True)],
    ids=["last second of the Danish day", "the day has ended"],
)
def test_a_goal_due_today_is_overdue_when_the_danish_day_has_ended(now: str, late: bool) -> None:
    shown = line(look(held(1, "GP", goal("FM1", due=parse_moment("2026-07-13"))), now=now), "FM1")
    assert ("overview.overdue" in codes(shown)) is late


def test_overdue_is_a_difference_with_its_last_moment_in_time() -> None:
    seen = look(held(1, "GP", goal("G", due=parse_moment("2026-05-13"))))
    assert [(each.rule, each.about, each.at) for each in seen.differences] == [
        ("overview.overdue", "frist", at("2026-05-14") - 1)
    ]


@pytest.mark.parametrize("status", ["completed", "cancelled", "on-hold"])
def test_goal_that_is_not_worked_at_is_not_overdue(status: str) -> None:
    seen = look(held(1, "GP", goal("G", lifecycle=status, due=parse_moment("2026-05-13"))))
    assert not rules(seen)


def test_goal_that_missed_its_date_and_got_a_new_one_stays_active() -> None:
    seen = look(held(1, "GP", goal("G", achievement="not-achieved", due=parse_moment("2026-07-19"))))
    assert line(seen, "G").phase == "active"
    assert not rules(seen)


@pytest.mark.parametrize(("activity", "late"), [("not-started", True), ("in-progress", False), ("completed", False)])
def test_latest_start_passes_only_what_has_not_begun(activity: str, late: bool) -> None:
    seen = look(held(1, "GP", act("I21", activity=activity, start_by=parse_moment("2026-05-06"))))
    assert bool(rules(seen)) is late


def test_next_due_of_a_repeated_intervention_and_review_of_a_plan() -> None:
    seen = look(
        held(1, "GP", plan("P", review=parse_moment("2026-05-01")), act("I6", next_due=parse_moment("2026-05-12")))
    )
    assert sorted(each.about for each in seen.differences) == ["næste gang", "revurdering"]


def test_requested_responsibility_awaits_acceptance() -> None:
    document = held(
        1, "LUNG", plan("P5", responsibilities=(charge("MUN", commitment="requested", covers=("I20",)),)), act("I20")
    )
    seen = look(document)
    assert codes(line(seen, "Indsats I20")) == {"overview.awaiting-acceptance"}
    assert rules(seen) == ["overview.awaiting-acceptance"]


def test_acceptance_in_the_receivers_own_document_ends_the_waiting() -> None:
    asked = held(
        1, "LUNG", plan("P5", responsibilities=(charge("MUN", commitment="requested", covers=("I20",)),)), act("I20")
    )
    answer = held(2, "MUN", plan("P6", responsibilities=(charge("MUN", covers=("I20",)),)))
    assert not rules(look(asked, answer))


def test_declined_handover_is_told() -> None:
    document = held(
        1, "LUNG", plan("P5", responsibilities=(charge("MUN", commitment="declined", covers=("I20",)),)), act("I20")
    )
    assert rules(look(document)) == ["overview.handover-declined"]


@pytest.mark.parametrize(("now", "nobody"), [("2026-11-02T13:59:00+01:00", False), ("2026-11-02T14:00:00+01:00", True)])
def test_plan_whose_responsibility_ended_has_nobody(now: str, nobody: bool) -> None:
    stated = charge("LUNG", "2026-10-30T14:00:00+01:00", "2026-11-02T14:00:00+01:00")
    seen = look(held(1, "LUNG", plan("P5", responsibilities=(stated,))), now=now)
    assert ("overview.no-responsible" in rules(seen)) is nobody


def test_responsibility_handed_over_without_gap() -> None:
    stated = (
        charge("AKM", "2026-10-25T02:30:00+01:00", "2026-10-25T14:00:00+01:00"),
        charge("LUNG", "2026-10-25T14:00:00+01:00"),
    )
    for now in ("2026-10-25T13:59:59+01:00", "2026-10-25T14:00:00+01:00"):
        assert not rules(look(held(1, "AKM", plan("P4", responsibilities=stated)), now=now))


def test_plan_that_names_no_responsibilities_has_no_gap() -> None:
    assert not rules(look(held(1, "GP", plan("P", responsible=org("GP")))))


def test_referral_realised_by_another_party_is_done_and_linked_both_ways() -> None:
    asked = held(1, "GP", plan("P1"), act("I4", activity="not-started"))
    done = held(2, "EYE", plan("P2"), act("I8", activity="scheduled", realises=(ident("I4"),)))
    seen = look(done, asked)
    referral, taken = line(seen, "Indsats I4"), line(seen, "Indsats I8")
    assert (referral.phase, taken.phase) == ("ended", "planned")
    assert codes(referral) == {"overview.realised"}
    assert ("realised-by", taken.id) in referral.related
    assert ("realises", referral.id) in taken.related
    assert seen.counts.interventions == (1, 2)


@pytest.mark.parametrize(
    "taker", [{"activity": "cancelled"}, {"activity": "entered-in-error"}, {"authorisation": "declined"}]
)
def test_cancelled_taker_does_not_close_a_referral(taker: dict) -> None:
    asked = held(1, "GP", act("I4", activity="not-started"))
    seen = look(asked, held(2, "EYE", act("I8", realises=(ident("I4"),), **taker)))
    assert line(seen, "Indsats I4").phase == "planned"


def test_own_document_does_not_close_a_referral_by_realising_it() -> None:
    seen = look(held(1, "GP", act("I4", activity="not-started")), held(2, "GP", act("I8", realises=(ident("I4"),))))
    assert line(seen, "Indsats I4").phase == "planned"


def test_replaced_intervention_is_replaced_only_by_its_own_organisation() -> None:
    own = look(held(1, "GP", act("I1"), act("I27", replaces=(ident("I1"),))))
    assert line(own, "Indsats I1").phase == "replaced"
    other = look(held(1, "GP", act("I1")), held(2, "HOSP", act("I27", replaces=(ident("I1"),))))
    assert line(other, "Indsats I1").phase == "active"


def test_an_acceptance_that_has_ended_does_not_answer_a_new_request() -> None:
    old = charge("MUN", "2026-01-01", "2026-02-01", covers=("I20",))
    new = charge("MUN", "2026-05-01", commitment="requested", covers=("I20",))
    assert rules(look(held(1, "LUNG", plan("P", responsibilities=(old, new)), act("I20")))) == [
        "overview.awaiting-acceptance"
    ]
