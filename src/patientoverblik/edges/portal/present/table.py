"""The table problem – goal – intervention – responsible – updated; what is over stands folded below it."""

from collections.abc import Collection, Iterable

import msgspec

from patientoverblik.edges.portal.dates import short_day
from patientoverblik.edges.portal.page import Fold, Problem, Row, Section
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.filters import filters_of
from patientoverblik.edges.portal.present.row import mention, row
from patientoverblik.edges.portal.present.sections import CURRENT, fold
from patientoverblik.overview import Attribution, Line

GOALS = ("patient-goal", "goal")


def table(desk: Desk, part: Section) -> Section:
    """One row for each current condition, and a last row for what belongs to none of them. What stands before, as the
    patient's own goals and what belongs to several conditions, is only mentioned."""
    shown = _shown(desk)
    conditions = [line for line in shown if line.kind == "condition" and line.phase in CURRENT]
    named = {line.id for line in conditions}
    belonging = [line for line in shown if line.kind != "condition" and line.phase in CURRENT]
    problems, stood = [], set[str]()
    for each in conditions:
        its = [line for line in belonging if each.id in line.groups]
        problems.append(_problem(desk, each, its, stood))
        stood.update(line.id for line in its)
    loose = [line for line in belonging if named.isdisjoint(line.groups) and line.kind != "patient-goal"]
    if loose:
        problems.append(_problem(desk, None, loose, stood))
    filters = filters_of(desk, [row(desk, line) for line in shown])
    whole = "whole" if all(source.state != "not-retrieved" for source in desk.overview.sources) else "part"
    empty = (desk.words.word("no-goal", whole), desk.words.word("no-intervention", whole))
    return msgspec.structs.replace(
        part, problems=tuple(problems), folds=_over(desk, shown), filters=filters, empty=empty
    )


def _shown(desk: Desk) -> list[Line]:
    """The lines of the joined sections, and the patient's own goals, each once and in the sections' order."""
    joined = desk.layout.table.of if desk.layout.table else ()
    wanted = ("matters", *joined)
    ids = (line for section in desk.overview.sections if section.id in wanted for line in section.lines)
    return [line for line in map(desk.line, dict.fromkeys(ids)) if line]


def _over(desk: Desk, shown: Iterable[Line]) -> tuple[Fold, ...]:
    over = [line for line in shown if line.phase not in CURRENT]
    titles = (
        ("Vis problemer, der er ophørt", ("condition",)),
        ("Vis afsluttede og erstattede mål", ("goal",)),
        ("Vis afsluttede og erstattede indsatser", ("intervention",)),
    )
    return tuple(
        each
        for title, kinds in titles
        for each in fold(title, tuple(row(desk, line) for line in over if line.kind in kinds))
    )


def _problem(desk: Desk, condition: Line | None, belonging: list[Line], stood: Collection[str]) -> Problem:
    """A row of the table; ``stood`` are the lines of the rows before it."""
    shown = ([condition] if condition else []) + belonging
    newest = max((line.attribution for line in shown), key=lambda source: source.at if source.at <= desk.now else 0)
    return Problem(
        title="" if condition else "Hører ikke til et nævnt problem",
        condition=row(desk, condition) if condition else None,
        goals=_rows(desk, belonging, GOALS, stood),
        interventions=_rows(desk, belonging, ("intervention",), stood),
        responsible=tuple(dict.fromkeys(line.attribution.organisation for line in shown)),
        updated=_updated(newest),
    )


def _rows(desk: Desk, lines: Iterable[Line], kinds: tuple[str, ...], stood: Collection[str]) -> tuple[Row, ...]:
    return tuple(
        [
            (mention if line.kind == "patient-goal" or line.id in stood else row)(desk, line)
            for line in lines
            if line.kind in kinds
        ]
    )


def _updated(source: Attribution) -> str:
    return short_day(source.at) or "Ikke angivet"
