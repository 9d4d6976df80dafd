"""The flag of a list: yes, no or cannot say, patient by patient; nothing hidden or foreign shows in it."""

import msgspec

from patientoverblik.access import Block, Evidence, Opening, OrganisationRef, Refusal, Relation
from patientoverblik.care import Plan
from patientoverblik.service.plan_flag import MOST, flag_plans
from patientoverblik.service.reading import current_stamp
from patientoverblik.sharing.model import PatientId
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOUR,
    KEY,
    NOW,
    OTHER_CPR,
    OTHER_KEY,
    SOR,
    STRANGER,
    TREATS,
    a_house,
    an_entry,
    contribution,
    learn,
    put,
    run,
    shelve,
)

UNKNOWN = PatientId(CPR.system, "6101701234")


def told(house, actor=DOCTOR, patients=(CPR,)) -> list[str]:
    return [flag.plans for flag in run(flag_plans(house, actor, patients))]


def treated(**changes):
    house = a_house(**changes)
    learn(house, TREATS)
    return house


def read(house, name: str, **more) -> None:
    """A document read by today's mapping."""
    entry = an_entry(name, profile="cpd-2.0.0")
    shelve(house, entry, contribution(name, **more), current_stamp("cpd-2.0.0"))


def note(kind: str) -> Plan:
    return Plan(place="plan", kind=kind, title="Notat", status="active")


def test_a_plan_in_force_is_a_yes():
    house = treated()
    put(house, "a")
    assert told(house) == ["yes"]


def test_nothing_is_a_no_only_while_every_connected_source_answers():
    house = treated()
    assert told(house) == ["no"]
    house.clock.now += 2 * DAY
    assert told(house) == ["cannot-say"]


def test_what_is_no_plan_or_no_longer_in_force_is_no_yes():
    house = treated()
    read(house, "n", plan=note("contact-note"))
    read(house, "o", plan=note("patient-goals"))
    read(house, "m", plan=None)
    put(house, "d", status="deprecated")
    assert told(house) == ["no"]
    read(house, "p")
    assert told(house) == ["yes"]


def test_what_cannot_be_read_may_be_a_plan_and_revives_no_older_one():
    house = treated()
    shelve(house, an_entry("u", parts=(), state="unread"), None)
    assert told(house) == ["yes"]
    house = treated()
    shelve(house, an_entry("new", parts=("appointments",), series="s", series_version=2), None)
    shelve(house, an_entry("old", series="s", series_version=1), None)
    assert told(house) == ["no"], "the higher version of its series is the current one"


def test_a_blocked_plan_is_answered_as_none():
    house = treated()
    put(house, "a", EYES)
    learn(house, Evidence(blocks=(Block("b", origin=EYES),)))
    assert told(house) == ["no"]


def test_an_override_opens_no_list():
    house = treated()
    put(house, "a", EYES)
    opening = Opening("o", DOCTOR.id, DOCTOR.session, CLINIC, NOW - HOUR, NOW + HOUR, "consent", "Haster")
    learn(house, Evidence(blocks=(Block("b", origin=EYES),), openings=(opening,)))
    assert told(house) == ["no"]


def test_a_stranger_and_an_unknown_patient_are_answered_alike():
    house = treated()
    put(house, "a")
    assert told(house, STRANGER, (CPR, UNKNOWN)) == ["cannot-say", "cannot-say"]
    assert told(house, CITIZEN, (CPR, UNKNOWN)) == ["cannot-say", "cannot-say"]


def test_what_must_be_accounted_for_is_not_told_in_a_list():
    house = a_house()
    learn(house, Evidence(relations=(Relation("contact", CLINIC, level="incomplete"),)))
    put(house, "a")
    doctor = msgspec.structs.replace(DOCTOR, authorisation="ABC12")
    assert told(house, doctor) == ["cannot-say"]


def test_many_are_answered_in_the_order_asked():
    house = treated()
    house.storage.act(lambda transaction: transaction.claim_patient(OTHER_CPR, OTHER_KEY)).result()
    put(house, "a")
    learn(house, TREATS, OTHER_KEY)
    assert told(house, DOCTOR, (UNKNOWN, CPR, OTHER_CPR, CPR)) == ["cannot-say", "yes", "no", "yes"]


def test_every_answer_is_in_the_trail_and_what_was_told_in_the_log():
    house = treated()
    house.storage.act(lambda transaction: transaction.claim_patient(OTHER_CPR, OTHER_KEY)).result()
    entry = put(house, "a")
    told(house, DOCTOR, (CPR, OTHER_CPR, CPR))
    reader = house.storage.reader()
    (look,) = reader.looks(KEY)
    assert (look.act, look.actor, [shown.entry for shown in look.documents]) == ("flag", DOCTOR, [entry.uuid])
    assert not look.filtered
    assert [event.outcome for event in reader.events(KEY) if event.act == "flag"] == ["done"]
    assert reader.looks(OTHER_KEY) == ()
    assert [event.outcome for event in reader.events(OTHER_KEY)] == ["refused"]


def test_refused_attempts_stand_in_the_log_where_the_house_shows_them():
    house = treated(show_refused=True)
    told(house, STRANGER)
    assert [look.act for look in house.storage.reader().looks(KEY)] == ["refused"]


def test_more_than_the_limit_is_refused_and_nobody_looked_up():
    house = treated()
    many = [PatientId(CPR.system, f"{number:010d}") for number in range(MOST + 1)]
    assert run(flag_plans(house, DOCTOR, many)) == Refusal("too-many-patients", "service.too-many-patients")
    assert house.storage.reader().looks(KEY) == ()


def test_a_unit_that_is_somebody_elses_has_no_relation():
    house = treated()
    put(house, "a")
    other = msgspec.structs.replace(DOCTOR, organisation=OrganisationRef(SOR, "200"))
    assert told(house, other) == ["cannot-say"]
