"""Somebody who must be here no longer is logged out everywhere at once: by an officer on a page, by an operator by a
command; by nobody else."""

import argparse
import asyncio
import re

import msgspec
import pytest

from patientoverblik.access import Actor, Refusal, SecurityEvent
from patientoverblik.edges.cli.sessions import sessions
from patientoverblik.service.sessions import end_sessions, open_sessions
from tests.doors.hardening.place import Place, token

PAGE = "/opfoelgning/sessioner"
OPERATOR = Actor("job", "cli:operator", role="operator")


def run(awaitable):
    return asyncio.run(awaitable)


def test_an_officer_logs_somebody_out_everywhere():
    place = Place()
    officer, first, second = (
        place.browser("sikkerhedsansvarlig"),
        place.browser("egen-laege"),
        place.browser("egen-laege"),
    )
    other = place.browser("nancy")
    page = officer.get(PAGE).text
    assert "Det er dig" in page
    ends = re.findall(r'name="session" value="(\w+)"', page)
    assert page.count('aria-label="Log Testlæge Praksis, Læge ud"') == 1, "one way out for both sessions"
    assert "replay-officer" not in page, "a role in Danish"
    held = place.house.storage.reader()
    mine = next(one for one in ends if held.session(one).actor.id == "egen-laege")
    answer = officer.post(PAGE, data={"session": mine, "csrf": token(page)})
    assert answer.status_code == 200
    assert "Du er logget ud" not in answer.text
    for browser in (first, second):
        assert browser.post("/patient", data={"cpr": "2512489996", "csrf": "x"}).status_code == 401
    assert 'action="/log-ud"' in other.get("/").text
    trail = place.house.storage._state.trail
    acts = [msgspec.msgpack.decode(entry.data, type=SecurityEvent).act for chain in trail.values() for entry in chain]
    assert (acts.count("log-out"), acts.count("end-sessions")) == (2, 1)


@pytest.mark.parametrize("persona", ["egen-laege", "nancy"])
def test_nobody_else_sees_or_ends_sessions(persona):
    place = Place()
    victim = place.browser("sikkerhedsansvarlig")
    browser = place.browser(persona)
    assert browser.get(PAGE).status_code == 403
    (session,) = [
        one.id for one in place.house.storage.reader().open_sessions(place.now, 9) if one.actor.kind == "officer"
    ]
    csrf = token(browser.get("/was").text)
    assert browser.post(PAGE, data={"session": session, "csrf": csrf}).status_code == 403
    assert victim.get(PAGE).status_code == 200


@pytest.mark.parametrize("kind", ["professional", "citizen", "relative", "system"])
def test_the_acts_themselves_are_for_officers_and_operators(kind):
    place = Place()
    place.browser("egen-laege")
    (session,) = place.house.storage.reader().open_sessions(place.now, 9)
    somebody = Actor(kind, "x", organisation=session.actor.organisation, person=7)
    assert isinstance(run(open_sessions(place.house, somebody)), Refusal)
    assert isinstance(run(end_sessions(place.house, somebody, session.id)), Refusal)
    assert place.house.storage.reader().session(session.id) is not None


class Workshop:
    def __init__(self, place):
        self.place = place

    def has_database(self):
        return True

    def operator(self):
        return OPERATOR

    def complete(self, act):
        return run(act(self.place.house))


def test_an_operator_does_the_same_by_a_command(capsys):
    place = Place()
    browser, other = place.browser("egen-laege"), place.browser("nancy")
    assert sessions(argparse.Namespace(end="", json=False), Workshop(place)) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 2
    named = next(row for row in rows if "egen-laege" in row).split()[0]
    for wrong in ("", "ab", "0" * 16):
        assert sessions(argparse.Namespace(end=wrong or named[:8], json=False), Workshop(place)) == 2
    assert sessions(argparse.Namespace(end=named, json=False), Workshop(place)) == 0
    assert "1 sessions of" in capsys.readouterr().out
    assert browser.post("/patient", data={"csrf": "x"}).status_code == 401
    assert 'action="/log-ud"' in other.get("/").text
