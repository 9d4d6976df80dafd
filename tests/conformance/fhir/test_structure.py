"""R4's structure on foreign resources: the schema's verdict is the walk's, and what foreign examples break is known."""

import pytest

from patientoverblik.conformance.fhir import structure
from patientoverblik.conformance.fhir.check import _apart
from patientoverblik.conformance.fhir.explain import explain
from patientoverblik.conformance.fhir.schema import validator
from tests.conformance.fhir.mutants import examples, mutants
from tests.conftest import SHARED

pytestmark = pytest.mark.skipif(
    not (SHARED / "data/fhir").is_dir(), reason=f"shared samples are not here: {SHARED.name}/data/fhir"
)


@pytest.mark.parametrize("seed", range(3))
def test_the_verdict_has_reasons_and_the_reasons_a_verdict(seed):
    broken = 0
    for one in mutants(300, seed):
        shell, _ = _apart(one, "R")
        reasons = list(explain(shell, "R"))
        assert validator(one["resourceType"]).is_valid(shell) == (not reasons), reasons
        broken += bool(reasons)
    assert broken > 100


def test_foreign_examples_break_nothing_but_a_room_that_nobody_refers_to():
    found = {
        (one.code, one.place, one.about) for each in examples() for one in structure(each) if one.severity == "error"
    }
    assert found == {("r4.invariant", "Appointment.contained[0]", "dom-3")}
