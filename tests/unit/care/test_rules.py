"""Rules across values give findings: each is broken once, and a sound contribution breaks none."""

import msgspec
import pytest

from patientoverblik.care import (
    Bound,
    CardItem,
    Condition,
    Contribution,
    DocumentFacts,
    Goal,
    Identifier,
    Intervention,
    Measurement,
    Organisation,
    Party,
    Patient,
    Period,
    Plan,
    Quantity,
    Range,
    Responsibility,
    Target,
    Unknown,
    parse_moment,
)
from patientoverblik.care.rules import RULES, check
from patientoverblik.problems import CATALOGUE

CLINIC = Organisation(name="Klinikken")


def day(text):
    return parse_moment(text)


def span(start, end):
    return Period(start=day(start) if start else None, end=day(end) if end else None)


def item_id(value):
    return (Identifier(system="1.2.208.184", value=value),)


CONDITION = Condition(place="c", ids=item_id("c"), code=Unknown(), onset=span("2020-01-01", None))
GOAL = Goal(
    place="g",
    ids=item_id("g"),
    kind="professional",
    lifecycle="active",
    addresses=item_id("c"),
    targets=(Target(measure=Unknown(), amount=Range(low=Bound(value="9"), high=Bound(value="10"), unit="%")),),
)
ACT = Intervention(place="i", ids=item_id("i"), activity="in-progress", authorisation="granted", goals=item_id("g"))
VALUE = Measurement(
    place="m", ids=item_id("m"), code=Unknown(), amount=Quantity(value="7", unit="kg"), time=day("2026-01-01")
)
PLAN = Plan(
    place="p",
    kind="pathway-plan",
    status="active",
    period=span("2026-01-01", "2026-12-31"),
    responsibilities=(
        Responsibility(
            place="r0", organisation=CLINIC, period=span("2026-01-01T10:00:00+01:00", "2026-02-01T10:00:00+01:00")
        ),
        Responsibility(place="r1", organisation=CLINIC, period=span("2026-02-01T10:00:00+01:00", None)),
    ),
)
SOUND = Contribution(
    document=DocumentFacts(id=Identifier(system="1.2.208.184", value="doc"), created=day("2026-01-01T12:00:00+01:00")),
    patient=Patient(),
    plan=PLAN,
    conditions=(CONDITION,),
    goals=(GOAL,),
    interventions=(ACT,),
    measurements=(VALUE,),
)


def changed(name, **fields):
    value = getattr(SOUND, name)
    new = msgspec.structs.replace(value[0] if isinstance(value, tuple) else value, **fields)
    return msgspec.structs.replace(SOUND, **{name: (new,) if isinstance(value, tuple) else new})


def responsible(*spans):
    given = tuple(Responsibility(place=f"r{at}", organisation=CLINIC, period=one) for at, one in enumerate(spans))
    return changed("plan", responsibilities=given)


def addresses(*spans):
    given = tuple(CardItem(place=f"a{at}", field="temporary-address", period=one) for at, one in enumerate(spans))
    return msgspec.structs.replace(SOUND, card=given)


def test_a_sound_contribution_breaks_no_rule():
    assert check(SOUND) == ()


BROKEN = [
    ("care.period-reversed", "c", changed("conditions", onset=span("2021-01-01", "2020-12-31"))),
    (
        "care.range-reversed",
        "g",
        changed(
            "goals",
            targets=(
                Target(measure=Unknown(), amount=Range(low=Bound(value="10"), high=Bound(value="9.5"), unit="%")),
            ),
        ),
    ),
    ("care.no-unit", "m", changed("measurements", amount=Quantity(value="1998"))),
    ("care.measured-after-document", "m", changed("measurements", time=day("2026-01-01T12:00:01+01:00"))),
    ("care.activity-without-grant", "i", changed("interventions", authorisation="declined")),
    ("care.open-in-ended-plan", "g", changed("plan", status="completed")),
    ("care.responsibility-overlap", "r1", responsible(span("2026-01-01", "2026-02-01"), span("2026-01-31", None))),
    ("care.responsibility-gap", "r1", responsible(span("2026-01-01", "2026-02-01"), span("2026-02-03", None))),
    ("care.patient-goal-of-another", "g", changed("goals", kind="patient", expressed_by=Party(kind="professional"))),
    ("care.id-repeats", "g", changed("goals", ids=item_id("c"))),
    ("care.id-of-document", "g", changed("goals", ids=item_id("doc"))),
    ("care.link-without-target", "g", changed("goals", addresses=item_id("nowhere"))),
    ("care.two-temporary-addresses", "a1", addresses(span("2026-01-01", None), span("2027-01-01", "2027-02-01"))),
]


@pytest.mark.parametrize(("code", "place", "contribution"), BROKEN, ids=[row[0] for row in BROKEN])
def test_each_rule_tells_when_it_is_broken(code, place, contribution):
    assert (code, place) in [(found.code, found.place) for found in check(contribution)]
    assert code in CATALOGUE


def test_days_that_follow_each_other_are_no_gap():
    assert check(responsible(span("2026-01-01", "2026-01-31"), span("2026-02-01", None))) == ()


def test_the_patients_own_goal_lives_on_when_the_plan_ends():
    own = changed("goals", kind="patient", expressed_by=Party(kind="patient"))
    plan = msgspec.structs.replace(PLAN, status="completed")
    ended = msgspec.structs.replace(own, plan=plan, interventions=())
    assert check(ended) == ()


def test_a_value_without_digits_is_no_fault_of_order():
    odd = Range(low=Bound(value="ikke et tal"), high=Bound(value="NaN"), unit="%")
    assert check(changed("goals", targets=(Target(measure=Unknown(), amount=odd),))) == ()


def test_every_rule_has_a_case():
    assert len({row[0] for row in BROKEN}) >= len(RULES)
