"""Everything the lines place in time, oldest first."""

from collections.abc import Iterable

from msgspec import structs

from patientoverblik.overview.facts import Alias, Facts
from patientoverblik.overview.model import TimelineEvent


def timeline_of(documents: Iterable[Facts], alias: Alias) -> tuple[TimelineEvent, ...]:
    """The events of all documents in order of time; what two parties say alike of one line stands once."""
    events = [event for document in documents for event in document.events]
    if alias:
        events = _once(events, alias)
    return tuple(sorted(events, key=_order))


def _once(events: list[TimelineEvent], alias: Alias) -> list[TimelineEvent]:
    found: dict[tuple[str, str, str], TimelineEvent] = {}
    for event in events:
        line = alias.get(event.line)
        one = event if line is None else structs.replace(event, line=line)
        known = found.get((one.line, one.kind, one.text))
        if known is None or one.lane < known.lane:
            found[one.line, one.kind, one.text] = one
    return list(found.values())


def _order(event: TimelineEvent) -> tuple[int, str, str, str]:
    return (event.at, event.kind, event.line, event.text)
