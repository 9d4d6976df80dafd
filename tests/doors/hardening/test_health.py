"""/live and /ready: what fails is named, nothing else is told, and a supervisor needs nothing but a status."""

import sqlite3

import pytest

from patientoverblik.app.clock import MOST
from patientoverblik.app.health import looking
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house, open_storage
from patientoverblik.storage.fault import StorageFault
from tests.doors.hardening.place import NANCY, Place


def test_a_service_in_order_is_live_and_ready():
    place = Place()
    assert place.ask("GET", "/live").json() == {"status": "ok", "checks": {}}
    ready = place.ask("GET", "/ready")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "checks": {"storage": True, "schema": True, "clock": True}}


def test_a_head_is_answered_and_nothing_is_posted():
    place = Place()
    assert place.ask("HEAD", "/ready").status_code == 200
    assert place.ask("POST", "/ready").status_code in (404, 405)


def test_a_clock_that_was_set_is_not_ready_and_still_live():
    place = Place()
    place.now += 2 * MOST
    ready = place.ask("GET", "/ready")
    assert (ready.status_code, ready.json()["checks"]["clock"]) == (503, False)
    assert place.ask("GET", "/live").status_code == 200


def test_a_clock_behind_what_is_stored_is_not_ready():
    place = Place()
    place.house.storage.act(lambda held: held.touch_source("a", place.now + 2 * MOST)).result()
    assert place.ask("GET", "/ready").json()["checks"]["clock"] is False


def test_a_clock_far_from_its_time_source_is_not_ready():
    place = Place()
    place.watch.offset = -2 * MOST
    assert place.ask("GET", "/ready").status_code == 503


def test_it_is_looked_at_once_a_second_at_most():
    place = Place()
    assert place.ask("GET", "/ready").status_code == 200
    place.watch.offset = 2 * MOST
    assert place.ask("GET", "/ready").status_code == 200
    place.now += 1000
    place.watch._apart += 1000
    assert place.ask("GET", "/ready").status_code == 503


class Unreachable:
    def reader(self):
        raise StorageFault("storage.disk")


def test_a_storage_that_cannot_be_read_is_told_and_nothing_of_why():
    import msgspec

    place = Place()
    house = msgspec.structs.replace(place.house, storage=Unreachable())
    found = looking(place.settings, house, place.watch)()
    assert found == {"storage": False, "schema": True, "clock": True}


@pytest.mark.parametrize(("version", "ready"), [(99, True), (1, False)])
def test_an_older_schema_is_not_ready_and_a_step_taken_meanwhile_ends_nothing(tmp_path, version, ready):
    settings = Settings(database=f"sqlite:///{tmp_path}/own.sqlite3")
    storage = open_storage(settings)
    look = looking(settings, open_house(settings, storage), Place().watch)
    assert look()["schema"] is True
    with sqlite3.connect(tmp_path / "own.sqlite3") as database:
        database.execute(f"pragma user_version = {version}")
    database.close()
    assert look()["schema"] is ready
    storage.close()


@pytest.mark.parametrize("path", ["/live", "/ready"])
def test_nothing_of_patients_or_of_the_program_is_told(path):
    answer = Place().ask("GET", path)
    assert NANCY not in answer.text
    assert set(answer.json()) == {"status", "checks"}
    assert "set-cookie" not in answer.headers
