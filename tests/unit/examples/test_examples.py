"""The examples of property tests are the same in every run, unless new ones are looked for (ADR 26)."""

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from patientoverblik.storage.sql.work import FACTS_KEPT
from tests.doors.identity.tokens.test_anything import LAWFUL
from tests.generative.formats.test_fhir_laws import SETTINGS
from tests.generative.sharing.test_two_workers import ONCE

pytestmark = pytest.mark.skipif(not settings().derandomize, reason="new examples are looked for in this run")


@pytest.mark.parametrize("of_a_module", [LAWFUL, SETTINGS, ONCE], ids=["doors", "formats", "sharing"])
def test_settings_made_when_a_module_is_read_are_of_the_profile(of_a_module):
    assert of_a_module.derandomize
    assert of_a_module.database is None
    assert of_a_module.deadline is None


def test_no_number_of_a_loaded_module_is_mixed_into_what_is_drawn():
    assert FACTS_KEPT not in set(providers._get_local_constants().integers)
