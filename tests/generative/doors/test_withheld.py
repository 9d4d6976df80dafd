"""Facts that a reader must not see are told at no door: the reason of a GP appointment, a protected address (DESIGN 12)."""

import msgspec
import pytest

from patientoverblik.care import (
    Address,
    Appointment,
    Party,
    Patient,
    PersonName,
    Place,
    Relative,
    Telecom,
)
from patientoverblik.demo.generator import documents
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.storyboard import STORY
from patientoverblik.service import look
from tests.generative.doors.doors import PURPOSES, name_ids
from tests.generative.doors.every import every_answer
from tests.generative.doors.marks import found, names_nobody, planted
from tests.generative.doors.worlds import (
    CITIZEN,
    DOCTOR,
    RELATIVE,
    Document,
    about,
    furnished,
    power,
    synthetic,
    told,
    whose,
)
from tests.unit.service.make import run

READERS = (DOCTOR, RELATIVE, CITIZEN)
EVERYTHING = power("plans", "appointments", "card", "measurements", "psychiatry")
by_name = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


def told_to(reader, story: tuple[Document, ...]) -> dict[str, bytes]:
    """Every answer of every door to a reader who may see every part, with every line explained."""
    first = furnished(story, powers=(EVERYTHING,))
    shown = run(look(first, reader.actor, whose(story), PURPOSES[reader.actor.kind], reader.actor.kind))
    house = furnished(story, powers=(EVERYTHING,))
    answers = every_answer(house, reader, about(story, tuple(shown.overview.lines)))
    return answers | replays(house, shown, story)


def replays(house, shown, story) -> dict[str, bytes]:
    """The reader's first look shown again to the citizen."""
    from tests.generative.doors.doors import command

    looks = house.storage.reader().looks(7)
    first = next(one.id for one in looks if one.act == "overview")
    name_ids(house, "replay")
    return {
        f"replay {form}": command(house, CITIZEN, whose(story).value, "replay", first, *form).whole
        for form in ((), ("--json",))
    }


def gp_appointments() -> tuple[Document, ...]:
    return tuple(one for one in synthetic(0) if b"PractitionerAppointment" in one.data)


def remade(one: Document, data: bytes) -> Document:
    return msgspec.structs.replace(one, data=data)


@by_name
@pytest.mark.parametrize("kept", ["with a reason", "in words only", "in the narrative only"])
def test_the_reason_of_a_gp_appointment_is_told_at_no_door(reader, kept):
    one = gp_appointments()[0]
    data, marks = planted(without(one.data, kept), names_nobody)
    story = (*(other for other in synthetic(0)[:3]), remade(one, data))
    answers = told_to(reader, story)
    assert len(marks) > 5
    assert not found(marks, answers)
    assert "Aftale hos praktiserende læge".encode() in answers["overview"]


def without(data: bytes, kept: str) -> bytes:
    """The appointment with its reason in fewer places."""
    from lxml import etree

    root = etree.fromstring(data)
    gone = {
        "with a reason": (),
        "in words only": ("entryRelationship",),
        "in the narrative only": ("entryRelationship", "text"),
    }
    for name in gone[kept]:
        for element in root.findall(f".//{{urn:hl7-org:v3}}encounter/{{urn:hl7-org:v3}}{name}"):
            element.getparent().remove(element)
    return etree.tostring(root)


HOME = "Hemmelig Hjemvej 17"
ADDRESS = Address(lines=(HOME,), postal_code="9999", city="Hemmelighed", use="CONF")
RELATION = Relative(
    name=PersonName(given=("Pårørende",), family=("Test",)),
    addresses=(ADDRESS,),
    telecoms=(Telecom(value="tel:12345678"),),
)


def at_home(value):
    """A value with the patient's home wherever the patient, a relative or a meeting place is told of."""
    if isinstance(value, tuple):
        return tuple(map(at_home, value))
    if not isinstance(value, msgspec.Struct):
        return value
    new = {name: at_home(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, (Patient, Relative)) or (isinstance(value, Party) and value.kind in ("patient", "relative")):
        new["addresses"] = (ADDRESS,)
    if isinstance(value, Appointment):
        new["place_of"] = Place(name=HOME, addresses=(ADDRESS,), at_home=True)
    return type(value)(**new)


def protected() -> tuple[Document, ...]:
    """Every kind of document of a patient whose address is protected, each with the address wherever it can stand."""
    made = []
    for number, one in enumerate(documents(0, "doors", full=True)):
        care = at_home(msgspec.structs.replace(one.care, relatives=(RELATION,)))
        made.append(Document(f"d{number}", one.by, one.at.earliest, written(msgspec.structs.replace(one, care=care))))
    return tuple(made)


@by_name
def test_a_protected_address_is_told_to_nobody_but_the_citizen(reader):
    story = protected()
    assert sum(HOME.encode() in one.data for one in story) > 10
    told = found([HOME, "Hemmelighed"], told_to(reader, story))
    if reader is CITIZEN:
        assert {"overview", "json"} <= set(told)
    else:
        assert set(told) <= {"replay ()", "replay ('--json',)"}, "the citizen's own replay"
        assert not told


@by_name
def test_an_address_that_only_the_card_marks_as_protected_is_told_to_nobody_but_the_citizen(reader):
    card = next(one for one in told() if b"CitizenNameAddr" in one.data)
    marked = card.data.replace(
        b'<value xsi:type="PN"', b'<value xsi:type="II" extension="ConfAddr"/><value xsi:type="PN"', 1
    )
    assert marked != card.data
    street = next(line for line in STORY.patient.addresses[0].lines if line)
    answers = told_to(reader, (remade(card, marked),))
    assert bool(found([street], answers)) == (reader is CITIZEN)
    assert bool(found([street], told_to(reader, (card,))))


@by_name
def test_an_unreadable_appointment_may_be_a_gps_and_is_told_as_one(reader):
    """What cannot be read could hold a reason: no title, no narrative, no bytes."""
    one = gp_appointments()[0]
    data, marks = planted(one.data, names_nobody)
    broken = data.replace(b"structuredBody>", b"structuredBodies>")
    story = (synthetic(0)[0], remade(one, broken))
    assert not found(marks, told_to(reader, story))
