"""Rules as rows: loaded once, compiled to XPath, asked of each document.

``rules/profiles.csv`` says how a document shows which profile it is of and which tables hold its rules; a table
``rules/<name>.csv`` has the columns ``code, context, test, path, argument, about, source``. A fault in a table stops
the load with its file and line.
"""

from collections.abc import Iterator, Mapping

import msgspec
from lxml import etree

from patientoverblik.conformance.contexts import Find, Templates, find_context, is_absolute
from patientoverblik.conformance.fault import Fault
from patientoverblik.conformance.tables import Condition, Row, Search, TableError, condition, rows, search
from patientoverblik.conformance.vocabulary import KINDS, at_fault
from patientoverblik.problems import CATALOGUE

TOGETHER = 6
"""So many contexts are asked together: most are kept, and one broken rule has only these looked at one by one."""


class Rule(msgspec.Struct, frozen=True):
    """One rule: what its fault is called and the XPath, from the context, to the elements at fault."""

    code: str
    about: str
    faults: Search


class Context(msgspec.Struct, frozen=True):
    """The elements that some rules are about, looked for once, and those rules.

    ``breaks`` asks in one go whether any of the rules is broken, as most of them seldom are.
    """

    find: Find
    breaks: Condition
    rules: tuple[Rule, ...]


class Part(msgspec.Struct, frozen=True):
    """Some contexts with absolute paths, and whether any of their rules is broken, asked in one go; or one context."""

    breaks: Condition | None
    contexts: tuple[Context, ...]


class Profile(msgspec.Struct, frozen=True):
    """A profile: how it is known, and its rules by their context, several of which are asked together."""

    name: str
    when: Condition
    parts: tuple[Part, ...]


def load_profiles() -> Mapping[str, Profile]:
    """Every profile in the order of the table, which is the order in which a document is asked."""
    return {row["profile"]: load_profile(row) for row in rows("profiles")}


def load_profile(row: Row) -> Profile:
    """One row of ``profiles.csv`` with the tables it names."""
    table = [one for name in row["tables"].split() for one in rows(name)]
    by_context: dict[str, list[Row]] = {}
    for one in table:
        by_context.setdefault(one["context"], []).append(one)
    groups = list(by_context.values())
    anywhere = [group for group in groups if not is_absolute(group[0]["context"])]
    absolute = [group for group in groups if is_absolute(group[0]["context"])]
    parts = [*batched(absolute, TOGETHER), *([group] for group in anywhere)]
    return Profile(row["profile"], condition(row, row["when"]), tuple(map(part, parts)))


def batched(groups: list[list[Row]], size: int) -> Iterator[list[list[Row]]]:
    """Some groups at a time."""
    return (groups[start : start + size] for start in range(0, len(groups), size))


def part(groups: list[list[Row]]) -> Part:
    """The rows of a part's contexts made ready."""
    asked = " or ".join(f"boolean({group[0]['context']}[{breaking(group)}])" for group in groups)
    breaks = condition(groups[0][0], asked) if len(groups) > 1 else None
    return Part(breaks, tuple(context(group) for group in groups))


def context(group: list[Row]) -> Context:
    """The rows of one context made ready."""
    rules = tuple(rule(row) for row in group)
    breaks = condition(group[0], breaking(group))
    return Context(find_context(group[0], group[0]["context"]), breaks, rules)


def breaking(group: list[Row]) -> str:
    """An XPath for whether any rule of a context is broken."""
    return " or ".join(f"boolean({KINDS[row['test']](row['path'], row['argument'])})" for row in group)


def rule(row: Row) -> Rule:
    """One rule row made ready."""
    if row["test"] not in KINDS:
        raise TableError(row, f"no such kind of test: {row['test']}")
    if row["code"] not in CATALOGUE:
        raise TableError(row, f"no such code in the problem catalogue: {row['code']}")
    if not row["source"]:
        raise TableError(row, "a rule needs its source")
    return Rule(row["code"], row["about"], search(row, at_fault(row["test"], row["path"], row["argument"])))


PROFILES: Mapping[str, Profile] = load_profiles()


def recognise(root: etree._Element) -> str:
    """The profile a document shows itself to be of, by its templates; empty if none."""
    return next((profile.name for profile in PROFILES.values() if profile.when(root)), "")


def rule_faults(root: etree._Element, templates: Templates, profile: str) -> Iterator[Fault]:
    """Every rule of a profile that a document breaks, at each element that breaks it."""
    for one in PROFILES[profile].parts:
        if one.breaks is None or one.breaks(root):
            for each in one.contexts:
                for node in each.find(root, templates):
                    if each.breaks(node):
                        yield from broken(each.rules, node)


def broken(rules: tuple[Rule, ...], node: etree._Element) -> Iterator[Fault]:
    """What one context breaks."""
    for one in rules:
        for fault in one.faults(node):
            yield Fault(one.code, node=fault, about=one.about)
