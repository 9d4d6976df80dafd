"""The law of structure: whatever is said, what is written breaks nothing of R4: elements, codes and invariants."""

import pytest
from hypothesis import given

from patientoverblik.conformance.fhir import structure
from patientoverblik.formats import fhir
from tests.generative.formats.cards_and_messages import cards, messages
from tests.generative.formats.test_fhir_laws import SETTINGS
from tests.generative.strategies import appointments, care_plans, contact_notes


def assert_stands(care, shape="service-request"):
    found = structure(fhir.write_document(care, shape))
    assert [one for one in found if one.severity == "error"] == []


@pytest.mark.parametrize("shape", ["service-request", "care-plan"])
@given(care=care_plans())
@SETTINGS
def test_a_care_plan_is_structured_as_r4_says(care, shape):
    assert_stands(care, shape)


@given(care=contact_notes())
@SETTINGS
def test_a_contact_is_structured_as_r4_says(care):
    assert_stands(care)


@given(care=appointments())
@SETTINGS
def test_an_appointment_is_structured_as_r4_says(care):
    assert_stands(care)


@given(care=cards())
@SETTINGS
def test_a_master_data_card_is_structured_as_r4_says(care):
    assert_stands(care)


@given(care=messages())
@SETTINGS
def test_a_message_is_structured_as_r4_says(care):
    assert_stands(care)
