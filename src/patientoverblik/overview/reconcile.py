"""The same thing from several parties becomes one line, by declared rules only (DESIGN 6).

Two lines agree when a rule joins them and nothing that could hurt differs. Lines become one when every two of them
agree; else all of them stand side by side. The order of documents does not matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from patientoverblik.overview.compare import codes_of, guard_of
from patientoverblik.overview.facts import Fact, Facts, Origin
from patientoverblik.overview.model import Line

SAME_ID = "overview.same-business-id"
SAME_CODE = "overview.same-code-reviewed"
MERGEABLE = frozenset({"condition", "goal", "patient-goal", "intervention", "measurement", "contact", "appointment"})
Pair = frozenset[str]
Bearer = tuple[Facts, str]
"""A line that carries a mark, and its document."""


def shared_marks(documents: Iterable[Facts]) -> dict[str, list[Fact]]:
    """The marks (business identifiers and reviewed code rows) that more than one line carries, with those lines."""
    first: dict[str, Bearer] = {}
    shared: dict[str, list[Bearer]] = {}
    for document in documents:
        for mark, line in document.marks:
            if mark in first:
                shared.setdefault(mark, [first[mark]]).append((document, line))
            else:
                first[mark] = (document, line)
    return {mark: [_fact_of(*bearer) for bearer in bearers] for mark, bearers in shared.items()}


def _fact_of(document: Facts, name: str) -> Fact:
    line, origin = document.lines[name], document.origin
    value = line.value
    return Fact(
        id=line.id,
        kind=line.kind,
        codes=codes_of(value),
        guard=guard_of(value),
        said=_said(value, origin),
        document=origin.entry,
        organisation=origin.organisation,
    )


def _said(value: Any, origin: Origin) -> int:
    times = [each.time.earliest for each in getattr(value, "documented_by", ()) if each.time is not None]
    return max(times, default=origin.said)


def agree(one: Fact, other: Fact) -> bool:
    """Whether nothing forbids that both are the same thing: other document, other author organisation, same kind,
    equal guards, and no code system in which they say different things."""
    return (
        one.document != other.document
        and one.organisation != other.organisation
        and one.kind == other.kind
        and one.kind in MERGEABLE
        and one.guard == other.guard
        and _codes_agree(one, other)
    )


def contradict(one: Fact, other: Fact) -> bool:
    """Whether two organisations say different things of what they call the same."""
    differ = one.kind != other.kind or one.guard != other.guard or not _codes_agree(one, other)
    return differ and one.organisation != other.organisation and {one.kind, other.kind} <= MERGEABLE


def cliques(shared: dict[str, list[Fact]]) -> list[tuple[str, tuple[Fact, ...]]]:
    """The groups of lines that become one, each with its rule: connected by agreement, and everyone with everyone."""
    joined, facts = _joined(shared)
    groups = []
    for component in _components(joined):
        pairs = [frozenset(pair) for pair in combinations(component, 2)]
        if all(pair in joined for pair in pairs):
            rule = SAME_ID if all(SAME_ID in joined[pair] for pair in pairs) else SAME_CODE
            groups.append((rule, tuple(facts[line] for line in component)))
    return groups


def merged(rule: str, members: Sequence[Fact], lines: dict[str, Line], at: int) -> Line:
    """One line of several: the newest wording that is not from the future is shown, the patient's own before all
    others."""
    ordered = sorted(members, key=lambda fact: (-(fact.said if fact.said <= at else -1), fact.id))
    parts = [lines[fact.id] for fact in ordered]
    shown = parts[0]
    return Line(
        id=min(fact.id for fact in members),
        kind=shown.kind,
        phase=shown.phase,
        wordings=tuple(wording for part in parts for wording in part.wordings),
        rule=rule,
        groups=tuple(dict.fromkeys(group for part in parts for group in part.groups)),
        flags=tuple(dict.fromkeys(flag for part in parts for flag in part.flags)),
        related=tuple(dict.fromkeys(pair for part in parts for pair in part.related)),
        plan=shown.plan,
        members=tuple(part.id for part in parts),
    )


def _codes_agree(one: Fact, other: Fact) -> bool:
    systems = {system for system, _ in one.codes} & {system for system, _ in other.codes}
    return all(
        {code for at, code in one.codes if at == system} & {code for at, code in other.codes if at == system}
        for system in systems
    )


def _joined(shared: dict[str, list[Fact]]) -> tuple[dict[Pair, set[str]], dict[str, Fact]]:
    joined: defaultdict[Pair, set[str]] = defaultdict(set)
    facts: dict[str, Fact] = {}
    for mark, bearers in shared.items():
        rule = SAME_ID if mark.startswith("id:") else SAME_CODE
        for one, other in combinations(bearers, 2):
            if agree(one, other):
                joined[frozenset((one.id, other.id))].add(rule)
                facts[one.id], facts[other.id] = one, other
    return joined, facts


def _components(joined: Iterable[Pair]) -> list[tuple[str, ...]]:
    member: dict[str, set[str]] = {}
    for pair in joined:
        together = set().union(*(member.get(line, {line}) for line in pair))
        for line in together:
            member[line] = together
    return sorted({tuple(sorted(component)) for component in member.values()})
