"""Measurements by what was measured, the latest first, with the targets that are given in the very same unit
(DESIGN 16)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from patientoverblik.overview.facts import Aim, Alias, Facts, Reading
from patientoverblik.overview.model import Line, MeasurementGroup, TargetBeside
from patientoverblik.overview.phases import OPEN


def measurements_of(
    documents: Sequence[Facts], lines: dict[str, Line], alias: Alias, at: int
) -> tuple[MeasurementGroup, ...]:
    """One group per measure and unit, what somebody aims at first, then by title; a time in the future never wins
    "latest"."""
    groups: defaultdict[tuple[str, str], dict[str, Reading]] = defaultdict(dict)
    for document in documents:
        for reading in document.readings:
            groups[reading.key, reading.unit][alias.get(reading.line, reading.line)] = reading
    aims = _open_aims(documents, lines, alias) if groups else []
    found = [_group(key, unit, readings, aims, alias, at) for (key, unit), readings in groups.items()]
    return tuple(sorted(found, key=_order))


def _order(group: MeasurementGroup) -> tuple[bool, str, str, str]:
    return not group.targets, group.title.casefold(), group.key, group.unit


def _open_aims(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias) -> list[Aim]:
    return [
        aim for document in documents for aim in document.aims if lines[alias.get(aim.line, aim.line)].phase in OPEN
    ]


def _group(
    key: str, unit: str, readings: dict[str, Reading], aims: list[Aim], alias: Alias, at: int
) -> MeasurementGroup:
    ordered = sorted(readings.items(), key=lambda each: (-each[1].at, each[0]))
    codes = {code for reading in readings.values() for code in reading.codes}
    beside = [aim for aim in aims if aim.unit == unit and aim.measure in codes]
    return MeasurementGroup(
        key=key,
        title=min((reading.title for reading in readings.values() if reading.title), default=""),
        unit=unit,
        lines=tuple(line for line, _ in ordered),
        latest=next((line for line, reading in ordered if 0 < reading.at <= at), ""),
        targets=_targets(beside, alias),
    )


def _targets(aims: list[Aim], alias: Alias) -> tuple[TargetBeside, ...]:
    found = {(alias.get(aim.line, aim.line), aim.target): aim for aim in aims}
    ordered = sorted(found, key=lambda each: (each[0], repr(each[1])))
    return tuple(TargetBeside(line, target) for line, target in ordered)
