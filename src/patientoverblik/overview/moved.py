"""Appointments whose time a newer version of their document changed: shown as moved, with the time they had."""

from collections.abc import Sequence

from patientoverblik.overview.connect import flag
from patientoverblik.overview.facts import Alias, Facts, Meeting
from patientoverblik.overview.model import Flag, Line

MOVED = "overview.moved"


def flag_moved(current: Sequence[Facts], replaced: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> None:
    """Flag each appointment that had another time in the version its document replaced; the flag's time is the old
    start."""
    if not replaced:
        return
    before = {facts.origin.entry: facts for facts in replaced}
    for document in current:
        for meeting in document.meetings:
            old = _former(document, meeting, before)
            if old is not None and old.start and (old.start, old.end) != (meeting.start, meeting.end):
                flag(lines, alias.get(meeting.line, meeting.line), Flag(code=MOVED, at=old.start))


def _former(document: Facts, meeting: Meeting, before: dict[str, Facts]) -> Meeting | None:
    """The appointment as the replaced version had it: by its line, or as the only one in both documents."""
    for entry in document.replaces:
        former = before.get(entry)
        if former is None:
            continue
        same = [each for each in former.meetings if each.line == meeting.line]
        if same:
            return same[0]
        if len(former.meetings) == len(document.meetings) == 1:
            return former.meetings[0]
    return None
