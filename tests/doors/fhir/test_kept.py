"""What is kept between calls changes no answer: warm or cold, whoever asked before, whatever was blocked."""

import msgspec
import pytest

from patientoverblik.access import Block
from patientoverblik.edges.fhir import asked, content, everything, finding, iti67_find_references, overblik, registered
from patientoverblik.service import disclosed, documents, draw
from tests.doors.fhir.world import Door
from tests.generative.doors.fhir_door import fhir_answers
from tests.generative.doors.test_withheld import protected
from tests.generative.doors.worlds import CITIZEN, DOCTOR, KEY, RELATIVE, about, furnished, place, power, told

HOSPITAL = Block("b", origin=place("hospital"))
BLOCKS = ((), (HOSPITAL,))
STORY = protected()[:4]
"""Documents with an address that the citizen may see and others may not."""
RECENT = (
    content._MADE,
    content._POOLS,
    registered._WRITTEN,
    iti67_find_references._POOLS,
    overblik._BODIES,
    disclosed._DISCLOSED,
    disclosed._SHIELDED,
    documents._DISCREET,
    draw._SCREENED,
)
CACHED = (
    asked.read_search,
    everything.ordered,
    finding.page_of,
    finding.references_of,
    finding.types_of,
    finding.without,
    overblik._traced,
)


def forget() -> None:
    """Forget everything that is kept."""
    for one in RECENT:
        one.clear()
    for call in CACHED:
        call.cache_clear()


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


CLINIC = Block("b", origin=place("eye-clinic"))
ASKED = ("CarePlan?patient=Patient/{}&_include=*", "Patient/{}/$everything", "DocumentReference?patient=Patient/{}")


def answers(one: Door) -> list[bytes]:
    return [one.get(path.format(one.patient)).content for path in ASKED]


def test_a_block_is_in_the_very_next_answer_to_those_it_is_about_and_in_nobody_elses():
    house = furnished(told("AB"))
    doctor, citizen, hidden = Door(house, "doctor"), Door(house, "citizen"), CLINIC.origin.value.encode()
    before, own = answers(doctor), answers(citizen)
    assert hidden in before[2]
    house.storage.act(lambda transaction: transaction.put_block(KEY, CLINIC)).result()
    assert answers(citizen) == own
    blocked = answers(doctor)
    assert hidden not in blocked[2]
    assert len(blocked[1]) < len(before[1])
    forget()
    assert answers(doctor) == blocked
    ended = msgspec.structs.replace(CLINIC, valid_until=house.clock() - 1)
    house.storage.act(lambda transaction: transaction.put_block(KEY, ended)).result()
    assert answers(doctor) == before
