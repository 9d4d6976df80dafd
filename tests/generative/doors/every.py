"""Every door there is: a law that runs over :func:`every_answer` runs over all of them. A new door is a new line here."""

from collections.abc import Callable

from patientoverblik.service import House
from tests.generative.doors.doors import About, Reader, cli_answers, portal_answers
from tests.generative.doors.fhir_door import fhir_answers
from tests.generative.doors.fhir_writes import fhir_write_answers
from tests.generative.doors.soap_door import soap_answers
from tests.generative.doors.token_door import token_answers

Door = Callable[[House, Reader, About], dict[str, bytes]]
DOORS: tuple[Door, ...] = (
    portal_answers,
    cli_answers,
    token_answers,
    soap_answers,
    fhir_answers,
)
WRITING: tuple[Door, ...] = (fhir_write_answers,)
"""What changes the house it is asked of."""


def every_written_answer(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer to one who writes; the house is another afterwards."""
    return {name: answer for door in WRITING for name, answer in door(house, reader, about).items()}


def every_answer(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer of every door to one reader, by the name of the question; no two doors ask by the same name."""
    told = [door(house, reader, about) for door in DOORS]
    answers = {name: answer for answers in told for name, answer in answers.items()}
    assert len(answers) == sum(map(len, told))
    return answers
