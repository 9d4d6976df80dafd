"""A worker that was told to end says so first, finishes what it has begun, and ends."""

import asyncio
import signal
from threading import Event

import uvicorn

from patientoverblik.app.leaving import LeavingServer
from patientoverblik.app.metrics import Board
from patientoverblik.app.serving import served
from tests.doors.hardening.place import Place


def server(seconds: int) -> LeavingServer:
    return LeavingServer(uvicorn.Config(lambda: None), Event(), seconds)


def test_ready_says_no_while_it_leaves():
    place, leaving = Place(), Event()
    place.whole = served(place.settings, place.house, place.watch, Board(1), 0, leaving.is_set)
    assert place.ask("GET", "/ready").status_code == 200
    leaving.set()
    place.now += 1000
    place.watch._apart += 1000
    told = place.ask("GET", "/ready")
    assert (told.status_code, told.json()["checks"]["stays"]) == (503, False)
    assert place.ask("GET", "/live").status_code == 200


def test_told_once_it_stays_for_its_time_and_told_twice_it_ends():
    leaving = server(600)
    leaving.handle_exit(signal.SIGTERM, None)
    assert leaving._leaving.is_set()
    assert not asyncio.run(leaving.on_tick(1))
    leaving.handle_exit(signal.SIGTERM, None)
    assert asyncio.run(leaving.on_tick(2))


def test_without_a_time_it_ends_at_once():
    leaving = server(0)
    leaving.handle_exit(signal.SIGTERM, None)
    assert leaving.should_exit
