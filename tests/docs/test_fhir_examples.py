"""docs/fhir-examples.md says what becomes of every published example; it is held to what the code does."""

import pytest
from tools.fhir_examples import PAGE, examples, page

from tests.conformance.fhir.packages import ABSENT, HERE


@pytest.mark.skipif(not HERE, reason=ABSENT)
def test_the_page_says_what_becomes_of_the_published_examples():
    """Every example is delivered anew; where this fails, write the page anew and read what has changed in it."""
    assert page(examples()) == PAGE.read_text(encoding="utf-8")
