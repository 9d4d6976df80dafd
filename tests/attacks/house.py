"""A clinic, a hospital and what they deliver of one patient, through the door of the service."""

from typing import Any

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.care import Identifier, Patient
from patientoverblik.service import Received, deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused
from patientoverblik.sharing.stated import Stated
from tests.unit.service.make import CPR, HOSPITAL, OTHER_CPR, SYSTEM, TREATS, Time, a_document, a_house, learn, run

ANOTHER = Patient(ids=(Identifier(system=CPR.system, value=OTHER_CPR.value),))


def treated(**changes: Any) -> House:
    """A house whose clinic treats the patient."""
    house = a_house(clock=Time(), **changes)
    learn(house, TREATS)
    return house


def handed(house: House, data: bytes, place: OrganisationRef = HOSPITAL, **more: Any) -> Received | Refused:
    """A document as a place's own system hands it in; ``stated`` and ``related`` are what it says beside it."""
    system = msgspec.structs.replace(SYSTEM, id=place.value, organisation=place)
    stated = more.pop("stated", Stated())
    return run(deliver(house, system, Delivery((Handed(data, stated, **more),))))


def given(house: House, name: str, place: OrganisationRef = HOSPITAL, **more: Any) -> str:
    """A plan of a place, taken in; its entryUUID."""
    beside = {word: more.pop(word) for word in ("stated", "related") if word in more}
    answer = handed(house, a_document(name, place, **more), place, **beside)
    assert isinstance(answer, Received), answer
    return answer.receipts[0].entry


def words(value: Any) -> str:
    """Everything that an answer says, as one text."""
    return msgspec.json.encode(value).decode()
