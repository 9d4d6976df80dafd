"""CDA → FHIR → CDA keeps every fact that both can carry, over every shared CDA sample (DESIGN decision 7)."""

from pathlib import Path

import pytest

from patientoverblik import formats
from patientoverblik.formats import fhir
from tests.conformance.formats.samples import name_of, read_samples
from tests.generative.formats.test_fhir_laws import plain


@pytest.mark.parametrize("shape", ["service-request", "care-plan"])
@pytest.mark.parametrize("path", read_samples(), ids=name_of)
def test_what_a_cda_document_says_comes_back_from_fhir(path: Path, shape):
    reading = formats.read(formats.parse(path.read_bytes()))
    if isinstance(reading, formats.Unread):
        pytest.skip("the sample cannot be read as CDA")
    said = plain(fhir.worded(reading.care))
    back = formats.read(formats.parse(fhir.encode_json(fhir.write_document(reading.care, shape))))
    assert isinstance(back, formats.Reading)
    for name in said.__struct_fields__:
        assert getattr(plain(back.care), name) == getattr(said, name), name
    assert back.losses == ()
