"""A real process killed without warning, again and again: nothing it answered is lost, and nothing is half there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from patientoverblik.storage.sqlite import SqliteStorage

WRITER = Path(__file__).with_name("killed_writer.py")
PROJECT = Path(__file__).resolve().parents[2]
ROUNDS = 6
ANSWERS = (1, 7, 23, 40, 61, 90)


def answers_before_kill(path: Path, round_: int, wanted: int) -> list[str]:
    """Start a writer, read its answers, and kill it as soon as it has given so many."""
    command = [sys.executable, "-m", "tests.storages.killed_writer", str(path), str(round_)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=dict(os.environ)) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(wanted)]
        process.send_signal(signal.SIGKILL)
        told += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert process.returncode == -signal.SIGKILL
    return [name for name in told if name]


def test_nothing_answered_is_lost_and_no_document_is_half_there(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    answered: list[str] = []
    for round_, wanted in zip(range(ROUNDS), ANSWERS, strict=True):
        told = answers_before_kill(path, round_, wanted)
        assert len(told) >= wanted
        answered += told
        check_whole(path, answered)


def check_whole(path: Path, answered: list[str]) -> None:
    storage = SqliteStorage(path)
    reader = storage.reader()
    entries = {entry.unique_id: entry for patient in range(1, 4) for entry in reader.entries(patient)}
    assert set(answered) <= set(entries)
    for entry in entries.values():
        assert reader.content(entry.patient, entry.content) is not None
        assert reader.reading(entry.patient, entry.content) is not None
        assert reader.locate_entry(entry.uuid) == entry.patient
        assert reader.locate_unique(entry.unique_id) == ((entry.patient, entry.content),)
        if entry.replaces:
            old = reader.entry(entry.patient, entry.replaces[0])
            assert old is not None
            assert old.replaced_by == entry.uuid
    events = [event for patient in range(1, 4) for event in reader.events(patient)]
    assert len(events) == len(entries)
    assert storage.broken_chains() == 0
    storage.close()
