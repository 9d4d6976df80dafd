"""What is long past is forgotten on every storage, what holds or waits is not, and no decision becomes another one."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from patientoverblik.access import (
    Actor,
    Block,
    Custody,
    FollowUp,
    Guardian,
    Notice,
    Opening,
    PowerOfAttorney,
    Protection,
    Relation,
)
from patientoverblik.service.retention import ACT, Periods, forget_old
from patientoverblik.service.seals import Chain
from tests.storages.samples import DOCTOR, HOSPITAL, PRACTICE, event, look
from tests.storages.sealing import codes, house_of, seal
from tests.storages.test_contract import did

DAY = 24 * 60 * 60 * 1000
NOW = 1_900_000_000_000
OLD, RECENT = NOW - 40 * DAY, NOW - 20 * DAY
JOB = Actor("job", "retention")
MONTH = Periods(looks=30 * DAY, evidence=30 * DAY, followed=30 * DAY)
SHARED = 1 + (1 << 43)


def run(storage: Any, periods: Periods = MONTH) -> int:
    return asyncio.run(forget_old(house_of(storage, NOW), JOB, periods))


def furnish(transaction: Any, patient: int, until: int) -> None:
    """One of each kind, ended at ``until``; a relation named by the time too, since those are told apart by theirs."""
    name = str(until)
    transaction.put_relation(patient, Relation("contact", PRACTICE, valid_from=until - DAY, valid_until=until))
    transaction.put_power(patient, PowerOfAttorney(name, 5, ("plans",), until - DAY, until))
    transaction.put_block(patient, Block(name, valid_until=until))
    transaction.put_custody(patient, Custody(name, 5, until - DAY, until))
    transaction.put_guardian(patient, Guardian(name, 5, ("plans",), until - DAY, until))
    transaction.put_protection(patient, Protection(until, until - DAY, until))
    transaction.put_opening(patient, Opening(name, "a", "s", None, until - DAY, until, "consent", "reason"))
    transaction.put_follow_up(FollowUp(name, patient, "l", DOCTOR, "override", 1, 2, "explained", "why", until))
    transaction.put_notice(Notice(name, patient, "override", until - DAY, DOCTOR, seen=until))
    transaction.add_look(msgspec.structs.replace(look(1, patient), id=name, at=until))
    transaction.add_event(event(1, patient))


def left(storage: Any, patient: int = 1) -> list[str]:
    kept: list[Any] = []
    did(storage, lambda tx: kept.extend(tx.kept_of(patient)))
    return sorted(type(one).__name__ for one in kept)


def test_what_ended_before_its_period_goes_and_nothing_else(storage: Any) -> None:
    for patient in (1, SHARED):
        for until in (OLD, RECENT):
            did(storage, lambda tx, patient=patient, until=until: furnish(tx, patient, until))
    assert run(storage) == 20
    for patient in (1, SHARED):
        assert len(left(storage, patient)) == 9 == len(set(left(storage, patient)))
        assert [one.at for one in storage.reader().looks(patient)] == [RECENT]
        last = storage.reader().events(patient)[-1]
        assert (last.act, last.actor) == (ACT, JOB)
        assert "Look 1" in last.subjects
    assert run(storage) == 0
    assert len(list(storage.reader().chain_entries(Chain(1)))) == 3


def test_what_holds_or_waits_for_somebody_stays_however_old(storage: Any) -> None:
    def work(transaction: Any) -> None:
        transaction.put_relation(1, Relation("own-gp", HOSPITAL, valid_from=1))
        transaction.put_block(1, Block("b", valid_from=1))
        transaction.put_block(1, Block("future", valid_from=1, valid_until=NOW + DAY))
        transaction.put_follow_up(FollowUp("f", 1, "l", DOCTOR, "override", 1, 2))
        transaction.put_notice(Notice("n", 1, "override", 1, DOCTOR))
        transaction.add_event(event(1, 1))

    did(storage, work)
    assert run(storage) == 0
    assert left(storage) == ["Block", "Block", "FollowUp", "Notice", "Relation"]
    assert [one.id for one in storage.reader().pending_follow_ups()] == ["f"]


def test_each_kind_has_its_own_period_and_none_is_for_ever(storage: Any) -> None:
    did(storage, lambda tx: furnish(tx, 1, OLD))
    assert run(storage, Periods()) == 0
    assert run(storage, Periods(looks=30 * DAY)) == 1
    assert run(storage, Periods(followed=30 * DAY)) == 3
    assert left(storage) == ["Block", "Custody", "Guardian", "PowerOfAttorney", "Protection", "Relation"]
    assert run(storage, Periods(evidence=30 * DAY)) == 6


def test_what_is_forgotten_is_told_in_a_trail_that_stays_whole(storage: Any) -> None:
    did(storage, lambda tx: furnish(tx, 1, OLD))
    seal(storage)
    run(storage)
    assert codes(storage) == []
    seal(storage)
    assert codes(storage) == []
