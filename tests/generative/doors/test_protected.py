"""Protection (issue 3, line 9): the name and home of who is protected stand in no answer of any door to anybody else.

The documents themselves bear no mark of it: the person register has told, of the patient or of somebody near them.
"""

import msgspec
import pytest

from patientoverblik.access import PersonFacts, Protection
from patientoverblik.care import Address, PersonName, Telecom
from patientoverblik.demo.generator import documents
from patientoverblik.demo.handing_in import written
from tests.generative.doors.every import every_answer
from tests.generative.doors.marks import found
from tests.generative.doors.worlds import CITIZEN, DOCTOR, RELATIVE, Document, about, furnished, power, whose

MARKS = ["Skjultnavn", "Skjultvej", "12345698", "12\u00a034\u00a056\u00a098"]
NAME = PersonName(given=("Skjultnavn",), family=("Prøvesen",))
HOME = Address(use="H", lines=("Skjultvej 12",), postal_code="9998", city="Prøveby")
PHONE = Telecom(value="tel:12345698")
EVERY_PART = ("plans", "appointments", "card", "measurements", "psychiatry")


def story():
    """Every kind of document of a patient who is named, lives somewhere and has a telephone."""
    made = []
    for number, one in enumerate(documents(0, "doors", full=True)):
        patient = msgspec.structs.replace(one.care.patient, name=NAME, addresses=(HOME,), telecoms=(PHONE,))
        data = written(msgspec.structs.replace(one, care=msgspec.structs.replace(one.care, patient=patient)))
        made.append(Document(f"d{number}", one.by, one.at.earliest, data))
    return tuple(made)


def told_by_register(house, patient, how):
    """Let the register tell that the patient is protected, or somebody near them."""

    def work(transaction):
        key = transaction.patient_key(patient)
        if how == "patient":
            known = transaction.person(key)
            transaction.put_person(key, PersonFacts(known.born, known.died, True))
        else:
            transaction.put_protection(key, Protection(4711))

    house.storage.act(work).result()


def marked(how, reader):
    made = story()
    house = furnished(made, powers=(power(*EVERY_PART),))
    if how != "nobody":
        told_by_register(house, whose(made), how)
    return found(MARKS, every_answer(house, reader, about(made)))


@pytest.mark.parametrize("reader", [DOCTOR, RELATIVE], ids=["doctor", "relative"])
@pytest.mark.parametrize("how", ["patient", "near"])
def test_nobody_else_learns_name_or_home_at_any_door(how, reader):
    assert list(marked(how, reader)) == []


def test_whoever_is_not_protected_is_shown_and_the_citizen_sees_their_own():
    assert marked("nobody", DOCTOR)
    assert marked("patient", CITIZEN)
