"""Resources held against the shared definitions of dk-core, MedCom, KL and FUT (issue "The FHIR R4 door").

That the verdict is HL7's is held by ``make conformance``, where Java and Maven are; what every example breaks stands in
docs/fhir-examples.md, which a test of its own holds true.
"""

import pytest

from patientoverblik import formats
from patientoverblik.conformance.fhir import UNREADABLE, claimed, structure
from patientoverblik.demo.story import Delivery as Told
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.formats import fhir
from patientoverblik.formats.fhir.claims import claims
from tests.conformance.fhir.mutants import mutants, of_profiles
from tests.conformance.fhir.packages import ABSENT, HERE, shared_profiles
from tests.conformance.formats.fhir_samples import care_samples
from tests.conformance.formats.samples import read_samples

pytestmark = pytest.mark.skipif(not HERE, reason=ABSENT)
BEYOND = {"obs-7", "ctm-1"}
"""The invariants of R4's own that ask what is not understood here."""


def test_every_definition_is_made_ready_and_what_is_not_checked_has_a_known_reason():
    known = shared_profiles()
    assert len(known.by_url) > 150
    told = [why for one in known.by_url.values() for _, why in one.unchecked]
    rest = [
        why for why in told if not why.startswith(("the value set is not", "the profile is not", "its discriminator"))
    ]
    assert {why.split()[2] for why in rest} == BEYOND


def test_whatever_a_sender_does_is_judged():
    """No mutant of a foreign example makes the check stumble; some are found wrong by profile alone."""
    by_profile = 0
    for one in (*mutants(150, 7), *of_profiles(150, 7)):
        found = structure(one)
        if any(each.code in UNREADABLE for each in found):
            continue
        by_profile += found.valid and not claimed(shared_profiles(), one).valid
    assert by_profile > 30


@pytest.mark.parametrize("shape", ["service-request", "care-plan"])
@pytest.mark.parametrize("path", [*read_samples(), *care_samples()], ids=lambda path: path.stem)
def test_what_is_written_conforms_to_the_profiles_it_claims(path, shape):
    reading = formats.read(formats.parse(path.read_bytes()))
    if isinstance(reading, formats.Unread):
        pytest.skip("the sample cannot be read")
    written = fhir.write_document(reading.care, shape)
    assert [one for one in claimed(shared_profiles(), written) if one.severity == "error"] == []


def test_each_profile_that_may_be_claimed_is_claimed_by_something():
    told = [one.care for one in storyboard() if isinstance(one, Told)]
    readings = (formats.read(formats.parse(path.read_bytes())) for path in read_samples())
    told += [one.care for one in readings if isinstance(one, formats.Reading)]
    entries = (entry["resource"] for care in told for entry in fhir.write_document(care)["entry"])
    claimed_ = {profile for one in entries for profile in one.get("meta", {}).get("profile", ())}
    assert claimed_ == {one.profile for one in claims().values()}
