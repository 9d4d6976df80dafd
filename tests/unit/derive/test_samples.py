"""The shared samples: what they contribute is written and read again without change."""

import pytest

from patientoverblik import formats
from patientoverblik.formats.cda.compose import compose, lost_in
from patientoverblik.formats.cda.derive import derive
from tests.conftest import SHARED
from tests.generative.derive.test_laws import places

CDA = SHARED / "data" / "cda"
SAMPLES = sorted(CDA.glob("cpd/**/*.xml")) + sorted(CDA.glob("apd/*.xml"))
OTHERS = sorted(CDA.glob("pdc/*.xml")) + sorted(CDA.glob("phmr/*.xml"))
WRITTEN_AS = {"apd-1": "apd-2.0.1"}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_written_once_and_then_stays(path, shared):
    reading = formats.read(formats.parse(path.read_bytes()))
    profile = WRITTEN_AS.get(reading.profile, reading.profile)
    record = compose(reading.care, profile)
    assert compose(derive(record, profile)[0], profile) == record
    told = {loss.reason for loss in lost_in(reading.care, profile)}
    assert "the profile has no place for it" not in told


@pytest.mark.parametrize("path", SAMPLES + OTHERS, ids=lambda path: path.stem)
def test_every_place_of_a_sample_stands_once_and_can_be_explained(path, shared):
    parsed = formats.parse(path.read_bytes())
    reading = formats.read(parsed)
    if isinstance(reading, formats.Unread):
        pytest.skip("of no profile we read")
    found = places(reading.care)
    assert found
    assert len(found) == len(set(found))
    assert [place for place in found if formats.explain(parsed, place) is None] == []
