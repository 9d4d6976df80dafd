"""How a child of one name is told to be one of several things: by conditions, asked as seldom as can be.

Most often each thing has one condition and all ask the same: then the answer is looked up in a table, once per element.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.places import Condition
from patientoverblik.formats.cda.facts import tag

T = TypeVar("T")
Test = Callable[[Element], bool]
Conditions = tuple[Condition, ...]
Question = tuple[tuple[str, ...], str]
"""The path from an element and the attribute that a condition asks for."""


def first_fitting(marked: Sequence[tuple[Conditions, T]]) -> Callable[[Element], T | None]:
    """The first thing whose conditions an element fulfils, None where it fulfils those of none."""
    if not all(len(conditions) == 1 for conditions, _ in marked):
        return _tested([(test_of(conditions), thing) for conditions, thing in marked])
    asked: dict[Question, dict[str | None, int]] = {}
    for rank, ((one,), _) in enumerate(marked):
        ranks = asked.setdefault((one.path, one.attribute), {})
        for value in one.values:
            ranks.setdefault(value, rank)
    things: list[T | None] = [*(thing for _, thing in marked), None]
    ways = [_ranked(path, attribute, ranks, len(marked)) for (path, attribute), ranks in asked.items()]
    if len(ways) == 1:
        (way,) = ways
        return lambda element: things[way(element)]
    return lambda element: things[min([way(element) for way in ways])]


def test_of(conditions: Conditions) -> Test:
    """Whether an element fulfils all of some conditions."""
    ways = [_ranked(one.path, one.attribute, dict.fromkeys(one.values, 0), 1) for one in conditions]
    return lambda element: not any(way(element) for way in ways)


def _tested(tests: list[tuple[Test, T]]) -> Callable[[Element], T | None]:
    def told(element: Element) -> T | None:
        for test, thing in tests:
            if test(element):
                return thing
        return None

    return told


def _ranked(path: tuple[str, ...], attribute: str, ranks: dict[str | None, int], last: int) -> Callable[[Element], int]:
    """The lowest rank that the values at a path have, ``last`` where they have none."""
    rank_of = ranks.get
    if not path:
        return lambda element: rank_of(element.get(attribute), last)
    below = "/".join(tag(name) for name in path)
    only = len(path) == 1

    def ranked(element: Element) -> int:
        best = last
        for one in element.iterchildren(below) if only else element.iterfind(below):
            best = min(best, rank_of(one.get(attribute), last))
        return best

    return ranked
