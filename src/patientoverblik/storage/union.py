"""One patient under several keys: evidence of linked keys is united, and linking loses nothing (DESIGN 14)."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from patientoverblik.access import PersonFacts

T = TypeVar("T")


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


def one_person(facts: Iterable[PersonFacts]) -> PersonFacts:
    """What is known of one person under several keys: protected where any key is, latest birth, earliest death.

    Where keys disagree the answer opens least: a later birth makes younger, an earlier death ends powers sooner.
    """
    known = tuple(facts)
    births = [fact.born for fact in known if fact.born != PersonFacts().born]
    deaths = [fact.died for fact in known if fact.died]
    return PersonFacts(
        **({"born": max(births)} if births else {}),
        died=min(deaths, default=0),
        protected=any(fact.protected for fact in known),
    )
