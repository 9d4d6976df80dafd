"""A small house in which the storyboard happens: memory storage, a clock that the story moves, and people who look."""

import asyncio
from collections.abc import Awaitable, Iterator
from concurrent.futures import Future
from itertools import count
from typing import TypeVar

import msgspec

from patientoverblik.access import Purpose, Refusal
from patientoverblik.care.systems import CPR
from patientoverblik.demo.load import hand_in, load_evidence
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.people import PERSONAS
from patientoverblik.demo.story import Event
from patientoverblik.demo.storyboard import NUMBER, STEPS, STORY, storyboard
from patientoverblik.demo.wiring import delivers_for, demo_sources, organisation_facts
from patientoverblik.overview.model import Line, Overview
from patientoverblik.overview.recent import Recent
from patientoverblik.service.house import House
from patientoverblik.service.look import look
from patientoverblik.service.model import Shown
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.memory import MemoryStorage

T = TypeVar("T")
MINUTE = 60_000
PATIENT = PatientId(CPR, NUMBER)
PURPOSES: dict[str, Purpose] = {"professional": "treatment", "citizen": "own-overview", "relative": "on-behalf"}


class StoryClock:
    """The time of the story."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


class Counting:
    """Identifiers in the order they are asked for."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def uuid(self) -> str:
        return f"urn:uuid:00000000-0000-4000-8000-{next(self.numbers):012d}"

    def patient_key(self) -> int:
        return next(self.numbers)


async def _wait(future: Future[T]) -> T:
    return future.result(timeout=60)


class Told:
    """The story as far as it has been told, and what people see of it."""

    def __init__(self) -> None:
        self.clock = StoryClock()
        self.house = House(
            storage=MemoryStorage(),
            clock=self.clock,
            ids=Counting(),
            wait=_wait,
            kept=Recent(500),
            repository="1.2.208.176.43210.8.20",
            home="1.2.208.176.43210.8.10",
            sources=demo_sources(),
            delivers_for=delivers_for(),
            organisations=organisation_facts(),
            keeps_own_words=organisation("citizen"),
        )
        self.coming: Iterator[Event] = iter(storyboard())
        self.ahead: Event | None = next(self.coming)
        self.clock.now = self.ahead.at.earliest
        run(load_evidence(self.house))

    def until(self, step: str) -> "Told":
        """Tell the story to the end of a step; the clock stands a minute after its last event."""
        while self.ahead is not None and STEPS.index(self.ahead.step) <= STEPS.index(step):
            self.one()
        return self

    def one(self) -> Event:
        """Tell one event."""
        event = self.ahead
        assert event is not None
        self.clock.now = event.at.earliest
        run(hand_in(self.house, event))
        self.clock.now = event.at.latest + MINUTE
        self.ahead = next(self.coming, None)
        return event

    def hand_in(self, event: Event) -> None:
        """Tell something that the story does not hold."""
        run(hand_in(self.house, event))

    def look(self, persona: str, patient: PatientId = PATIENT) -> Shown | Refusal:
        """What a persona gets to see, or why not."""
        who = next(one for one in PERSONAS if one.id == persona)
        own = self.house.storage.reader().patient_key(PatientId(CPR, who.number)) if who.number else 0
        actor = who.actor(own or 0)
        return run(look(self.house, actor, patient, PURPOSES[who.kind], who.kind))

    def seen(self, persona: str = "egen-laege") -> "Seen":
        """The overview a persona sees."""
        shown = self.look(persona)
        assert isinstance(shown, Shown), shown
        return Seen(shown.overview)


class Seen(msgspec.Struct):
    """An overview with ways to find the storyboard's items in it."""

    overview: Overview

    def find(self, short: str) -> Line | None:
        """The line of an item by its short name in the story; None if it is not shown."""
        wanted = STORY.id(short)
        return next((line for line in self.overview.lines.values() if _is(line, wanted)), None)

    def line(self, short: str) -> Line:
        """The line of an item that must be shown."""
        found = self.find(short)
        assert found is not None, short
        return found

    def flags(self, short: str) -> set[str]:
        """The codes of a line's flags."""
        return {flag.code for flag in self.line(short).flags}

    def related(self, short: str, kind: str) -> list[Line]:
        """The lines an item is linked to in one way."""
        return [self.overview.lines[other] for link, other in self.line(short).related if link == kind]

    def on_hold(self) -> tuple[str, ...]:
        """The short names of the interventions that are counted as on hold."""
        held = set(self.overview.counts.on_hold)
        return tuple(short for short in (f"I{n}" for n in range(1, 31)) if (at := self.find(short)) and at.id in held)

    def text(self) -> str:
        """Everything that leaves with the overview, as one text."""
        return msgspec.json.encode(self.overview).decode()


def _is(line: Line, wanted: object) -> bool:
    if line.count > 1:
        return False
    return any(wanted in getattr(wording.value, "ids", ()) for wording in line.wordings)


def run(act: Awaitable[T]) -> T:
    """Run one act of the service to its end."""

    async def _act() -> T:
        return await act

    return asyncio.run(_act())
