"""What is kept between calls changes no answer: warm or cold, whoever asked before, whatever was blocked."""

import pytest

from patientoverblik.access import Block
from patientoverblik.edges.fhir import content, overblik, registered
from patientoverblik.service import contents
from tests.generative.doors.fhir_door import fhir_answers
from tests.generative.doors.test_withheld import protected
from tests.generative.doors.worlds import CITIZEN, DOCTOR, RELATIVE, about, furnished, place, power

BLOCKS = ((), (Block("b", origin=place("hospital")),))
STORY = protected()[:4]
"""Documents with an address that the citizen may see and others may not."""


def forget() -> None:
    """Forget everything that is kept."""
    content._MADE.clear()
    registered._WRITTEN.clear()
    contents._SHIELDED.clear()
    overblik._traced.cache_clear()


@pytest.mark.parametrize("reader", [DOCTOR, RELATIVE], ids=lambda reader: reader.name)
def test_what_is_kept_changes_no_answer(reader):
    questions = about(STORY)
    worlds = [{"blocks": made, "powers": (power("plans"),)} for made in BLOCKS]
    for one in (CITIZEN, reader):
        for world in worlds:
            fhir_answers(furnished(STORY, **world), one, questions)
    for world in worlds:
        warm = fhir_answers(furnished(STORY, **world), reader, questions)
        forget()
        assert fhir_answers(furnished(STORY, **world), reader, questions) == warm
