"""Use counted: looks, people, time to first content, the share of looks with every source; small numbers are not told.

A group of fewer than five looks is shown as such and nothing is computed from it, so that nobody can be picked out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from patientoverblik.insight.event import UseEvent

FEWEST = 5
_decode = msgspec.json.Decoder(UseEvent).decode


class Group(msgspec.Struct, frozen=True):
    """Looks of one kind of actor through one door; where ``few`` there were under five, and nothing else is told.

    ``people`` adds up the people of each day. ``median`` and ``slow`` (where the slowest tenth begins) are milliseconds
    to first content; ``complete`` is the share of looks with every connected source, in percent.
    """

    kind: str
    door: str
    few: bool
    looks: int = 0
    people: int = 0
    median: int = 0
    slow: int = 0
    complete: int = 0


class Report(msgspec.Struct, frozen=True):
    """The groups of a period, by kind and door, and how many lines of the file could not be read."""

    since: str
    groups: tuple[Group, ...]
    unread: int = 0


def read_events(path: Path) -> Iterator[UseEvent | None]:
    """Every event of a file, None for a line that is none; nothing where there is no file."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            try:
                yield _decode(line)
            except (msgspec.DecodeError, msgspec.ValidationError):
                yield None


def report(events: Iterable[UseEvent | None], since: str = "") -> Report:
    """The report of events from a day on (``2026-11-23``; empty = all)."""
    groups: dict[tuple[str, str], list[UseEvent]] = defaultdict(list)
    unread = 0
    for event in events:
        if event is None:
            unread += 1
        elif event.day >= since:
            groups[event.kind, event.door].append(event)
    return Report(since, tuple(_group(*key, groups[key]) for key in sorted(groups)), unread)


def _group(kind: str, door: str, events: list[UseEvent]) -> Group:
    people = len({(event.day, event.who) for event in events})
    if len(events) < FEWEST:
        return Group(kind, door, few=True)
    times = sorted(event.millis for event in events)
    whole = sum(event.retrieved == event.connected for event in events)
    return Group(
        kind=kind,
        door=door,
        few=False,
        looks=len(events),
        people=people if people >= FEWEST else 0,
        median=times[len(times) // 2],
        slow=times[9 * len(times) // 10],
        complete=100 * whole // len(events),
    )
