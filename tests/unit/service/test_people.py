"""Register events are in force at once; who is protected is hidden at every door, also through the people around them."""

import msgspec
import pytest

from patientoverblik.access import (
    Actor,
    Custody,
    Evidence,
    Guardian,
    PersonFacts,
    Protection,
    Refusal,
    Relation,
    SecurityEvent,
)
from patientoverblik.care import (
    Address,
    Appointment,
    Identifier,
    Patient,
    PersonName,
    Place,
    Telecom,
)
from patientoverblik.service import PersonEvent, list_documents, look, person_event, retrieve
from patientoverblik.sharing.model import Author, PatientId
from tests.unit.service.make import (
    ADULT,
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    JOB,
    KEY,
    NOW,
    OTHER_CPR,
    TREATS,
    a_house,
    an_entry,
    contribution,
    learn,
    run,
    shelve,
)

NAME = PersonName(given=("Berta",), family=("Testesen",))
HOME = Address(lines=("Hemmelig Vej 12",), city="Testby")
PHONE = Telecom(value="tel:+4512345678")
SECRETS = (b"Berta Testesen", b"Hemmelig Vej", b"12345678")
CHILD = PersonFacts(born=NOW - 5 * 365 * DAY)
MOTHER = 30
AS_MOTHER = Actor("relative", "mother", person=MOTHER)
SAFE = PersonFacts(ADULT.born, protected=True)


@pytest.fixture
def house(synthetic, storage):
    made = a_house(storage=storage)
    learn(made, TREATS)
    visit = Appointment(
        place="v", words="Besøg på Hemmelig Vej 12", place_of=Place(name="Hos Berta Testesen", addresses=(HOME,))
    )
    who = Patient(
        ids=(Identifier(system=CPR.system, value=CPR.value),), name=NAME, addresses=(HOME,), telecoms=(PHONE,)
    )
    care = contribution("d", patient=who, appointments=(visit,))
    shelve(made, an_entry("d", title="Plan for Berta Testesen", source_patient_info=("PID-5|Testesen^Berta",)), care)
    return made


def tell(house, patient, **event):
    return run(person_event(house, JOB, patient, PersonEvent(**event)))


def everything(house, actor=DOCTOR, purpose="treatment"):
    shown = run(look(house, actor, CPR, purpose, "professional"))
    listed = run(list_documents(house, actor, CPR, purpose))
    return msgspec.json.encode((shown.overview, listed.entries))


def test_an_unprotected_person_is_shown_so_that_hiding_can_fail(house):
    told = everything(house)
    assert all(secret in told for secret in SECRETS)


def test_a_protected_persons_name_and_home_are_hidden_everywhere(house):
    tell(house, CPR, facts=SAFE)
    told = everything(house)
    assert not any(secret in told for secret in SECRETS)
    assert b"PID-5" not in told
    assert run(retrieve(house, DOCTOR, "treatment", "urn:uuid:d", CPR)).rule == "whole-or-refused"
    assert all(secret in everything(house, CITIZEN, "own-overview") for secret in SECRETS)
    assert run(retrieve(house, CITIZEN, "own-overview", "urn:uuid:d", CPR)).data == b"d"


def test_the_look_remembers_that_somebody_was_hidden(house):
    tell(house, CPR, facts=SAFE)
    everything(house)
    assert {look.protected for look in house.storage.reader().looks(KEY)} == {True}


@pytest.mark.parametrize("first", ["custody", "protection"])
def test_a_parents_protection_hides_the_home_of_the_child(house, first):
    """Whichever the register tells first: the child's address is the mother's."""
    tell(house, CPR, facts=CHILD)
    steps = {
        "custody": lambda: tell(house, CPR, custodies=(Custody("c", MOTHER),)),
        "protection": lambda: tell(house, MOTHER, facts=SAFE),
    }
    steps.pop(first)()
    assert b"Hemmelig Vej" in everything(house)
    for step in steps.values():
        step()
    told = everything(house)
    assert not any(secret in told for secret in SECRETS)
    as_mother = everything(house, AS_MOTHER, "on-behalf")
    assert not any(secret in as_mother for secret in SECRETS)


def test_protection_that_ends_is_over_for_the_family_too(house):
    tell(house, CPR, facts=CHILD, custodies=(Custody("c", MOTHER),))
    tell(house, MOTHER, facts=SAFE)
    assert b"Hemmelig Vej" not in everything(house)
    tell(house, MOTHER, facts=ADULT)
    assert b"Hemmelig Vej" in everything(house)


def test_custody_and_death_are_in_force_at_once(house):
    tell(house, CPR, facts=CHILD)
    assert isinstance(run(look(house, AS_MOTHER, CPR, "on-behalf", "relative")), Refusal)
    tell(house, CPR, custodies=(Custody("c", MOTHER),))
    assert run(look(house, AS_MOTHER, CPR, "on-behalf", "relative")).rule == "relative-custody"
    tell(house, CPR, facts=msgspec.structs.replace(CHILD, died=NOW, family=(MOTHER,)))
    assert run(look(house, AS_MOTHER, CPR, "on-behalf", "relative")).rule == "relative-dead"
    shown = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    assert shown.dead
    assert "next-appointments" not in {section.id for section in shown.overview.sections}


def test_a_new_number_is_the_same_patient(house):
    tell(house, CPR, number=OTHER_CPR)
    assert run(look(house, DOCTOR, OTHER_CPR, "treatment", "professional")).overview.lines


def test_a_new_number_that_was_in_use_joins_what_both_had(house):
    tell(house, OTHER_CPR, relations=(Relation("contact", CLINIC),))
    tell(house, OTHER_CPR, number=CPR)
    assert run(look(house, DOCTOR, OTHER_CPR, "treatment", "professional")).overview.lines


STRANGERS = ("Plan for en fremmed", "urn:uuid:strange")


def of_another(house) -> int:
    """Another person of another number, with a document and a relation of their own; their key."""
    key = tell(house, OTHER_CPR, facts=ADULT)
    shelve(house, an_entry("strange", patient=key, title=STRANGERS[0]), contribution("strange"))
    return key


def test_a_number_that_is_somebody_elses_is_parted_and_all_is_as_it_was(house):
    other = of_another(house)
    before = everything(house)
    tell(house, CPR, number=OTHER_CPR)
    assert STRANGERS[0].encode() in everything(house)
    assert run(retrieve(house, DOCTOR, "treatment", STRANGERS[1], CPR)).data == b"strange"
    assert tell(house, CPR, apart=OTHER_CPR) == KEY
    assert everything(house) == before
    assert run(retrieve(house, DOCTOR, "treatment", STRANGERS[1], CPR)).code == "sharing.document-unknown"
    assert run(look(house, DOCTOR, OTHER_CPR, "treatment", "professional")).code == "access.no-relation"
    assert house.storage.reader().linked_keys(other) == (other,)


def test_what_the_citizen_may_see_goes_with_the_link(house):
    of_another(house)
    tell(house, CPR, number=OTHER_CPR)
    assert STRANGERS[0].encode() in everything(house, CITIZEN, "own-overview")
    tell(house, CPR, apart=OTHER_CPR)
    assert STRANGERS[0].encode() not in everything(house, CITIZEN, "own-overview")
    assert isinstance(run(look(house, CITIZEN, OTHER_CPR, "own-overview", "citizen")), Refusal)


def test_a_number_never_seen_can_be_parted_too_with_what_came_by_it(house):
    tell(house, CPR, number=OTHER_CPR)
    key = house.storage.reader().patient_key(OTHER_CPR)
    shelve(house, an_entry("strange", patient=key, title=STRANGERS[0]), contribution("strange"))
    assert STRANGERS[0].encode() in everything(house)
    tell(house, CPR, apart=OTHER_CPR)
    assert STRANGERS[0].encode() not in everything(house)


def test_only_the_link_that_is_named_is_undone(house):
    third = PatientId(CPR.system, "6101019999")
    tell(house, OTHER_CPR, number=third)
    tell(house, CPR, number=OTHER_CPR)
    tell(house, CPR, number=third)
    assert tell(house, CPR, apart=third).code == "sharing.not-linked"
    reader = house.storage.reader()
    assert len(reader.linked_keys(KEY)) == 3
    tell(house, CPR, apart=OTHER_CPR)
    assert reader.linked_keys(KEY) == (KEY,)
    assert set(reader.linked_keys(reader.patient_key(third))) == {reader.patient_key(one) for one in (third, OTHER_CPR)}


@pytest.mark.parametrize("number", [CPR, OTHER_CPR, PatientId(CPR.system, "6101019999")])
def test_what_is_not_linked_is_not_parted_and_nothing_else_of_the_line_is_taken_in(house, number):
    tell(house, OTHER_CPR, facts=ADULT)
    before = house.storage.reader().evidence(KEY)
    assert tell(house, CPR, apart=number, facts=SAFE).code == "sharing.not-linked"
    assert house.storage.reader().evidence(KEY) == before


def test_both_persons_trails_tell_that_they_were_joined_and_parted(house):
    other = of_another(house)
    for change in ("number", "apart"):
        told = len(events_of(house, other))
        tell(house, CPR, **{change: OTHER_CPR})
        assert len(events_of(house, other)) == told + 1
    assert events_of(house, KEY)[-1] == ("person-event", "done")


def events_of(house, patient):
    """What the trail has of one patient's key."""
    held = [msgspec.msgpack.decode(one.data, type=SecurityEvent) for one in house.storage.reader().trail()]
    return [(one.act, one.outcome) for one in held if one.patient == patient]


def test_a_patient_never_seen_is_made_and_only_jobs_tell(house):
    new = PatientId(CPR.system, "6101019999")
    assert tell(house, new, facts=ADULT) > 0
    assert tell(house, 0, facts=ADULT).code == "service.no-patient"
    assert run(person_event(house, DOCTOR, CPR, PersonEvent(facts=SAFE))).code == "access.no-right"
    assert house.storage.reader().evidence(KEY).person == ADULT


def test_family_is_mutual(house):
    tell(house, CPR, facts=CHILD, custodies=(Custody("c", MOTHER),))
    assert house.storage.reader().evidence(MOTHER).person.family == (KEY,)
    assert Evidence() != house.storage.reader().evidence(MOTHER)


def test_an_event_about_nobody_known_is_written_down_as_refused(house):
    house.storage.act(lambda tx: tx.add_event(SecurityEvent("e", 0, JOB, "x", "done", "", NOW))).result()
    assert run(person_event(house, JOB, 0, PersonEvent(facts=SAFE))).code == "service.no-patient"
    last = [msgspec.msgpack.decode(one.data, type=SecurityEvent) for one in house.storage.reader().trail()][-1]
    assert (last.act, last.outcome) == ("person-event", "refused")


def test_a_guardians_protection_hides_them_on_the_card_of_whom_they_guard(house):
    tell(house, CPR, guardians=(Guardian("g", MOTHER),))
    tell(house, MOTHER, facts=SAFE)
    assert house.storage.reader().evidence(KEY).protections == (Protection(MOTHER),)


def test_a_protected_person_is_not_named_as_the_author_of_what_they_wrote(house):
    wrote = (Author(family="Testesen", given=("Berta",)), Author(CLINIC, "Læge", ("Lis",)))
    shelve(house, an_entry("own", authors=wrote), None)
    tell(house, CPR, facts=SAFE)
    (entry,) = (one for one in run(list_documents(house, DOCTOR, CPR, "treatment")).entries if one.uuid.endswith("own"))
    assert entry.authors == wrote[1:]
