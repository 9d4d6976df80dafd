"""The parts of the overview by the view profile: their lines in order, and what their emptiness means (DESIGN 5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from patientoverblik.overview.facts import Alias, Facts
from patientoverblik.overview.model import Line, Section, SectionState, SourceState
from patientoverblik.overview.phases import OPEN
from patientoverblik.overview.view import SectionProfile
from patientoverblik.sharing.model import DocumentEntry

_PHASES = ("active", "planned", "on-hold", "unknown", "ended", "replaced", "cancelled")
Span = tuple[int, int]
_RANK = {phase: rank for rank, phase in enumerate(_PHASES)}


def sections_of(
    profiles: Iterable[SectionProfile],
    shown: Callable[[SectionProfile], tuple[str, ...]],
    filled: Mapping[str, bool],
    sources: Sequence[SourceState],
    unread: Sequence[DocumentEntry],
) -> tuple[Section, ...]:
    """Every section of a view; ``shown`` gives the ids of a section's lines, ``filled`` whether a part that shows
    no lines has content."""
    sections = []
    for profile in profiles:
        lines = shown(profile)
        has_content = bool(lines) or filled.get(profile.shows, False)
        sections.append(_section(profile, lines, has_content, sources, unread))
    return tuple(sections)


def shown_by(
    documents: Sequence[Facts],
    lines: dict[str, Line],
    alias: Alias,
    row_of: dict[str, str],
    at: int,
) -> Callable[[SectionProfile], tuple[str, ...]]:
    """What a section shows: ids of its kinds' lines in the profile's order, times of a series by their row."""
    by_kind: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines.values(), key=lambda line: _newest(line, at)):
        if line.id not in row_of:
            by_kind[line.kind].append(line)
    times = _times(documents, lines, alias, row_of, at)

    def shown(profile: SectionProfile) -> tuple[str, ...]:
        chosen = [line for kind in profile.kinds for line in by_kind.get(kind, ())]
        return tuple(line.id for line in _ordered(chosen, profile.order, times, at))

    return shown


def _ordered(chosen: list[Line], order: str, times: dict[str, Span], at: int) -> list[Line]:
    if order in ("ahead", "past"):
        return _by_time(chosen, order == "ahead", times, at)
    if order == "newest":
        return chosen
    return sorted(chosen, key=_by_phase if order == "phase" else _by_place)


def _by_phase(line: Line) -> int:
    return _RANK[line.phase]


def _by_place(line: Line) -> tuple[str, str]:
    return (line.wordings[0].attribution.place, line.id)


def _newest(line: Line, at: int) -> tuple[int, str]:
    said = line.wordings[0].attribution.at
    return (-said if said <= at else 1, line.id)


def _by_time(chosen: list[Line], ahead: bool, times: dict[str, Span], at: int) -> list[Line]:
    """Open appointments that are not over, the next first and those without time last; else all others, the latest
    first."""
    kept = [line for line in chosen if _is_ahead(line, times, at) == ahead]
    if ahead:
        return sorted(kept, key=lambda line: (times[line.id][0] == 0, *times[line.id], line.id))
    return sorted(kept, key=lambda line: (-times[line.id][0], line.id))


def _is_ahead(line: Line, times: dict[str, Span], at: int) -> bool:
    start, end = times[line.id]
    return line.phase in OPEN and (start == 0 or end > at)


def _times(
    documents: Iterable[Facts], lines: dict[str, Line], alias: Alias, row_of: dict[str, str], at: int
) -> dict[str, Span]:
    """Start and end of each appointment line; of a series its next time that stands, else its last that is over."""
    spans: defaultdict[str, list[tuple[Span, bool]]] = defaultdict(list)
    for document in documents:
        for meeting in document.meetings:
            line = alias.get(meeting.line, meeting.line)
            spans[row_of.get(line, line)].append(((meeting.start, meeting.end), lines[line].phase in OPEN))
    return {line: found[0][0] if len(found) == 1 else _shown_time(found, at) for line, found in spans.items()}


def _shown_time(found: list[tuple[Span, bool]], at: int) -> Span:
    ahead = [span for span, stands in found if stands and span[1] > at]
    over = [span for span, _ in found if span[1] <= at]
    return min(ahead) if ahead else max(over or [span for span, _ in found])


def _section(
    profile: SectionProfile,
    lines: tuple[str, ...],
    has_content: bool,
    sources: Sequence[SourceState],
    unread: Sequence[DocumentEntry],
) -> Section:
    concerned = [source for source in sources if _delivers(source.kinds, profile.parts)] if profile.parts else []
    silent = tuple(source.id for source in concerned if source.state == "not-retrieved")
    held_back = tuple(entry.uuid for entry in unread if profile.parts and _delivers(entry.parts, profile.parts))
    answered = any(source.state == "retrieved" for source in concerned)
    return Section(
        id=profile.id,
        state=_state(has_content, bool(silent or held_back), answered or not profile.parts),
        lines=lines,
        silent=silent,
        unconnected=tuple(source.id for source in concerned if source.state == "not-connected"),
        unread=held_back,
    )


def _state(has_content: bool, missing: bool, answered: bool) -> SectionState:
    """None recorded may only be said when every connected source answered and everything they hold could be read."""
    if has_content:
        return "lines"
    if missing:
        return "not-retrieved"
    return "none-recorded" if answered else "not-connected"


@lru_cache(maxsize=1024)
def _delivers(kinds: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether a source or document of these kinds could fill the section; one that does not say could."""
    return not kinds or not set(kinds).isdisjoint(parts)
