"""Every FHIR profile there is compiles: a fault in its folder is found here, not by the first document of its kind."""

import pytest

from patientoverblik.formats.fhir import registry


@pytest.mark.parametrize("name", sorted(registry.sources()))
def test_a_profile_compiles(name):
    assert registry.profile(name).codecs


def test_each_row_of_recognition_leads_to_a_profile():
    assert {one.profile for one in registry.rows()} <= set(registry.sources())
