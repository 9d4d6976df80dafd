"""The laws of a mapping over random records (DESIGN decision 7): put-get, fixpoint, nothing lost, kept whole, in the schema's order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patientoverblik import formats
from patientoverblik.formats.cda import registry
from patientoverblik.formats.cda.engine.narrative import canonical, parse_narrative
from patientoverblik.formats.cda.engine.walk import Walk
from tests.generative.formats.records import Maker, record_of

PROFILES = [head.id for head in formats.profiles()]
few = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def parsed(data: bytes) -> formats.Parsed:
    found = formats.parse(data)
    assert isinstance(found, formats.Parsed)
    return found


@pytest.mark.parametrize("profile", PROFILES)
@given(seed=st.integers(0, 2**32))
@few
def test_a_written_record_reads_as_itself(profile: str, seed: int) -> None:
    record = record_of(profile, seed)
    written = formats.write(record, profile)
    walk = Walk()
    again = registry.loaded()[profile].read(parsed(written).root, walk)
    assert again == record
    assert walk.losses == []
    assert formats.write(again, profile) == written


@pytest.mark.parametrize("profile", PROFILES)
@given(seed=st.integers(0, 2**32))
@few
def test_a_kept_record_is_the_record(profile: str, seed: int) -> None:
    record = record_of(profile, seed)
    assert formats.decode_record(formats.encode_record(record)) == record


@pytest.mark.parametrize("profile", PROFILES)
@given(seed=st.integers(0, 2**32))
@few
def test_what_is_written_is_recognised_as_its_own_profile(profile: str, seed: int) -> None:
    written = parsed(formats.write(record_of(profile, seed), profile))
    assert formats.identify(written) == profile


@given(seed=st.integers(0, 2**32))
@few
def test_canonical_narrative_is_a_fixpoint(seed: int) -> None:
    markup = Maker("cpd-1.0.1", seed).narrative()
    assert canonical(markup) == markup
    assert parse_narrative(markup) is not None
