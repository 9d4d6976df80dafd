"""Lines of different documents find each other: links by identifier, groups by condition, and what follows for a
referral."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import structs

from patientoverblik.overview.facts import Alias, Apart, Facts
from patientoverblik.overview.links import GROUPING, INVERSE
from patientoverblik.overview.model import Flag, Line
from patientoverblik.overview.phases import OPEN


def key_lines(documents: Sequence[Facts], wanted: Iterable[str]) -> dict[str, list[tuple[Facts, str]]]:
    """The lines that the wanted business identifiers stand for, each with its document."""
    found: defaultdict[str, list[tuple[Facts, str]]] = defaultdict(list)
    for key in wanted:
        for document in documents:
            line = document.keys.get(key)
            if line is not None:
                found[key].append((document, line))
    return found


def rename(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> None:
    """Let lines that name a merged line name it by its one id."""
    for document in documents:
        for target in document.referrers.keys() & alias.keys():
            for referrer in document.referrers[target]:
                line = lines[alias.get(referrer, referrer)]
                lines[line.id] = structs.replace(
                    line,
                    groups=tuple(dict.fromkeys(alias.get(group, group) for group in line.groups)),
                    related=tuple(dict.fromkeys((kind, alias.get(other, other)) for kind, other in line.related)),
                )


def connect(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> None:
    """Resolve the links that lead from one document to another, both ways, and what a named realisation means for a
    referral."""
    reach = key_lines(documents, {link.key for document in documents for link in document.links})
    for document in documents:
        for link in document.links:
            for owner, named in reach.get(link.key, ()):
                _join(lines, document, link.kind, alias.get(link.line, link.line), owner, alias.get(named, named))
    _group_through(documents, lines, alias)
    _fall_back(documents, lines, alias)


def link_same(apart: Iterable[Apart], lines: dict[str, Line]) -> None:
    """Lines that claim the same business identifier and stand apart name each other."""
    for together in apart:
        for one in together.lines:
            for other in together.lines:
                if one != other:
                    _add_related(lines, one, ("same-id", other))


def flag(lines: dict[str, Line], line: str, *flags: Flag) -> None:
    """Add flags to a line, each once."""
    known = lines[line]
    lines[line] = structs.replace(known, flags=tuple(dict.fromkeys((*known.flags, *flags))))


def _join(lines: dict[str, Line], document: Facts, kind: str, origin: str, owner: Facts, target: str) -> None:
    if target == origin:
        return
    if kind in GROUPING:
        _group(lines, origin, (target,))
        return
    _add_related(lines, origin, (kind, target))
    _add_related(lines, target, (INVERSE[kind], origin))
    if owner is not document:
        _follow(lines, kind, origin, target, document.origin.organisation == owner.origin.organisation)


def _add_related(lines: dict[str, Line], line: str, pair: tuple[str, str]) -> None:
    known = lines[line]
    if pair not in known.related:
        lines[line] = structs.replace(known, related=(*known.related, pair))


def _group(lines: dict[str, Line], line: str, targets: Sequence[str]) -> None:
    known = lines[line]
    conditions = [target for target in targets if lines[target].kind == "condition"]
    if conditions:
        lines[line] = structs.replace(known, groups=tuple(dict.fromkeys((*known.groups, *conditions))))


def _follow(lines: dict[str, Line], kind: str, origin: str, target: str, own: bool) -> None:
    """What another document says becomes of an intervention: a referral another party carries out is done; one that
    its own organisation (``own``) replaces in a later plan is replaced."""
    by, of = lines[origin], lines[target]
    if by.phase == "cancelled" or of.kind != "intervention":
        return
    if kind == "realises" and not own and of.phase in OPEN:
        told = Flag(code="overview.realised", at=by.attribution.at, about=by.attribution.organisation)
        lines[target] = structs.replace(of, phase="ended", flags=(*of.flags, told))
    elif kind == "replaces" and own and of.phase in (*OPEN, "on-hold"):
        lines[target] = structs.replace(of, phase="replaced")


def _group_through(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> None:
    """An intervention belongs to the conditions of the goals it serves in other documents, an appointment to its
    interventions'."""
    origins = dict.fromkeys(alias.get(link.line, link.line) for document in documents for link in document.links)
    for kind in ("goal", "intervention"):
        for origin in origins:
            line = lines[origin]
            if not line.groups:
                _group(
                    lines,
                    origin,
                    [group for link, other in line.related if link == kind for group in lines[other].groups],
                )


def _fall_back(documents: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> None:
    for document in documents:
        for named in document.fallback:
            line = alias.get(named, named)
            if not lines[line].groups:
                _group(lines, line, [alias.get(condition, condition) for condition in document.conditions])
