"""All about one line: where it stands, by which line of the mapping it was read, and what it said before."""

from collections.abc import Iterable

import msgspec

from patientoverblik.care import Unknown
from patientoverblik.edges.portal.page import Fact, OtherWording
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.row import origin
from patientoverblik.edges.portal.present.told import told
from patientoverblik.edges.portal.words import codes_text
from patientoverblik.overview import Wording
from patientoverblik.service.model import Explained, Explanation


class Place(msgspec.Struct, frozen=True):
    """One party's wording, and where in its document it was read."""

    wording: OtherWording
    facts: tuple[Fact, ...]


class LinePage(msgspec.Struct, frozen=True):
    """A line with everything known of where it comes from."""

    words: str
    rule: str
    places: tuple[Place, ...]
    versions: tuple[OtherWording, ...]


def line_page(desk: Desk, answer: Explained) -> LinePage:
    """The page of a line that the service has explained; ``desk`` holds that line alone."""
    line = answer.line
    places = [_place(desk, wording, each) for wording, each in zip(line.wordings, answer.origins, strict=True)]
    return LinePage(
        words=desk.said(line.id).words,
        rule=desk.text(line.rule) if len(places) > 1 else "",
        places=tuple(places),
        versions=tuple(_earlier(desk, line.wordings, answer.versions)),
    )


def _place(desk: Desk, wording: Wording, found: Explanation) -> Place:
    code = getattr(wording.value, "code", None)
    facts = (
        ("Plads i dokumentets læsning", found.place),
        ("Sti i dokumentet (XPath)", found.path),
        ("Linje i oversættelsen", found.mapping),
        ("Læst med", wording.attribution.profile),
        ("Kode", "" if isinstance(code, Unknown) else codes_text(code)),
        ("Dokumentets nummer", found.unique_id),
    )
    return Place(_wording(desk, wording), tuple([Fact(name, text) for name, text in facts if text]))


def _earlier(desk: Desk, shown: Iterable[Wording], versions: Iterable[Wording]) -> Iterable[OtherWording]:
    """Each party's wordings that are not shown now, newest first; one that did not change is told once."""
    known = {_key(desk, wording) for wording in shown}
    for wording in versions:
        key = _key(desk, wording)
        if key not in known:
            known.add(key)
            yield _wording(desk, wording)


def _key(desk: Desk, wording: Wording) -> tuple[str, str, tuple[str, ...]]:
    said = told(wording.value, desk.words, desk.now)
    return (wording.attribution.organisation, said.words, (*said.facts, *[call.text for call in said.calls]))


def _wording(desk: Desk, wording: Wording) -> OtherWording:
    said = told(wording.value, desk.words, desk.now)
    return OtherWording(said.words, said.facts, origin(desk, wording.attribution, wording.value), said.calls)
