"""A worklist obeys blocks in every count (DESIGN 13), never grows by a block (DESIGN 21), and knows no override."""

from itertools import combinations

import msgspec
import pytest

from patientoverblik.access import Block, Evidence, Opening, OrganisationRef, Refusal, Relation, SecurityEvent
from patientoverblik.care import Identifier, Organisation
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.model import Received
from patientoverblik.service.update import Update, Updated, update
from patientoverblik.service.update_around import StatusChange
from patientoverblik.service.withdraw import withdraw
from patientoverblik.service.work import key_of
from patientoverblik.service.worklist import OWN, Wanted, WorkList, mark_read, work_list
from patientoverblik.sharing.model import SubmissionSet
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOSPITAL,
    HOUR,
    NOW,
    PSYCHIATRY,
    STRANGER,
    SYSTEM,
    TREATS,
    Time,
    a_document,
    a_house,
    contribution,
    learn,
    run,
)

OTHERS = (HOSPITAL, PSYCHIATRY, EYES)
SUBSETS = [places for size in range(4) for places in combinations(OTHERS, size)]


def house_with(places, blocks=()):
    house = a_house(clock=Time())
    learn(house, TREATS)
    for place in places:
        hand_in(house, place.value, place)
    learn(house, Evidence(blocks=tuple(Block(f"b{place.value}", origin=place) for place in blocks)))
    return house


def hand_in(house, name, place, **more):
    system = msgspec.structs.replace(SYSTEM, id=place.value, organisation=place)
    answer = run(deliver(house, system, Delivery((Handed(a_document(name, place, **more)),))))
    assert isinstance(answer, Received)
    return answer.receipts[0].entry


def told(house, actor=DOCTOR, wanted=Wanted()):  # noqa: B008 - a frozen value
    found = run(work_list(house, actor, wanted))
    assert isinstance(found, WorkList), found
    items = [(one.work.kind, one.work.words, one.state, one.name) for one in found.items]
    return items, found.total, dict(found.counts), found.unread


@pytest.mark.parametrize("hidden", SUBSETS)
def test_a_blocked_document_is_on_the_list_as_little_as_one_that_is_not_there(hidden):
    shown = tuple(place for place in OTHERS if place not in hidden)
    assert told(house_with(OTHERS, hidden)) == told(house_with(shown))
    assert told(house_with(shown))[1] == len(shown)


def test_no_block_ever_adds_to_the_list():
    counts = [told(house_with(OTHERS, OTHERS[:number]))[1] for number in range(4)]
    assert counts == [3, 2, 1, 0]


@pytest.mark.parametrize("session", ["s1", ""])
def test_an_override_adds_nothing_to_a_list(session):
    house = house_with(OTHERS, OTHERS)
    opening = Opening("o1", DOCTOR.id, session, CLINIC, NOW - HOUR, NOW + HOUR, "consent", "ja")
    learn(house, Evidence(openings=(opening,)))
    assert told(house, msgspec.structs.replace(DOCTOR, session=session))[1] == 0


@pytest.mark.parametrize("level", ["confirmed", "incomplete"])
def test_only_patients_with_a_confirmed_relation_that_holds_are_on_it(level):
    house = a_house(clock=Time())
    learn(house, Evidence(relations=(Relation("referral", CLINIC, valid_until=NOW + DAY, level=level),)))
    hand_in(house, "A", HOSPITAL)
    doctor = msgspec.structs.replace(DOCTOR, authorisation="ABC12")
    assert told(house, doctor)[1] == (1 if level == "confirmed" else 0)
    house.clock.now = NOW + DAY
    assert told(house, doctor)[1] == 0


def test_a_next_version_takes_the_place_of_the_one_before_and_a_withdrawn_one_is_gone():
    house = house_with(())
    first = hand_in(house, "A", HOSPITAL)
    second = hand_in(house, "B", HOSPITAL, replaces=("A",))
    assert [(words, state) for _, words, state, _ in told(house)[0]] == [("Plan B", "changed")]
    assert first != second
    system = msgspec.structs.replace(SYSTEM, organisation=HOSPITAL)
    run(withdraw(house, system, CPR, second))
    assert told(house)[1] == 0


def status_of(house, entry, to):
    """The hospital's own system asks for a document to have a status (ITI-57)."""
    system = msgspec.structs.replace(SYSTEM, organisation=HOSPITAL)
    changes = Update(SubmissionSet("", "1.2.3.9", 0, "1.2.3", 0), statuses=(StatusChange(entry, to),))
    assert isinstance(run(update(house, system, CPR, changes)), Updated)


def test_a_document_whose_withdrawal_is_undone_is_back_as_it_was(storage):
    house = a_house(clock=Time(), storage=storage)
    learn(house, TREATS)
    asked = Organisation(ids=(Identifier(system=CLINIC.system, value=CLINIC.value),), name=CLINIC.name)
    (act,) = contribution("A").interventions
    referral = msgspec.structs.replace(act, activity="not-started", requested_of=asked)
    entry = hand_in(house, "A", HOSPITAL, interventions=(referral,))
    before = told(house)
    assert [kind for kind, *_ in before[0]] == ["handover", "plan"]
    house.clock.now += HOUR
    status_of(house, entry, "deprecated")
    assert told(house)[1] == 0
    house.clock.now += HOUR
    status_of(house, entry, "approved")
    assert told(house) == before


@pytest.mark.parametrize("away", ["withdraw", "update"])
def test_what_is_withdrawn_takes_nothing_along_that_still_stands(away):
    """Two versions of a plan, of which neither says that it replaces the other: the older one is withdrawn."""
    house = house_with(())
    first = hand_in(house, "A", HOSPITAL, document=version("A", 1))
    hand_in(house, "B", HOSPITAL, document=version("B", 2))
    if away == "update":
        status_of(house, first, "deprecated")
    else:
        run(withdraw(house, msgspec.structs.replace(SYSTEM, organisation=HOSPITAL), CPR, first))
    assert [words for _, words, *_ in told(house)[0]] == ["Plan B"]


def version(name, number):
    """The facts of one version of a plan."""
    series = Identifier(system="1.2.208.184", value="one-plan")
    return msgspec.structs.replace(contribution(name, HOSPITAL).document, series=series, version=number)


def test_news_is_news_for_thirty_days():
    house = house_with((HOSPITAL,))
    house.clock.now = NOW + 31 * DAY
    assert told(house)[1] == 0


def test_only_what_is_on_ones_list_can_be_marked_as_read():
    house = house_with(OTHERS, (HOSPITAL,))
    every = [one.id for one in house.storage.reader().work_of(key_of(CLINIC))]
    assert run(mark_read(house, DOCTOR, every)) == 2
    assert told(house)[3] == 0
    assert told(house, wanted=Wanted(unread=True))[1] == 0


@pytest.mark.parametrize("who", [CITIZEN, SYSTEM])
def test_nobody_else_has_a_worklist(who):
    assert isinstance(run(work_list(house_with(()), who, Wanted())), Refusal)


def test_a_strangers_list_is_empty():
    assert told(house_with(OTHERS), STRANGER)[1] == 0


def test_every_read_of_the_list_is_in_the_trail():
    house = house_with(OTHERS)
    told(house)
    reader = house.storage.reader()
    chains = [chain for chain in reader.open_chains(100) if chain.patient == 0]
    entries = [one for chain in chains for one in reader.chain_entries(chain)]
    events = [msgspec.msgpack.decode(one.data, type=SecurityEvent) for one in entries]
    assert ("doctor", "worklist", "done") in [(one.actor.id, one.act, one.outcome) for one in events]


def test_a_reader_begins_with_their_own_team_and_sees_all_where_it_is_no_unit_of_theirs():
    team = OrganisationRef(CLINIC.system, "101", "Team 1")
    house = house_with((HOSPITAL,))
    policy = msgspec.structs.replace(house.policy, units={(team.system, "101"): (CLINIC.system, CLINIC.value)})
    house = msgspec.structs.replace(house, policy=policy)
    at_work, elsewhere = (msgspec.structs.replace(DOCTOR, team=one) for one in (team, EYES))
    whole = told(house)
    assert whole[1] > 0
    assert told(house, at_work, Wanted(unit=OWN))[1] == 0
    for reader in (elsewhere, DOCTOR):
        assert told(house, reader, Wanted(unit=OWN)) == whole
    assert told(house, at_work, Wanted()) == whole
    assert run(work_list(house, at_work, Wanted(unit=OWN))).unit == key_of(team)
