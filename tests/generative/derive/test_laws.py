"""The laws of derive and compose: what a party says comes back as it was said, and a second time changes nothing."""

import re

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from patientoverblik.care import Value
from patientoverblik.formats.cda.compose import compose
from patientoverblik.formats.cda.derive import derive
from tests.generative.strategies import appointments, care_plans, contact_notes

SETTINGS = settings(
    max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)


def without_places(value):
    """A value with every place in it left out: places are given by the document, not by who writes it."""
    if isinstance(value, tuple):
        return tuple(map(without_places, value))
    if not isinstance(value, Value):
        return value
    changed = {name: without_places(getattr(value, name)) for name in value.__struct_fields__}
    if "place" in changed:
        changed["place"] = ""
    return type(value)(**changed)


def places(value):
    if isinstance(value, tuple):
        return [found for each in value for found in places(each)]
    if not isinstance(value, Value):
        return []
    own = [value.place] if getattr(value, "place", "") and isinstance(value.place, str) else []
    return own + [found for name in value.__struct_fields__ for found in places(getattr(value, name))]


def look_up(record, place):
    for name, index in re.findall(r"([a-z_]+)(?:\[(\d+)\])?", place):
        record = getattr(record, name)
        record = record[int(index)] if index else record
    return record


def assert_comes_back(care):
    profile = care.document.profile
    back, _ = derive(compose(care, profile), profile)
    for name in care.__struct_fields__:
        assert without_places(getattr(back, name)) == without_places(getattr(care, name)), name


@given(care_plans())
@SETTINGS
def test_a_care_plan_comes_back_as_it_was_said(care):
    assert_comes_back(care)


@given(contact_notes())
@SETTINGS
def test_a_contact_without_a_plan_comes_back_as_it_was_said(care):
    assert_comes_back(care)


@given(appointments())
@SETTINGS
def test_an_appointment_comes_back_as_it_was_said(care):
    assert_comes_back(care)


@pytest.mark.parametrize(
    "strategy", [care_plans(), contact_notes(), appointments()], ids=["plan", "note", "appointment"]
)
def test_writing_again_changes_nothing(strategy):
    @given(strategy)
    @SETTINGS
    def law(care):
        profile = care.document.profile
        record = compose(care, profile)
        assert compose(derive(record, profile)[0], profile) == record

    law()


@given(care_plans())
@SETTINGS
def test_every_place_is_its_own_and_leads_to_something_in_the_record(care):
    record = compose(care, "cpd-2.0.0")
    found = places(derive(record, "cpd-2.0.0")[0])
    assert len(found) == len(set(found))
    for place in found:
        assert look_up(record, place) is not None, place


@given(care_plans())
@SETTINGS
def test_a_record_survives_storage(care):
    record = compose(care, "cpd-2.0.0")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=type(record)) == record
    back, _ = derive(record, "cpd-2.0.0")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(back), type=type(back)) == back
