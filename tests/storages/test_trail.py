"""The security trail on every storage: sealed by signed checkpoints, verified, and shortened only with an anchor."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from patientoverblik.access import Actor
from patientoverblik.app.keys import PublicKeys
from patientoverblik.service.checkpoint import REMOVED, remove_old
from patientoverblik.service.seals import Chain
from patientoverblik.service.verify import Verified, Witnessed
from tests.storages.samples import DOCTOR, event
from tests.storages.sealing import KEY, KEYS, OLDER_KEY, codes, house_of, looked_through, seal
from tests.storages.test_contract import did

OFFICER = Actor("job", "retention")
START = 1_700_000_000_000


def write(storage: Any, *patients: int) -> None:
    did(storage, lambda tx: [tx.add_event(event(n, patient)) for n, patient in enumerate(patients)])


def test_what_was_written_is_sealed_once_and_verifies(storage: Any) -> None:
    write(storage, 1, 2, 1, 0, 3, 1)
    assert storage.reader().open_chains(10) != ()
    assert seal(storage) == 1
    assert storage.reader().open_chains(10) == ()
    assert seal(storage) == 0
    assert looked_through(storage) == ([], Verified(entries=6, checkpoints=1, open_chains=0))


def test_a_checkpoint_covers_only_what_grew_and_names_the_one_before(storage: Any) -> None:
    write(storage, 1, 2)
    seal(storage)
    write(storage, 2)
    seal(storage)
    first, second = storage.reader().checkpoints(0, 5)
    assert (first.number, second.number) == (1, 2)
    assert len(second.heads) < len(first.heads)
    assert looked_through(storage) == ([], Verified(3, 2, 0))
    assert storage.reader().last_checkpoint() == second
    assert storage.reader().checkpoints(1, 5) == (second,)


def test_more_chains_than_one_act_seals_take_several_checkpoints(storage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patientoverblik.service.checkpoint.ENTRIES_TOGETHER", 3)
    write(storage, *range(1, 9))
    assert seal(storage) == 3
    assert looked_through(storage) == ([], Verified(8, 3, 0))


def test_what_came_after_the_newest_checkpoint_is_told_as_open(storage: Any) -> None:
    write(storage, 1)
    seal(storage)
    write(storage, 1, 5)
    assert looked_through(storage) == ([], Verified(3, 1, 2))


def test_a_checkpoint_signed_by_an_unknown_key_is_found(storage: Any) -> None:
    write(storage, 1)
    seal(storage)
    assert codes(storage, keys=PublicKeys({OLDER_KEY.id: OLDER_KEY.public})) == ["trail.checkpoint-changed"]
    assert codes(storage, keys=KEYS) == []


def test_a_checkpoint_that_a_witness_remembers_and_the_database_does_not_is_found(storage: Any) -> None:
    write(storage, 1)
    seal(storage)
    digest = storage.reader().last_checkpoint().digest.hex()
    assert codes(storage, witnessed=(Witnessed(1, digest),)) == []
    assert codes(storage, witnessed=(Witnessed(1, "00"),)) == ["trail.checkpoint-changed"]
    assert codes(storage, witnessed=(Witnessed(1, digest), Witnessed(2, "00"))) == ["trail.checkpoint-missing"]


def test_old_entries_go_only_behind_a_signed_anchor_and_the_chain_stays_verifiable(storage: Any) -> None:
    write(storage, 1, 1, 1, 2)
    house = house_of(storage, START + 10_000)
    assert asyncio.run(remove_old(house, OFFICER, KEY, START + 2)) == 2
    assert [one.act for one in storage.reader().events(1)] == ["look", REMOVED]
    assert storage.reader().anchor(Chain(1)) is not None
    assert storage.reader().anchor(Chain(2)) is None
    assert codes(storage) == []
    write(storage, 1)
    seal(storage)
    assert codes(storage) == []


def test_removal_from_an_organisations_chain_is_told_in_that_chain(storage: Any) -> None:
    did(storage, lambda tx: [tx.add_event(event(n, 0, DOCTOR)) for n in range(3)])
    assert asyncio.run(remove_old(house_of(storage, START + 10_000), OFFICER, KEY, START + 2)) == 2
    assert [chain.patient for chain in storage.reader().chains_after(Chain(-1), 9)] == [0]
    assert codes(storage) == []


def test_an_event_of_a_removal_is_not_removed_for_another_such_event(storage: Any) -> None:
    write(storage, 1)
    assert asyncio.run(remove_old(house_of(storage, START + 10_000), OFFICER, KEY, START + 5_000)) == 1
    assert asyncio.run(remove_old(house_of(storage, START + 90_000), OFFICER, KEY, START + 80_000)) == 0
    assert [one.act for one in storage.reader().events(1)] == [REMOVED]
    assert codes(storage) == []


def test_nothing_is_removed_where_nothing_is_too_old(storage: Any) -> None:
    write(storage, 1, 2)
    assert asyncio.run(remove_old(house_of(storage), OFFICER, KEY, START)) == 0
    assert looked_through(storage)[1].entries == 2


def test_chains_come_page_by_page_each_once(storage: Any) -> None:
    shared = 1 << 43
    patients = [3, 3 + shared, 1, 3 + 2 * shared, 7]
    write(storage, 0, *patients, *patients)
    found: list[Chain] = []
    while page := storage.reader().chains_after(found[-1] if found else Chain(-1), 2):
        found += page
    assert sorted(chain.patient for chain in found) == sorted([0, *patients])
    assert [entry.chain for entry in storage.reader().trail()][::2] != []
    seal(storage)
    assert looked_through(storage)[0] == []
