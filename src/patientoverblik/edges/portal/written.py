"""The overview page, where most of it has been written before.

As long as the drawing of an overview holds (:mod:`patientoverblik.overview.build`) and the day is the same, a reader
who comes back to a patient gets the parts of the page as they were written. What changes by the minute is written each
time: what stands above the parts, and the list of sources with the time each was heard from.
"""

from datetime import date

from msgspec import structs

from patientoverblik.edges.portal.dates import danish_time
from patientoverblik.edges.portal.layout import Layout
from patientoverblik.edges.portal.page import Page, Section
from patientoverblik.edges.portal.present.desk import Desk, desk
from patientoverblik.edges.portal.present.overview import page_of, part_of, parts_of
from patientoverblik.edges.portal.render import render_part
from patientoverblik.overview import Overview, SourceState
from patientoverblik.overview.build import at_rest, lasting
from patientoverblik.overview.recent import Recent, Same

ROOM = 6_000_000  # characters of HTML, up to two bytes each
EACH_TIME = "sources"
Key = tuple[Same, str, str, tuple[SourceState, ...], date]
_KEPT: Recent[Key, tuple[Section, ...]] = Recent(ROOM, lambda parts: sum([len(part.html) + 500 for part in parts]))


def written_page(
    shown: Overview, layout: Layout, base: str, reader: str = "", on_behalf: str = "", rule: str = ""
) -> Page:
    """The page that :func:`patientoverblik.edges.portal.present.present` makes, its parts already written."""
    at = desk(shown, layout, base, on_behalf)
    kept = _kept(at)
    parts = tuple([part_of(at, part.id) if part.layout == EACH_TIME else part for part in kept])
    return page_of(at, parts, reader, rule)


def _kept(at: Desk) -> tuple[Section, ...]:
    """The parts by all they follow from: a desk is laid anew with nothing but that on it."""
    resting = structs.replace(at.overview, sources=tuple(map(at_rest, at.overview.sources)), filtered=False)
    same = Same((*lasting(resting).values, at.layout))
    key = (same, at.base, at.on_behalf, resting.sources, danish_time(at.now).date())
    found = _KEPT.get(key)
    if found is None:
        found = _KEPT[key] = tuple(map(_written, parts_of(desk(resting, at.layout, at.base, at.on_behalf))))
    return found


def _written(part: Section) -> Section:
    html = "" if part.layout == EACH_TIME else render_part(part)
    return Section(part.id, part.title, part.layout, html=html)
