"""The laws of FHIR both ways: what is written reads as it was said, in JSON and XML, in both shapes of a plan."""

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patientoverblik import formats
from patientoverblik.care import Period, Value
from patientoverblik.formats import fhir
from tests.generative.formats.cards_and_messages import cards, messages
from tests.generative.strategies import appointments, care_plans, contact_notes

SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
OF_THE_READING = ("profile", "example_profile")


def plain(value):
    """A value without its places, without periods that say nothing and without the order of the facts on a card: none is
    anything FHIR could carry."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if not isinstance(value, Value):
        return value
    changed = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if "place" in changed and isinstance(changed["place"], str):
        changed["place"] = ""
    for name in OF_THE_READING if type(value).__name__ == "DocumentFacts" else ():
        changed[name] = ""
    if "card" in changed:
        changed["card"] = tuple(sorted(changed["card"], key=repr))
    for name, one in changed.items():
        if (one == Period() and name != "period") or (one == Period() and type(value).__name__ != "Responsibility"):
            changed[name] = default_of(type(value), name)
    return type(value)(**changed)


def default_of(of, name):
    found = next(one for one in msgspec.structs.fields(of) if one.name == name)
    return found.default


def read_back(care, shape, form):
    resource = fhir.write_document(care, shape)
    data = fhir.encode_json(resource) if form == "json" else fhir.encode_xml(resource)
    reading = formats.read(formats.parse(data))
    assert isinstance(reading, formats.Reading), reading
    assert reading.losses == ()
    return reading.care


def assert_comes_back(care, shape, form="json"):
    back = plain(read_back(care, shape, form))
    said = plain(fhir.worded(care))
    for name in said.__struct_fields__:
        assert getattr(back, name) == getattr(said, name), name


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("shape", ["service-request", "care-plan"])
@given(care=care_plans())
@SETTINGS
def test_a_care_plan_comes_back_as_it_was_said(care, shape, form):
    assert_comes_back(care, shape, form)


@given(care=contact_notes())
@SETTINGS
def test_a_contact_without_a_plan_comes_back_as_it_was_said(care):
    assert_comes_back(care, "service-request")


@given(care=appointments())
@SETTINGS
def test_an_appointment_comes_back_as_it_was_said(care):
    assert_comes_back(care, "service-request")


@pytest.mark.parametrize("form", ["json", "xml"])
@given(care=cards())
@SETTINGS
def test_a_master_data_card_comes_back_as_it_was_said(care, form):
    assert_comes_back(care, "service-request", form)


@pytest.mark.parametrize("form", ["json", "xml"])
@given(care=messages())
@SETTINGS
def test_a_message_comes_back_as_it_was_said(care, form):
    assert_comes_back(care, "service-request", form)
