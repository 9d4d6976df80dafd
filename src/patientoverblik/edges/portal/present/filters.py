"""What the lines of a section can be chosen by: the sector, the problem, and what kind of appointment it is."""

from collections.abc import Iterable, Sequence

from patientoverblik.edges.portal.page import Filter, Option, Row
from patientoverblik.edges.portal.present.desk import Desk

WORTH = 2  # rows


def filters_of(desk: Desk, found: Sequence[Row]) -> tuple[Filter, ...]:
    """The filters of rows; one with nothing to choose among is left out."""
    if len(found) < WORTH:
        return ()
    lanes = sorted({row.lane for row in found if row.lane})
    kinds = sorted({row.what for row in found if row.what})
    offered = (
        Filter("lane", "Sektor", _plain(lanes)),
        Filter("problem", desk.words.word("filter", "problem"), () if kinds else _problems(desk, found)),
        Filter("what", "Slags", _plain(kinds)),
    )
    return tuple([each for each in offered if len(each.options) > 1])


def _plain(values: Iterable[str]) -> tuple[Option, ...]:
    return tuple([Option(value, value) for value in values])


def _problems(desk: Desk, found: Sequence[Row]) -> tuple[Option, ...]:
    """The problems that rows name, in the order of the overview."""
    named = {name for row in found for name in row.problem.split()}
    if len(named) < 2:
        return ()
    lines = [line for line, anchor in desk.anchors.items() if anchor in named and line in desk.overview.lines]
    return tuple([Option(desk.anchors[line], desk.said(line).words) for line in lines])
