"""The law of claims: whatever is said, what is written conforms to every profile it claims (meta.profile)."""

import pytest
from hypothesis import given

from patientoverblik.conformance.fhir import claimed
from patientoverblik.formats import fhir
from tests.conformance.fhir.packages import ABSENT, HERE, shared_profiles
from tests.generative.formats.cards_and_messages import cards, messages
from tests.generative.formats.test_fhir_laws import SETTINGS
from tests.generative.strategies import appointments, care_plans, contact_notes

pytestmark = pytest.mark.skipif(not HERE, reason=ABSENT)


def assert_conforms(care, shape="service-request"):
    found = claimed(shared_profiles(), fhir.write_document(care, shape))
    assert [one for one in found if one.severity == "error"] == []


@pytest.mark.parametrize("shape", ["service-request", "care-plan"])
@given(care=care_plans())
@SETTINGS
def test_a_care_plan_conforms_to_what_it_claims(care, shape):
    assert_conforms(care, shape)


@given(care=contact_notes())
@SETTINGS
def test_a_contact_conforms_to_what_it_claims(care):
    assert_conforms(care)


@given(care=appointments())
@SETTINGS
def test_an_appointment_conforms_to_what_it_claims(care):
    assert_conforms(care)


@given(care=cards())
@SETTINGS
def test_a_master_data_card_conforms_to_what_it_claims(care):
    assert_conforms(care)


@given(care=messages())
@SETTINGS
def test_a_message_conforms_to_what_it_claims(care):
    assert_conforms(care)
