"""Appointments that repeat are one row; every time keeps its own line behind it."""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b

from msgspec import structs

from patientoverblik.overview.facts import Alias, Facts, Meeting
from patientoverblik.overview.model import Line
from patientoverblik.overview.phases import OPEN


def fold_series(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias, at: int) -> dict[str, str]:
    """Add one line per series of more than one time, shown by its next time (else its last); gives each time's row."""
    times: defaultdict[str, dict[str, Meeting]] = defaultdict(dict)
    for document in documents:
        for meeting in document.meetings:
            if meeting.series:
                times[meeting.series][alias.get(meeting.line, meeting.line)] = meeting
    row_of: dict[str, str] = {}
    for series, meetings in times.items():
        if len(meetings) > 1:
            row = _row(series, sorted(meetings.items(), key=lambda each: (each[1].start, each[0])), lines, at)
            lines[row.id] = row
            row_of |= dict.fromkeys(meetings, row.id)
    return row_of


def _row(series: str, ordered: list[tuple[str, Meeting]], lines: dict[str, Line], at: int) -> Line:
    ahead = [line for line, meeting in ordered if meeting.end > at and lines[line].phase in OPEN]
    shown = lines[ahead[0] if ahead else ordered[-1][0]]
    phases = {lines[line].phase for line, _ in ordered}
    return structs.replace(
        shown,
        id=blake2b(f"series\x00{series}".encode(), digest_size=10).hexdigest(),
        phase=next((phase for phase in ("active", "planned", "unknown", "ended") if phase in phases), shown.phase),
        related=tuple(("occurrence", line) for line, _ in ordered),
        count=len(ordered),
    )
