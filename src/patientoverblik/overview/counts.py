"""How many of each kind, active and in all. What several documents say of one thing counts once, by its newest
statement."""

from collections.abc import Collection, Iterable

from patientoverblik.care import Appointment, Period
from patientoverblik.overview.facts import Apart, end_of
from patientoverblik.overview.model import Counts, Line
from patientoverblik.overview.phases import OPEN


def counts_of(lines: dict[str, Line], apart: Iterable[Apart], folded: Collection[str], at: int) -> Counts:
    """Count the lines; ``apart`` are lines with one business identifier that stand apart, ``folded`` times of a
    series.

    Active is what is neither ended, replaced, cancelled nor on hold, and of appointments those that are not over.
    """
    older = _older(lines, apart, at)
    tally = {kind: [0, 0] for kind in ("plan", "condition", "patient-goal", "goal", "intervention", "appointment")}
    on_hold = []
    for line in lines.values():
        numbers = tally.get(line.kind)
        if numbers is None or line.id in older or line.id in folded:
            continue
        numbers[1] += 1
        if line.phase in OPEN and not _is_over(line, at):
            numbers[0] += 1
        elif line.phase == "on-hold":
            on_hold.append(line.id)
    plans, conditions, patient_goals, goals, interventions, appointments = (
        (active, total) for active, total in tally.values()
    )
    return Counts(plans, conditions, patient_goals, goals, interventions, appointments, tuple(sorted(on_hold)))


def _is_over(line: Line, at: int) -> bool:
    """Whether an appointment has been held; its document goes on saying that it is booked (APD-DK statusCode)."""
    period = line.value.period if isinstance(line.value, Appointment) else None
    end = period.end or period.start if isinstance(period, Period) else None
    return end is not None and end_of(end) <= at


def _older(lines: dict[str, Line], apart: Iterable[Apart], at: int) -> set[str]:
    older: set[str] = set()
    for together in apart:
        same_kind = [line for line in together.lines if lines[line].kind == lines[together.lines[0]].kind]
        newest = max(same_kind, key=lambda line: _newness(lines[line], at))
        older.update(line for line in same_kind if line != newest)
    return older


def _newness(line: Line, at: int) -> tuple[int, str]:
    said = line.attribution.at
    return (said if said <= at else -1, line.id)
