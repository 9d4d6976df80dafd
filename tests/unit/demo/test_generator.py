"""Synthetic patients: the same again for the same seed, other patients for other numbers, all four sectors for a full one."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.demo.generated import told
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.synthetic import BIRTHS, chronic_conditions, patient
from tests.unit.demo.told import items

NUMBERS = st.integers(0, BIRTHS * 3999 - 1)


@settings(max_examples=50, deadline=None)
@given(number=NUMBERS, seed=st.sampled_from(["demo", "bench", "x"]))
def test_the_same_seed_and_number_give_the_same_documents(number: int, seed: str) -> None:
    assert [one.care for one in told(patient(number, seed))] == [one.care for one in told(patient(number, seed))]


@settings(max_examples=100, deadline=None)
@given(one=NUMBERS, other=NUMBERS)
def test_no_two_patients_share_a_number_or_a_document(one: int, other: int) -> None:
    if one == other:
        return
    first, second = patient(one), patient(other)
    assert first.story.patient.ids != second.story.patient.ids
    ids = [{each.care.document.id for each in told(who)} for who in (first, second)]
    assert not ids[0] & ids[1]


@settings(max_examples=100, deadline=None)
@given(number=NUMBERS)
def test_every_generated_number_has_day_plus_60_and_the_birthday(number: int) -> None:
    who = patient(number).story.patient
    assert who.birth is not None
    digits, born = who.ids[0].value, who.birth.text
    assert re.fullmatch(r"\d{10}", digits)
    assert f"{int(digits[:2]) - 60:02}{digits[2:6]}" == born[8:] + born[5:7] + born[2:4]
    assert digits[6] in "0123"


def test_there_is_an_end_to_the_numbers() -> None:
    with pytest.raises(ValueError, match="no more"):
        patient(BIRTHS * 3999)


def test_a_full_patient_has_twenty_documents_from_every_sector() -> None:
    deliveries = list(told(patient(3, full=True)))
    sectors = {organisations()[one.by].sector for one in deliveries}
    assert len(deliveries) == 20
    assert {"general-practice", "municipality", "hospital", "psychiatry", "citizen"} <= sectors
    plan = next(one for one in deliveries if one.name == "pathway-plan")
    assert len(plan.care.conditions) == len(chronic_conditions())


@settings(max_examples=50, deadline=None)
@given(number=NUMBERS)
def test_references_and_versions_hold_in_every_generated_record(number: int) -> None:
    deliveries = list(told(patient(number)))
    known = {one for each in deliveries for item in items(each.care) for one in item.ids}
    ids = [each.care.document.id for each in deliveries]
    assert len(set(ids)) == len(ids)
    for each in deliveries:
        assert set(each.care.document.replaces) <= set(ids)
        for act in each.care.interventions:
            assert {*act.reasons, *act.realises} <= known
    for before, after in pairwise([one for one in deliveries if one.name == "pathway-plan"]):
        assert before.at.earliest < after.at.earliest
