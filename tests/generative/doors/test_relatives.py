"""A power of attorney reaches its parts and no further: relatives stand with the card and the plans, the log with the citizen."""

import html
import re

import msgspec
import pytest

from patientoverblik.access import Block
from patientoverblik.care import Address, PersonName, Relative, Telecom
from patientoverblik.demo.generator import documents
from patientoverblik.demo.handing_in import written
from tests.generative.doors.doors import About, portal_answers
from tests.generative.doors.every import every_answer
from tests.generative.doors.marks import found
from tests.generative.doors.worlds import (
    CITIZEN,
    DOCTOR,
    RELATIVE,
    Document,
    about,
    furnished,
    place,
    power,
    synthetic,
    whose,
)

MARKS = ["Pårørendenavn", "Pårørendevej", "87654321", "87\u00a065\u00a043\u00a021"]
NEXT_OF_KIN = Relative(
    name=PersonName(given=("Pårørendenavn",), family=("Test",)),
    addresses=(Address(lines=("Pårørendevej 3",), postal_code="9998", city="Prøveby"),),
    telecoms=(Telecom(value="tel:87654321"),),
)


def with_relatives() -> tuple[Document, ...]:
    """Every kind of document of a patient, each naming a relative in its header, and one as the guardian."""
    made = []
    for number, one in enumerate(documents(0, "doors", full=True)):
        care = msgspec.structs.replace(one.care, relatives=(NEXT_OF_KIN,))
        data = written(msgspec.structs.replace(one, care=care))
        if MARKS[0].encode() not in data:
            data = data.replace(b"<custodian>", INFORMANT.encode() + b"<custodian>", 1)
        data = data.replace(b"</patient>", GUARDIAN.encode() + b"</patient>", 1)
        made.append(Document(f"d{number}", one.by, one.at.earliest, data))
    return tuple(made)


REACHED = (
    "<addr><streetAddressLine>Pårørendevej 3</streetAddressLine><city>Prøveby</city></addr>"
    '<telecom value="tel:87654321"/>'
)
NAME = "<name><given>Pårørendenavn</given><family>Test</family></name>"
INFORMANT = f'<informant><relatedEntity classCode="PRS">{REACHED}<relatedPerson>{NAME}</relatedPerson></relatedEntity></informant>'
GUARDIAN = f"<guardian>{REACHED}<guardianPerson>{NAME}</guardianPerson></guardian>"


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("appointments",), False),
        (("measurements",), False),
        (("appointments", "measurements", "psychiatry"), False),
        (("plans",), True),
        (("plans", "appointments", "card", "measurements", "psychiatry"), True),
    ],
)
def test_a_relative_is_told_of_only_with_the_card_or_the_plans(parts, told):
    story = with_relatives()
    house = furnished(story, powers=(power(*parts),))
    answers = every_answer(house, RELATIVE, about(story))
    assert bool(found(MARKS, answers)) == told, list(found(MARKS, answers))
    assert answers["overview"].startswith(b"200")


def test_the_log_says_in_plain_words_who_looked():
    story = synthetic(0)
    house = furnished(story, powers=(power("plans"),))
    for reader in (DOCTOR, RELATIVE, CITIZEN):
        every_answer(house, reader, about(story, most=2))
    page = portal_answers(house, CITIZEN, About(whose(story)))["log page"].decode()
    main = re.search(r"<main.*?</main>", page, re.DOTALL)[0]
    words = re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", main)))
    for told in (
        "Så det samlede overblik",
        "Åbnede et dokument",
        "Så listen over dokumenter",
        "Test Læge",
        "Lægehuset Testparken",
    ):
        assert told in words
    assert not re.search(r"[a-z]-[a-z]+-|urn:|professional|relative|citizen|\bjob\b", words)


def test_the_log_is_the_citizens_and_theirs_who_act_for_them_as_far_as_they_see():
    """Nobody learns from the log of a look at a document they may not see themselves."""
    story = synthetic(0)
    house = furnished(story, powers=(power("appointments"),), blocks=(Block("b", origin=place("hospital")),))
    portal_answers(house, CITIZEN, about(story, most=3))
    assert portal_answers(house, DOCTOR, About(whose(story)))["log page"].startswith(b"403")
    told = portal_answers(house, RELATIVE, About(whose(story)))
    assert b"Test Borger" not in told["log page"]
