"""What a reader must not miss, worked out at the moment of looking and never stored: passed deadlines, gaps and
handovers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import structs

from patientoverblik.care import COPENHAGEN
from patientoverblik.overview.connect import flag, key_lines
from patientoverblik.overview.facts import Alias, Charge, Facts, in_force
from patientoverblik.overview.model import Flag, Line
from patientoverblik.overview.phases import OPEN

OVERDUE = "overview.overdue"
AWAITING = "overview.awaiting-acceptance"
DECLINED = "overview.handover-declined"
NOBODY = "overview.no-responsible"
PAST = "overview.past"
DELAYED = "overview.delayed"
STARTED = "overview.handover-started"
START = "seneste start"
_TAKEN = ("accepted", "started")
_ASKED = {"requested": AWAITING, "declined": DECLINED}
_ANSWERED = {
    "declined": DECLINED,
    "accepted": "overview.handover-accepted",
    "started": STARTED,
}
_STANDS = (*OPEN, "on-hold")


def flag_overdue(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias, at: int) -> None:
    """Deadlines that have passed; the flag's time is the last moment that was in time."""
    for document in documents:
        for due in document.dues:
            if due.at <= at:
                line = lines[alias.get(due.line, due.line)]
                if line.phase in due.waits:
                    flag(lines, line.id, Flag(code=OVERDUE, at=due.at - 1, about=due.about))


def flag_delayed(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias, at: int) -> None:
    """Lines of documents that the patient does not see yet, each with the day from which they do."""
    for document in documents:
        if at < document.shown_from:
            day = datetime.fromtimestamp(document.shown_from // 1000, COPENHAGEN)
            for line in document.lines:
                shown = lines[alias.get(line, line)]
                flag(lines, shown.id, Flag(DELAYED, document.shown_from, f"{day.day}.{day.month}.{day.year}"))


def flag_past(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias, at: int) -> None:
    """Appointments whose time has passed and whose document does not say how they went; the flag's time is the end."""
    for document in documents:
        for meeting in document.meetings:
            if meeting.start and meeting.end <= at:
                line = lines[alias.get(meeting.line, meeting.line)]
                if line.phase in OPEN:
                    flag(lines, line.id, Flag(code=PAST, at=meeting.end))


def flag_responsibility(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias, at: int) -> None:
    """Handovers that are asked for or declined, and plans that say who is responsible when and have nobody now
    (invariant I8)."""
    charged = _charged(documents, alias)
    for line, charges in charged.items():
        if line in lines and lines[line].phase in _STANDS:
            _flag_handovers(lines, line, charges, at)
            if lines[line].kind == "plan":
                _flag_gap(lines, line, charges, at)


def _charged(documents: Sequence[Facts], alias: Alias) -> dict[str, list[Charge]]:
    charges = [charge for document in documents for charge in document.charges]
    if not charges:
        return {}
    reach = key_lines(documents, {key for charge in charges for key in charge.keys})
    charged: defaultdict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        targets = [line for key in charge.keys for _, line in reach.get(key, ())] if charge.keys else [charge.plan]
        for line in dict.fromkeys(alias.get(target, target) for target in targets):
            charged[line].append(charge)
    return charged


def _flag_handovers(lines: dict[str, Line], line: str, charges: list[Charge], at: int) -> None:
    if any(told.code == "overview.realised" for told in lines[line].flags):
        return
    standing: defaultdict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        if charge.end == 0 or at < charge.end:
            standing[charge.organisation].append(charge)
    for stated in standing.values():
        for charge in _in_effect(stated):
            code = (_ANSWERED if charge.own and not charge.plan else _ASKED).get(str(charge.value.commitment))
            if code:
                flag(lines, line, Flag(code=code, at=charge.start, about=charge.value.organisation.name))
            if code == STARTED:
                _in_time(lines, line)


def _in_time(lines: dict[str, Line], line: str) -> None:
    """What has begun, by its receiver's word, is not late to begin."""
    kept = tuple(told for told in lines[line].flags if (told.code, told.about) != (OVERDUE, START))
    lines[line] = structs.replace(lines[line], flags=kept)


def _in_effect(stated: list[Charge]) -> list[Charge]:
    """What is to be told of one organisation's part: its own newest word; where it has none, that somebody says it has
    taken it, else everything the others say."""
    own = [charge for charge in stated if charge.own and str(charge.value.commitment) != "requested"]
    if own:
        return [max(own, key=lambda charge: charge.said)]
    taken = [charge for charge in stated if charge.value.commitment in _TAKEN]
    return taken[:1] or stated


def _flag_gap(lines: dict[str, Line], line: str, charges: list[Charge], at: int) -> None:
    carried = [charge for charge in charges if charge.value.commitment not in ("requested", "declined")]
    if carried and not any(in_force(charge, at) and charge.value.commitment != "ended" for charge in carried):
        since = max((charge.end for charge in carried if charge.end and charge.end <= at), default=0)
        flag(lines, line, Flag(code=NOBODY, at=since))
