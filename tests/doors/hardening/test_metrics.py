"""``/metrics``: what was answered, for those who may ask; overload and faults say when to come again."""

import asyncio
import re

import httpx

from patientoverblik.app.guarding import refusing
from patientoverblik.edges.guard import guarded
from patientoverblik.edges.guard.room import Room
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.storage.fault import StorageFault
from tests.doors.hardening.place import NANCY, Place

ROW = re.compile(r'patientoverblik_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.]+')


def read(place: Place, **peer: str):
    return place.ask("GET", "/metrics", **peer)


def test_answers_are_counted_by_status_and_time():
    place = Place()
    assert place.ask("GET", "/was").status_code == 200
    assert place.ask("GET", f"/{NANCY}").status_code == 404
    told = read(place, peer="127.0.0.1")
    assert told.status_code == 200
    assert 'patientoverblik_requests_total{worker="0",status="2xx"} 1' in told.text
    assert 'patientoverblik_requests_total{worker="0",status="4xx"} 1' in told.text
    assert 'patientoverblik_request_seconds_count{worker="0"} 2' in told.text
    assert 'patientoverblik_request_seconds_bucket{worker="0",le="+Inf"} 2' in told.text
    assert 'patientoverblik_ready{check="storage"} 1' in told.text
    assert NANCY not in told.text


def test_every_row_is_one_that_prometheus_reads():
    rows = [row for row in read(Place(), peer="127.0.0.1").text.splitlines() if not row.startswith("# ")]
    assert len(rows) > 20
    assert [row for row in rows if not ROW.fullmatch(row)] == []


def test_to_others_there_is_no_such_address():
    assert read(Place()).status_code == 404
    assert read(Place(metrics_from="192.0.2.0/24"), peer="192.0.2.7").status_code == 200
    assert read(Place(metrics_from="none"), peer="127.0.0.1").status_code == 404


def test_a_room_that_is_full_takes_no_more_until_somebody_leaves():
    room = Room(2)
    with room.taken() as one, room.taken() as two:
        with room.taken() as three:
            assert (one, two, three) == (True, True, False)
        with room.taken() as still:
            assert not still
    with room.taken() as free:
        assert free
    with Room(0).taken() as any_number:
        assert any_number


def test_a_login_while_the_database_is_away_is_refused_with_a_code_and_when_to_come_again():
    place = Place()
    answer = refused_entry(place)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def refused_entry(place: Place):
    """One request to an entry whose counting fails."""

    async def counted(key, until):
        raise StorageFault("storage.away")

    gated = guarded(place.inner, place.guard, refusing(load_assets()), place.house.clock, b"", counted)

    async def asked():
        transport = httpx.ASGITransport(gated, client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
            return await client.get("/log-ind")

    return asyncio.run(asked())
