"""Whatever stands anywhere in a FHIR document: it is read or refused, the books balance, and what was read can be written."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patientoverblik import formats
from patientoverblik.formats import fhir
from tests.conformance.formats.fhir_samples import fhir_samples, places, resource_of

SAMPLES = [resource_of(path) for path in fhir_samples()[::7]]
pytestmark = pytest.mark.skipif(not SAMPLES, reason="shared samples are not here: data/fhir")
few = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
scalars = st.sampled_from([None, True, 5, -1, 1.5, "", "x", "#", "urn:x"])
keys = st.sampled_from(
    ["extension", "url", "coding", "reference", "identifier", "value", "system", "resourceType", "x"]
)
strange = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(keys, inner, max_size=2)),
    max_leaves=4,
)


@st.composite
def changed_documents(draw):
    """A document of which one object or value is replaced by anything, and something strange may stand beside it."""
    document = copy.deepcopy(draw(st.sampled_from(SAMPLES)))
    way = draw(st.sampled_from(list(places(document))))[0]
    way = way[: draw(st.integers(1, len(way)))]
    node = document
    for step in way[:-1]:
        node = node[step]
    node[way[-1]] = draw(strange)
    if isinstance(node, dict) and draw(st.booleans()):
        node[f"_{way[-1]}"] = draw(strange)
    return document


@given(changed_documents())
@few
def test_anything_anywhere_is_read_or_refused(document):
    parsed = formats.parse(fhir.encode_json(document))
    if isinstance(parsed, formats.Unread):
        return
    found = formats.read(parsed)
    formats.named(parsed, found)
    if isinstance(found, formats.Unread):
        return
    books = found.books
    assert books.read + books.constant + books.quiet + books.lost == sum(1 for _ in places(parsed.resource))
    assert formats.decode_care(formats.encode_care(found.care)) == found.care
    again = formats.read(formats.parse(fhir.encode_xml(fhir.write_document(found.care))))
    assert isinstance(again, formats.Reading)
