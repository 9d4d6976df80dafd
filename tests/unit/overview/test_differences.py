"""What should be discussed: facts side by side, each once, nothing inferred."""

import pytest

from patientoverblik.care import Bound, Measurement, Quantity, Range
from tests.unit.overview.make import act, at, coded, goal, held, ident, look, parse_moment, rules, target, visit


def below(value: str, unit: str = "mmol/mol", inclusive: bool = True) -> Range:
    return Range(high=Bound(value=value, inclusive=inclusive), unit=unit)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (below("53"), ["overview.differing-targets"]),
        (below("58", inclusive=False), ["overview.differing-targets"]),
        (below("58"), []),
        (below("58.0"), []),
        (below("7.5", unit="%"), ["overview.differing-target-units"]),
        (below("58", unit=""), ["overview.differing-target-units"]),
    ],
    ids=["other value", "other bound", "same", "same number", "other unit", "no unit"],
)
def test_two_parties_targets_for_one_measure(other: Range, expected: list[str]) -> None:
    one = held(1, "GP", goal("A", words="", targets=(target(below("58")),)))
    assert rules(look(one, held(2, "HOSP", goal("B", words="", targets=(target(other),))))) == expected


def test_targets_of_one_document_or_of_ended_goals_are_no_difference() -> None:
    one = goal("A", words="", targets=(target(below("58")),))
    two = goal("B", words="", targets=(target(below("53")),))
    ended = goal("B", words="", targets=(target(below("53")),), lifecycle="completed")
    assert not rules(look(held(1, "GP", one, two)))
    assert not rules(look(held(1, "GP", one), held(2, "HOSP", ended)))


def test_same_intervention_by_code_or_words_of_two_parties() -> None:
    coded_one = held(1, "LUNG", act("I21", words="Genoptræning", code=coded("ZZ1")))
    assert rules(look(coded_one, held(2, "GP", act("I28", words="Opfølgning", code=coded("ZZ1"))))) == [
        "overview.same-intervention"
    ]
    said = held(3, "GP", act("I28", words="genoptræning."))
    assert rules(look(coded_one, said)) == ["overview.same-intervention"]
    assert not rules(look(coded_one, held(4, "GP", act("I28", words="Kost"))))


def test_same_intervention_is_none_when_one_has_ended_or_they_are_one_party_or_linked() -> None:
    one = held(1, "LUNG", act("A", words="Træning"))
    assert not rules(look(one, held(2, "GP", act("B", words="Træning", activity="completed"))))
    assert not rules(look(one, held(2, "LUNG", act("B", words="Træning"))))
    assert not rules(look(one, held(2, "GP", act("B", words="Træning", realises=(ident("A"),)))))


@pytest.mark.parametrize(
    ("start", "end", "overlap"),
    [
        ("2026-07-01T09:30:00+02:00", "2026-07-01T10:30:00+02:00", True),
        ("2026-07-01T10:00:00+02:00", "2026-07-01T10:30:00+02:00", False),
        ("2026-07-01T08:00:00+02:00", "2026-07-01T09:00:00+02:00", False),
        ("2026-07-01T09:00:00+02:00", "", True),
        ("2026-07-01", "", False),
    ],
    ids=["inside", "right after", "right before", "same start", "a date is not compared"],
)
def test_overlapping_appointments(start: str, end: str, overlap: bool) -> None:
    one = held(1, "HOSP", visit("A", "2026-07-01T09:00:00+02:00", "2026-07-01T10:00:00+02:00"))
    assert (
        rules(look(one, held(2, "KOM", visit("B", start, end)))) == ["overview.overlapping-appointments"]
    ) is overlap


def test_past_and_cancelled_appointments_do_not_overlap() -> None:
    one = held(1, "HOSP", visit("A", "2026-07-01T09:00:00+02:00", "2026-07-01T10:00:00+02:00"))
    same = {"start": "2026-07-01T09:00:00+02:00", "end": "2026-07-01T10:00:00+02:00"}
    assert not rules(look(one, held(2, "KOM", visit("B", **same, status="cancelled"))))
    assert not rules(look(one, held(2, "KOM", visit("B", **same)), now="2026-07-02T12:00:00Z"))


def test_summer_time_end_keeps_both_half_past_twos_apart() -> None:
    first = held(1, "HOSP", visit("A", "2026-10-25T02:00:00+02:00", "2026-10-25T02:45:00+02:00"))
    second = held(2, "KOM", visit("B", "2026-10-25T02:30:00+01:00", "2026-10-25T02:45:00+01:00"))
    assert not rules(look(first, second))


@pytest.mark.parametrize(
    ("words", "differs"),
    [
        ("HbA1c 62 mmol/mol", False),
        ("HbA1c 26 mmol/mol", True),
        ("HbA1c målt", False),
        ("", False),
        ("62,0 mmol/mol", False),
        ("620", True),
        ("målt 2026-05-01 kl. 09:30", False),
        ("målt 1.5.2026", False),
    ],
)
def test_coded_value_against_its_own_words(words: str, differs: bool) -> None:
    measured = Measurement(
        place="m",
        code=coded("NPU27300"),
        amount=Quantity(value="62", unit="mmol/mol"),
        time=parse_moment("2026-05-01"),
        words=words,
    )
    seen = look(held(1, "GP", measurements=(measured,)))
    assert (rules(seen) == ["overview.code-differs-from-words"]) is differs


def test_a_monstrous_exponent_costs_nothing() -> None:
    measured = Measurement(
        place="m", code=coded("X"), amount=Quantity(value="1e999999999"), time=parse_moment("2026"), words="5"
    )
    assert look(held(1, "GP", measurements=(measured,))).lines


def test_differing_statements_of_one_thing() -> None:
    owner = held(1, "GP", act("I2"))
    proposal = held(2, "HOSP", act("I2", activity="on-hold"), made="2026-05-20T08:00:00Z")
    seen = look(owner, proposal)
    assert rules(seen) == ["overview.differing-statements"]
    assert seen.counts.interventions == (0, 1)
    assert len(seen.counts.on_hold) == 1


def test_differences_stand_in_an_order_of_their_own() -> None:
    documents = [
        held(1, "GP", goal("A", due=parse_moment("2026-05-01"))),
        held(2, "KOM", goal("B", due=parse_moment("2026-04-01"))),
    ]
    assert look(*documents).differences == look(*reversed(documents)).differences
    assert [each.at for each in look(*documents).differences] == [at("2026-04-02") - 1, at("2026-05-02") - 1]


def test_lines_that_stand_apart_without_contradiction_are_no_difference() -> None:
    gp, again = held(1, "GP", act("I2")), held(2, "GP", act("I2"))
    seen = look(gp, again, held(3, "HOSP", act("I2")))
    assert len(seen.lines) == 3
    assert not [rule for rule in rules(seen) if rule == "overview.differing-statements"]
