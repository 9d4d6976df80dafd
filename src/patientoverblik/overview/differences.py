"""What the parties should discuss ("Bør drøftes"): facts side by side. Nothing is decided, ranked or inferred
(DESIGN 4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from patientoverblik.overview.compare import RELATED
from patientoverblik.overview.equivalence import CodeKey
from patientoverblik.overview.facts import Aim, Alias, Apart, Facts
from patientoverblik.overview.flags import AWAITING, DECLINED, NOBODY, OVERDUE
from patientoverblik.overview.model import Difference, Line
from patientoverblik.overview.phases import OPEN

TARGETS = "overview.differing-targets"
TARGET_UNITS = "overview.differing-target-units"
SAME_ACT = "overview.same-intervention"
RELATED_ACTS = "overview.related-interventions"
OVERLAP = "overview.overlapping-appointments"
STATEMENTS = "overview.differing-statements"
CODE_WORDS = "overview.code-differs-from-words"
TWO_CURRENT = "overview.two-current-versions"
_TOLD = (OVERDUE, AWAITING, DECLINED, NOBODY)


def differences_of(
    documents: Sequence[Facts], lines: dict[str, Line], alias: Alias, apart: Iterable[Apart], at: int
) -> tuple[Difference, ...]:
    """Every difference between the current documents, each once, in an order that does not depend on theirs.

    ``apart`` are the ids of lines that claim the same business identifier and were not made one.
    """
    found = [
        *_targets(documents, lines, alias),
        *_same_acts(documents, lines, alias),
        *_overlaps(documents, lines, alias, at),
        *_statements(apart, lines),
        *_told(lines),
        *_codes_and_words(documents, alias),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.rule, each.about, each.at, each.lines)))


def _targets(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> Iterator[Difference]:
    """One difference per measure: all open goals that aim at other amounts in one unit, or in units that cannot be
    compared."""
    by_measure: defaultdict[CodeKey, list[tuple[str, Aim]]] = defaultdict(list)
    for document in documents:
        for aim in document.aims:
            if lines[alias.get(aim.line, aim.line)].phase in OPEN:
                by_measure[aim.measure].append((document.origin.entry, aim))
    for aims in by_measure.values():
        if len({entry for entry, _ in aims}) > 1:
            yield from _measure(aims, alias)


def _measure(aims: Sequence[tuple[str, Aim]], alias: Alias) -> Iterator[Difference]:
    title = min(aim.title or aim.measure[1] for _, aim in aims)
    by_unit: defaultdict[str, list[tuple[str, Aim]]] = defaultdict(list)
    for entry, aim in aims:
        by_unit[aim.unit].append((entry, aim))
    for same in by_unit.values():
        if len({aim.amount for _, aim in same}) > 1 and len({entry for entry, _ in same}) > 1:
            yield Difference(TARGETS, _named(alias, same), title)
    entries = {entry for entry, _ in aims}
    if all(len({entry for entry, _ in same}) < len(entries) for same in by_unit.values()):
        yield Difference(TARGET_UNITS, _named(alias, aims), title)


def _named(alias: Alias, aims: Iterable[tuple[str, Aim]]) -> tuple[str, ...]:
    return tuple(sorted({alias.get(aim.line, aim.line) for _, aim in aims}))


def _same_acts(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> Iterator[Difference]:
    """The same open intervention by two organisations that were not made one line, by codes, reviewed rows or the
    same words; or two that a reviewed row says have to do with each other."""
    by_mark: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for document in documents:
        for act in document.acts:
            line = alias.get(act.line, act.line)
            if lines[line].phase in OPEN:
                for mark in act.marks:
                    by_mark[mark][line] = document.origin.organisation
    for mark, bearers in by_mark.items():
        if len(bearers) > 1:
            kept = _unlinked(bearers, lines)
            if len({bearers[line] for line in kept}) > 1:
                yield Difference(RELATED_ACTS if mark.startswith(RELATED) else SAME_ACT, kept)


def _unlinked(bearers: Iterable[str], lines: dict[str, Line]) -> tuple[str, ...]:
    """The lines without those whose documents already say how they belong to another of them."""
    kept: list[str] = []
    for line in sorted(bearers):
        if not any(other in kept for _, other in lines[line].related):
            kept.append(line)
    return tuple(kept)


def _overlaps(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias, at: int) -> Iterator[Difference]:
    ahead = sorted(
        (
            (meeting.start, alias.get(meeting.line, meeting.line), meeting)
            for document in documents
            for meeting in document.meetings
            if meeting.exact and meeting.end > at and lines[alias.get(meeting.line, meeting.line)].phase in OPEN
        ),
        key=lambda each: each[:2],
    )
    for place, (_, one, meeting) in enumerate(ahead):
        for start, other, later in ahead[place + 1 :]:
            if start >= max(meeting.end, meeting.start + 1):
                break
            one_series = bool(meeting.series) and meeting.series == later.series
            if one != other and not one_series and ("same-id", other) not in lines[one].related:
                yield Difference(OVERLAP, tuple(sorted((one, other))), at=start)


def _statements(apart: Iterable[Apart], lines: dict[str, Line]) -> Iterator[Difference]:
    for together in apart:
        if together.differ and any(lines[line].phase in (*OPEN, "on-hold") for line in together.lines):
            yield Difference(STATEMENTS, together.lines)


def _told(lines: dict[str, Line]) -> Iterator[Difference]:
    for line in lines.values():
        for flag in line.flags:
            if flag.code in _TOLD:
                yield Difference(flag.code, (line.id,), flag.about, flag.at)


def _codes_and_words(documents: Iterable[Facts], alias: Alias) -> Iterator[Difference]:
    for document in documents:
        for line in document.codes_differ:
            yield Difference(CODE_WORDS, (alias.get(line, line),))
