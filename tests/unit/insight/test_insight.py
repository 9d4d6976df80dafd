"""Use counted without anybody's identity, behind what people wait for; small numbers are not told."""

import json

import pytest

from patientoverblik.insight import Recorder, read_events, report
from patientoverblik.insight.event import UseEvent, event_of
from patientoverblik.service import look
from patientoverblik.service.use import Used, used_by
from tests.unit.service.make import CITIZEN, CPR, DOCTOR, NOW, TREATS, a_house, learn, put, run


def used(**changes):
    return Used(
        **{
            "at": NOW,
            "kind": "professional",
            "door": "portal",
            "millis": 120,
            "connected": 3,
            "retrieved": 3,
            "actor": "doctor-1",
        }
        | changes
    )


def events(number, **changes):
    values = {
        "day": "2026-11-23",
        "kind": "professional",
        "door": "portal",
        "millis": 100,
        "connected": 3,
        "retrieved": 3,
    }
    return [UseEvent(**values | {"who": f"w{each}"} | changes) for each in range(number)]


def test_what_is_kept_names_nobody_and_no_time_of_day(tmp_path):
    recorder = Recorder(tmp_path / "use.jsonl")
    recorder(used())
    recorder(used(actor="doctor-2"))
    recorder.close()
    lines = (tmp_path / "use.jsonl").read_text().splitlines()
    assert [set(json.loads(line)) for line in lines] == [
        {"day", "kind", "door", "millis", "connected", "retrieved", "who"}
    ] * 2
    assert "doctor" not in "".join(lines)
    assert str(NOW) not in "".join(lines)
    assert (tmp_path / "use.jsonl").stat().st_mode & 0o077 == 0


def test_a_person_is_the_same_within_a_day_and_another_the_next():
    assert event_of(used(), b"1" * 32).who == event_of(used(), b"1" * 32).who
    assert event_of(used(), b"1" * 32).who != event_of(used(actor="other"), b"1" * 32).who
    assert event_of(used(), b"1" * 32).who != event_of(used(), b"2" * 32).who


def test_the_salt_changes_with_the_day(tmp_path):
    recorder = Recorder(tmp_path / "use.jsonl")
    for at in (NOW, NOW, NOW + 24 * 3_600_000):
        recorder(used(at=at))
    recorder.close()
    first, second, later = (one.who for one in read_events(tmp_path / "use.jsonl"))
    assert first == second != later


def test_a_file_that_cannot_be_written_fails_nobody(tmp_path):
    recorder = Recorder(tmp_path / "no" / "folder")
    recorder(used())
    recorder.close()


def test_a_report_counts_by_kind_and_door():
    found = report([*events(6), *events(4, retrieved=2, millis=900), *events(7, door="own-system")])
    portal = next(group for group in found.groups if group.door == "portal")
    assert (portal.looks, portal.people, portal.complete, portal.median, portal.slow) == (10, 6, 60, 100, 900)
    assert len(found.groups) == 2


def test_fewer_than_five_are_not_told():
    found = report([*events(4, kind="citizen"), *events(6, who="one")])
    citizen, professional = found.groups
    assert citizen.few
    assert (citizen.looks, citizen.people, citizen.median, citizen.complete) == (0, 0, 0, 0)
    assert (professional.looks, professional.people) == (6, 0)


def test_a_report_begins_on_its_day_and_says_what_it_could_not_read(tmp_path):
    path = tmp_path / "use.jsonl"
    path.write_text('{"day":"x"}\nno json\n')
    assert report(read_events(path)).unread == 2
    assert report(events(9), "2026-11-24").groups == ()
    assert list(read_events(tmp_path / "nothing")) == []


@pytest.mark.usefixtures("synthetic")
def test_a_look_tells_its_use_after_it_is_written_down():
    told = []
    house = a_house(used=lambda one: told.append((one, len(house.storage.reader().looks(7)))))
    learn(house, TREATS)
    put(house, "A")
    run(look(house, DOCTOR, CPR, "treatment", "professional"))
    run(look(house, CITIZEN, CPR, "own-overview", "citizen"))
    run(look(house, DOCTOR, 99, "treatment", "professional"))
    assert [(one.kind, one.door, one.connected, one.retrieved) for one, _ in told] == [
        ("professional", "portal", 3, 3),
        ("citizen", "portal", 3, 3),
    ]
    assert [looks for _, looks in told] == [1, 2]


def test_a_client_system_is_another_door():
    import msgspec

    assert used_by(msgspec.structs.replace(DOCTOR, client="Journal"), (), 5, 7).door == "own-system"
    assert used_by(DOCTOR, (), 5, 7).millis == 2


@pytest.fixture
def synthetic(monkeypatch):
    from tests.unit.service.conftest import read_with

    read_with(monkeypatch, "s1")
