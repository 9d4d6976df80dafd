"""$validate where the installation has packages of definitions: by what a resource claims, and by what is asked for."""

import pytest
from starlette.applications import Starlette

from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.identity.tokens import Tokens
from tests.doors.fhir.world import BASE, OPAQUE, codes, door, issuer
from tests.doors.portal.browser import Browser
from tests.unit.conformance.fhir.defined import URL, element, made, profile

GOAL = {
    "resourceType": "Goal",
    "lifecycleStatus": "active",
    "description": {"text": "x"},
    "subject": {"reference": "Patient/p"},
}
CLAIMING = {**GOAL, "meta": {"profile": [f"{URL}noted"]}}


@pytest.fixture
def asked():
    known = made(profile("noted", "Goal", element("Goal.note", min=1)))
    found = door()
    settings = FhirSettings(Tokens((issuer(),)), OPAQUE, profiles=known)
    found.browser = Browser(Starlette(routes=routes(found.house, settings)), BASE)
    return found


def test_what_a_resource_claims_is_held_against_it(asked):
    answer = asked.post("Goal/$validate", CLAIMING)
    assert codes(answer) == ["fhirprofile.too-few"]
    assert answer.json()["issue"][0]["expression"] == ["Goal"]
    assert codes(asked.post("Goal/$validate", {**CLAIMING, "note": [{"text": "x"}]})) == ["rest.valid"]


def test_a_profile_may_be_asked_for(asked):
    assert codes(asked.post("Goal/$validate", GOAL)) == ["rest.valid"]
    parameters = [{"name": "resource", "resource": GOAL}, {"name": "profile", "valueUri": f"{URL}noted"}]
    sent = {"resourceType": "Parameters", "parameter": parameters}
    assert codes(asked.post("Goal/$validate", sent)) == ["fhirprofile.too-few"]
    assert codes(asked.post(f"Goal/$validate?profile={URL}noted", GOAL)) == ["fhirprofile.too-few"]
    assert codes(asked.post(f"Goal/$validate?profile={URL}other", GOAL)) == ["fhirprofile.not-at-hand"]


def test_what_cannot_be_read_is_told_by_structure_alone(asked):
    assert codes(asked.post("Goal/$validate", {**CLAIMING, "strange": 1})) == ["r4.unknown-element"]


def test_without_packages_a_claim_is_not_judged():
    assert codes(door().post("Goal/$validate", CLAIMING)) == ["rest.valid"]
