"""What ``doctor`` says of the trail's seals and of sources: late is a fault, not yet begun is none."""

from pathlib import Path

import pytest

from patientoverblik.app import doctor
from patientoverblik.app.keys import make_signing_key
from patientoverblik.app.settings import Settings
from patientoverblik.app.trail import seal, signing_key
from patientoverblik.app.wiring import now, open_house
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import event
from tests.unit.service.make import run

MINUTE = 60_000
PARTIES = """
[[source]]
id = "gp"
name = "Lægerne Testvej"
sector = "general-practice"
hours = 1

[[source]]
id = "home"
name = "Testby Kommune"
sector = "municipality"
connected = false
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with a key for its trail and two parties."""
    (tmp_path / "parties.toml").write_text(PARTIES, encoding="utf-8")
    make_signing_key(tmp_path / "key.pem")
    return Settings(
        database=f"sqlite:///{tmp_path / 'held.sqlite3'}",
        parties_file=str(tmp_path / "parties.toml"),
        trail_key=str(tmp_path / "key.pem"),
    )


def told(settings: Settings, what: str) -> tuple[bool, str]:
    """What is said of one thing."""
    return next((each.fine, each.found) for each in doctor.diagnose(settings) if each.what == what)


def written(settings: Settings, sealed: bool, number: int = 1) -> None:
    """An entry in the trail, sealed or not."""
    storage = SqliteStorage(settings.database_file or Path())
    house = open_house(settings, storage)
    storage.act(lambda tx: tx.add_event(event(number, 1))).result()
    key = signing_key(settings)
    if sealed and key is not None:
        run(seal(settings, house, key))
    storage.close()


def heard(settings: Settings, source: str, at: int) -> None:
    """A sign of life."""
    storage = SqliteStorage(settings.database_file or Path())
    storage.act(lambda tx: tx.touch_source(source, at)).result()
    storage.close()


def test_entries_that_wait_too_long_for_a_checkpoint_are_a_fault(settings, monkeypatch):
    written(settings, sealed=True)
    assert told(settings, "trail seals") == (True, "last checkpoint 0 minutes ago; nothing waits")
    written(settings, sealed=False, number=2)
    assert told(settings, "trail seals") == (True, "last checkpoint 0 minutes ago; entries wait for the next")
    monkeypatch.setattr(doctor, "now", lambda: now() + 11 * MINUTE)
    assert told(settings, "trail seals") == (False, "last checkpoint 11 minutes ago; entries wait for the next")


def test_nothing_to_seal_is_no_fault_however_long_ago(settings, monkeypatch):
    written(settings, sealed=True)
    monkeypatch.setattr(doctor, "now", lambda: now() + 1000 * MINUTE)
    assert told(settings, "trail seals") == (True, "last checkpoint 1000 minutes ago; nothing waits")


def test_a_source_that_never_spoke_is_no_fault_one_that_fell_silent_is(settings, monkeypatch):
    SqliteStorage(settings.database_file or Path()).close()
    assert told(settings, "source Lægerne Testvej") == (True, "not heard from yet")
    assert told(settings, "source Testby Kommune") == (True, "not connected")
    heard(settings, "gp", now())
    assert told(settings, "source Lægerne Testvej") == (True, "retrieved")
    monkeypatch.setattr(doctor, "now", lambda: now() + 61 * MINUTE)
    assert told(settings, "source Lægerne Testvej") == (False, "not retrieved")
