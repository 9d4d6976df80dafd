"""The master data card: what each item says, whether it is locked by a register or typed in, by whom and when."""

import msgspec

from patientoverblik.care import CardItem, Unknown
from patientoverblik.edges.portal.dates import moment_text
from patientoverblik.edges.portal.page import CardRow, Section
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.words import joined, party_text
from patientoverblik.overview import Line


def card(desk: Desk, part: Section, ids: tuple[str, ...]) -> Section:
    """The items as a table; what comes from a register stands first."""
    lines = [line for each in ids if (line := desk.line(each))]
    found = [_row(desk, line, line.value) for line in lines if isinstance(line.value, CardItem)]
    return msgspec.structs.replace(part, card=tuple(sorted(found, key=lambda each: not each.locked)))


def _row(desk: Desk, line: Line, item: CardItem) -> CardRow:
    name, _, text = desk.said(line.id).words.partition(": ")
    return CardRow(
        id=desk.anchors.get(line.id, ""),
        name=name,
        text=text or desk.words.word("unknown", "no-information"),
        source=_source(desk, line, item),
        changed=_changed(item),
        locked=item.origin == "register",
        more=f"{desk.base}/linje/{line.id}" if desk.base else "",
    )


def _source(desk: Desk, line: Line, item: CardItem) -> str:
    """Who says so: the register, or whoever typed it in."""
    by = party_text(item.source.party) if item.source else ""
    origin = "" if isinstance(item.origin, Unknown) else desk.words.word("origin", item.origin)
    return joined((origin, by or line.attribution.organisation))


def _changed(item: CardItem) -> str:
    moment = item.changed or (item.source.time if item.source else None)
    return moment_text(moment) if moment else ""
