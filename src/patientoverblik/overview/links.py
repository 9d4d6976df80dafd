"""What a document's lines refer to: resolved within the document at once, kept by key where they lead to other
documents."""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from patientoverblik.care import Appointment, Contact, Contribution, Goal, Intervention, Responsibility
from patientoverblik.overview.attribution import identifier_text
from patientoverblik.overview.facts import Charge, Link, Origin, end_of, organisation_key
from patientoverblik.overview.items import Placed
from patientoverblik.overview.model import Attribution

GROUPING = frozenset({"condition"})
INVERSE = {
    "supports": "supported-by",
    "part-of": "has-part",
    "goal": "served-by",
    "realises": "realised-by",
    "replaces": "replaced-by",
    "appointment": "contact",
    "intervention": "appointment",
}
_GROUPED: tuple[type, ...] = (Goal, Intervention, Appointment)
_REFERENCES: dict[type, tuple[tuple[str, str], ...]] = {
    Goal: (("condition", "addresses"), ("supports", "supports"), ("part-of", "part_of")),
    Intervention: (
        ("condition", "reasons"), ("goal", "goals"), ("realises", "realises"), ("replaces", "replaces"),
    ),
    Contact: (("appointment", "appointment"),),
    Appointment: (("intervention", "interventions"),),
}  # fmt: skip


class Near(msgspec.Struct, frozen=True, gc=False):
    """Links as far as one document resolves them: conditions of each line, related lines, and what leads outward.

    ``fallback`` are lines without a resolved condition that belong to a plan; ``referrers`` tells which lines name a
    line.
    """

    groups: dict[str, tuple[str, ...]]
    related: dict[str, tuple[tuple[str, str], ...]]
    outward: tuple[Link, ...]
    fallback: tuple[str, ...]
    referrers: dict[str, tuple[str, ...]]


NOTHING_NEAR = Near({}, {}, (), (), {})


def links_of(placed: Placed) -> Iterator[Link]:
    """Every reference of the lines to an identifier, in the order of the document."""
    for kind, references in _REFERENCES.items():
        for line, value in placed[kind]:
            for name, field in references:
                for identifier in getattr(value, field):
                    yield Link(line, name, identifier_text(identifier))


def local_links(placed: Placed, known: dict[str, str], conditions: tuple[str, ...]) -> Near:
    """Resolve what the document itself can resolve; a line with no condition of its own falls back to its plan's
    conditions."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    related: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    outward = []
    for link in links_of(placed):
        target = known.get(link.key)
        if target is None or target == link.line:
            outward.append(link)
        elif link.kind in GROUPING:
            groups[link.line].append(target)
        else:
            related[link.line].append((link.kind, target))
            related[target].append((INVERSE[link.kind], link.line))
    if not (groups or related or outward or conditions):
        return NOTHING_NEAR
    _through_goals(groups, related)
    fallback = [line for kind in _GROUPED for line, _ in placed[kind] if line not in groups] if conditions else []
    afar = {link.line for link in outward}
    groups.update((line, list(conditions)) for line in fallback if line not in afar)
    return Near(
        groups={line: tuple(dict.fromkeys(targets)) for line, targets in groups.items()},
        related={line: tuple(dict.fromkeys(pairs)) for line, pairs in related.items()},
        outward=tuple(outward),
        fallback=tuple([line for line in fallback if line in afar]),
        referrers=_referrers(groups, related),
    )


def charges_of(care: Contribution, plan: str, origin: Origin) -> tuple[Charge, ...]:
    """The responsibilities a document states; a message asks for an answer, and hands nothing over."""
    if care.plan is None or care.plan.kind == "message":
        return ()
    return tuple(_charge(each, plan, origin) for each in care.plan.responsibilities)


def _charge(stated: Responsibility, plan: str, origin: Origin) -> Charge:
    period = stated.period
    return Charge(
        plan=plan,
        organisation=organisation_key(stated.organisation),
        keys=tuple(identifier_text(each) for each in stated.covers),
        start=period.start.earliest if period.start else 0,
        end=end_of(period.end) if period.end else 0,
        said=origin.said,
        value=stated,
        attribution=_placed_at(origin.attribution, stated.place),
        own=organisation_key(stated.organisation) == origin.organisation,
    )


def _placed_at(whole: Attribution, place: str) -> Attribution:
    return msgspec.structs.replace(whole, place=place)


def _through_goals(groups: defaultdict[str, list[str]], related: defaultdict[str, list[tuple[str, str]]]) -> None:
    """An intervention belongs to the conditions its goals address, an appointment to those of its interventions."""
    for kind in ("goal", "intervention") if related else ():
        for line, pairs in list(related.items()):
            if line not in groups:
                found = [group for link, target in pairs if link == kind for group in groups.get(target, ())]
                if found:
                    groups[line] = found


def _referrers(
    groups: defaultdict[str, list[str]], related: defaultdict[str, list[tuple[str, str]]]
) -> dict[str, tuple[str, ...]]:
    naming: defaultdict[str, list[str]] = defaultdict(list)
    for line, targets in groups.items():
        for target in targets:
            naming[target].append(line)
    for line, pairs in related.items():
        for _, target in pairs:
            naming[target].append(line)
    return {target: tuple(lines) for target, lines in naming.items()}
