"""One patient under several keys: evidence of linked keys is united, and linking loses nothing (DESIGN 14)."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from patientoverblik.access import FollowUp, PersonFacts

T = TypeVar("T")
ATTEMPTS_KEPT = 730 * 24 * 60 * 60 * 1000


def reachable(start: int, neighbours: Callable[[int], Iterable[int]]) -> tuple[int, ...]:
    """A key and every key linked with it, directly or through others, ascending."""
    found = {start}
    waiting = [start]
    while waiting:
        for other in neighbours(waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return tuple(sorted(found))


def united(parts: Iterable[Iterable[T]]) -> tuple[T, ...]:
    """Every row of every key once, in order."""
    return tuple(dict.fromkeys(row for part in parts for row in part))


def by_organisation(follow_up: FollowUp) -> str:
    """The identifier value of the organisation that looked, empty if none."""
    organisation = follow_up.actor.organisation
    return "" if organisation is None else organisation.value


def one_person(facts: Iterable[PersonFacts]) -> PersonFacts:
    """What is known of one person under several keys: protected where any key is, latest birth, earliest death.

    Where keys disagree the answer opens least: a later birth makes younger, an earlier death ends powers sooner.
    """
    known = tuple(facts)
    if len(known) == 1:
        return known[0]
    births = [fact.born for fact in known if fact.born != PersonFacts().born]
    deaths = [fact.died for fact in known if fact.died]
    protected = [fact for fact in known if fact.protected]
    return PersonFacts(
        **({"born": max(births)} if births else {}),
        died=min(deaths, default=0),
        protected=bool(protected),
        protected_from=min((fact.protected_from for fact in protected), default=0),
        protected_until=_latest([fact.protected_until for fact in protected]),
        family=tuple(dict.fromkeys(key for fact in known for key in fact.family)),
        employers=tuple(dict.fromkeys(place for fact in known for place in fact.employers)),
    )


def _latest(ends: list[int]) -> int:
    """The last of several ends, where 0 is no end."""
    return 0 if 0 in ends else max(ends, default=0)
