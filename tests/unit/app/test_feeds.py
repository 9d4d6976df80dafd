"""The feeds of an installation: nothing is posted where none is configured, and what is configured is told while it serves."""

import asyncio
from threading import Event

import pytest

from patientoverblik.app import feeds
from patientoverblik.app.settings import Settings, SettingsFault, read_settings
from patientoverblik.notify import Posting
from patientoverblik.storage.memory import MemoryStorage
from tests.doors.connectors.receivers import http_receiver
from tests.unit.notify.make import a_storage, an_event
from tests.unit.service.make import NOW, a_house


def test_where_no_feed_is_configured_the_storage_stands_alone():
    storage = MemoryStorage()
    assert feeds.posting(Settings(), storage) is storage
    assert isinstance(feeds.posting(Settings(minlog_url="https://minlog.example"), storage), Posting)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MINLOG_URL", "http://minlog.example"),
        ("ATNA_FHIR_URL", "ftp://x"),
        ("ATNA_SYSLOG", "host"),
        ("FEED_CA", "/nowhere/ca.pem"),
        ("FEED_CERTIFICATE", "/nowhere/c.pem"),
        ("MINLOG_SECONDS", "-3"),
        ("SHOW_REFUSED", "perhaps"),
    ],
)
def test_a_wrong_setting_is_told_by_name(name, value):
    with pytest.raises(SettingsFault) as fault:
        read_settings({f"PATIENTOVERBLIK_{name}": value})
    assert f"PATIENTOVERBLIK_{name}" in str(fault.value)
    assert value not in str(fault.value)


def test_what_is_posted_is_told_while_the_service_runs(monkeypatch):
    monkeypatch.setattr(feeds, "AUDIT_SECONDS", 0.01)
    heard_one = Event()
    with http_receiver((201, b"")) as heard:
        settings = Settings(atna_fhir_url=heard.url)
        house = a_house(storage=feeds.posting(settings, a_storage()))
        house.storage.act(lambda tx: tx.add_event(an_event(at=NOW))).result()
        monkeypatch.setattr(heard, "answers", _Answers(heard_one))

        async def while_serving():
            async with feeds.feeding(settings, house):
                assert await asyncio.to_thread(heard_one.wait, 30)

        asyncio.run(while_serving())
    assert [path for path, _, _ in heard.requests] == ["/AuditEvent"]


class _Answers(list):
    """An answer that says it was asked for."""

    def __init__(self, asked):
        super().__init__([(201, b"")])
        self.asked = asked

    def __getitem__(self, place):
        self.asked.set()
        return super().__getitem__(place)
