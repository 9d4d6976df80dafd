"""What the app keeps outside the database: use events up to their period, and how far the tail of the trail had come."""

import asyncio
from pathlib import Path

import pytest

from patientoverblik.access import Look
from patientoverblik.app.keeping import forget
from patientoverblik.app.settings import Settings
from patientoverblik.app.trail import remember_ends, remembered_ends
from patientoverblik.app.workshop import opened
from patientoverblik.problems import Fault
from patientoverblik.service.seals import TailEnd
from tests.storages.samples import event, look

LINE = '{"day":"%s","kind":"citizen","door":"portal","millis":9,"connected":1,"retrieved":1,"who":"x"}\n'


def test_what_is_past_by_the_settings_is_forgotten(tmp_path: Path) -> None:
    use = tmp_path / "use.jsonl"
    use.write_text(LINE % "2020-01-01" + "no event\n" + LINE % "2999-01-01")
    settings = Settings(
        database=f"sqlite:///{tmp_path / 'a.sqlite3'}", use_file=str(use), use_keep_days=30, looks_keep_days=30
    )
    with opened(settings) as house:
        house.storage.act(lambda tx: [tx.add_look(look(1, 1)), tx.add_event(event(1, 1))]).result()
        asyncio.run(forget(settings, house))
        left: tuple[Look, ...] = house.storage.reader().looks(1)
    assert left == ()
    assert use.read_text() == LINE % "2999-01-01"


def test_nothing_is_forgotten_unless_it_is_said(tmp_path: Path) -> None:
    use = tmp_path / "use.jsonl"
    use.write_text(LINE % "2020-01-01")
    settings = Settings(database="memory:", use_file=str(use))
    with opened(settings) as house:
        house.storage.act(lambda tx: [tx.add_look(look(1, 1)), tx.add_event(event(1, 1))]).result()
        asyncio.run(forget(settings, house))
        assert len(house.storage.reader().looks(1)) == 1
    assert use.read_text() == LINE % "2020-01-01"


def test_a_witness_remembers_the_newest_ends_alone(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    assert remembered_ends(witness) == ()
    remember_ends(witness, (TailEnd(0, 4, b"\x01"), TailEnd(1, 2, b"")))
    remember_ends(witness, (TailEnd(0, 5, b"\x02"), TailEnd(1, 2, b"")))
    assert remembered_ends(witness) == (TailEnd(0, 5, b"\x02"), TailEnd(1, 2, b""))
    (tmp_path / "witness.tail").write_text("0 x y\n")
    with pytest.raises(Fault):
        remembered_ends(witness)
