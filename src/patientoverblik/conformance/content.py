"""Whether the children of an element fit its type's content model, and which of them do not.

A content model is matched as a regular expression over one letter per tag. Only where that fails is the fault looked
for: first names that never belong here, then too many, then alternatives that exclude each other, then order, then
what is missing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import msgspec

from patientoverblik.formats.cda.facts import ANY_NAME, FACTS, HL7, Element, Group

Fault = Literal["unexpected", "repeated", "exclusive", "misplaced", "missing", "unfit"]
FIRST_LETTER = 0xE000


class Misfit(msgspec.Struct, frozen=True):
    """One fault in a content: at child number ``position``, -1 for the element itself; ``names`` are the norm's
    tags."""

    fault: Fault
    position: int
    names: tuple[str, ...] = ()


class Model(msgspec.Struct, frozen=True):
    """A content model made ready: a letter per tag, the pattern over them, each tag's rank in the order of writing."""

    letters: dict[str, str]
    pattern: re.Pattern[str]
    ranks: dict[str, tuple[int, int]]


def misfits(type_name: str, tags: Sequence[str]) -> list[Misfit]:
    """Everything wrong with a row of children; empty if it fits. ``tags`` as lxml writes them."""
    made = model(type_name)
    if made.pattern.fullmatch(spelled(made, tags)):
        return []
    found, left = without_strangers(made, list(enumerate(tags)))
    for step in (repeated, exclusive, misplaced):
        if made.pattern.fullmatch(spelled(made, [tag for _, tag in left])):
            return found
        more = step(type_name, left)
        bad = {misfit.position for misfit in more}
        found, left = found + more, [pair for pair in left if pair[0] not in bad]
    found += missing(type_name, set(tags))
    return found or [Misfit("unfit", -1)]


@cache
def model(type_name: str) -> Model:
    """The content model of a type, ready for matching."""
    content, children = FACTS.types[type_name].content, FACTS.types[type_name].children
    letters = {tag: chr(FIRST_LETTER + number) for number, tag in enumerate(children)}
    ranks: dict[str, tuple[int, int]] = {}
    for number, part in enumerate(content.parts):
        fixed = isinstance(part, Group) and part.maximum == 1
        for tag in tags_of(part):
            ranks.setdefault(tag, (number, children[tag].order if fixed else 0))
    return Model(letters, re.compile(pattern(content, letters)), ranks)


def pattern(part: Element | Group, letters: dict[str, str]) -> str:
    """A content model as a regular expression."""
    if isinstance(part, Element):
        inner = letters[part.tag]
    else:
        inner = ("|" if part.kind == "choice" else "").join(pattern(one, letters) for one in part.parts)
    most = "" if part.maximum is None else part.maximum
    return f"(?:{inner}){{{part.minimum},{most}}}"


def tags_of(part: Element | Group) -> Iterator[str]:
    """Every tag named in a part."""
    if isinstance(part, Element):
        yield part.tag
    else:
        for one in part.parts:
            yield from tags_of(one)


def letter(made: Model, tag: str) -> str:
    """The letter of a tag; a foreign one has that of the open place, if the type has one."""
    known = made.letters.get(tag)
    if known is None and tag.startswith("{") and not tag.startswith(f"{{{HL7}}}"):
        known = made.letters.get(ANY_NAME)
    return known or "!"


def spelled(made: Model, tags: Sequence[str]) -> str:
    """A row of children in letters."""
    return "".join(letter(made, tag) for tag in tags)


def without_strangers(made: Model, row: list[tuple[int, str]]) -> tuple[list[Misfit], list[tuple[int, str]]]:
    """The children that never belong here, and the rest."""
    strangers = {position for position, tag in row if letter(made, tag) == "!"}
    rest = [(position, tag if tag in made.letters else ANY_NAME) for position, tag in row if position not in strangers]
    return [Misfit("unexpected", position) for position in sorted(strangers)], rest


def repeated(type_name: str, row: list[tuple[int, str]]) -> list[Misfit]:
    """The second and later of an element that may stand once."""
    children, seen, found = FACTS.types[type_name].children, set[str](), list[Misfit]()
    for position, tag in row:
        if tag in seen and not children[tag].repeats:
            found.append(Misfit("repeated", position))
        seen.add(tag)
    return found


def exclusive(type_name: str, row: list[tuple[int, str]]) -> list[Misfit]:
    """The later alternatives where only one of several elements may stand."""
    found = []
    for group in choices(type_name):
        rivals = [(position, tag) for position, tag in row if tag in set(tags_of(group))]
        found += [Misfit("exclusive", position, (rivals[0][1],)) for position, tag in rivals if tag != rivals[0][1]]
    return found


def choices(type_name: str) -> list[Group]:
    """The choices of a type that are made once, among single elements."""
    groups = [part for part in FACTS.types[type_name].content.parts if isinstance(part, Group)]
    plain = [group for group in groups if not any(isinstance(one, Group) for one in group.parts)]
    return [group for group in plain if group.kind == "choice" and group.maximum == 1]


def misplaced(type_name: str, row: list[tuple[int, str]]) -> list[Misfit]:
    """The fewest children whose removal puts the rest in order."""
    ranks = model(type_name).ranks
    best: list[int] = []
    tails: list[tuple[int, int]] = []
    before: list[int] = []
    for index, (_, tag) in enumerate(row):
        at = bisect_right(tails, ranks[tag])
        before.append(best[at - 1] if at else -1)
        tails[at : at + 1] = [ranks[tag]]
        best[at : at + 1] = [index]
    kept, index = set[int](), best[-1] if best else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return [Misfit("misplaced", position) for index, (position, _) in enumerate(row) if index not in kept]


def missing(type_name: str, present: set[str]) -> list[Misfit]:
    """What must stand and does not: an element, or one of several."""
    one = FACTS.types[type_name]
    absent = [tag for tag, child in one.children.items() if child.required and tag not in present]
    alone = [Misfit("missing", -1, (tag,)) for tag in absent]
    several = [tuple(tags_of(group)) for group in one.content.parts if isinstance(group, Group) and owed(group)]
    return alone + [Misfit("missing", -1, names) for names in several if not present.intersection(names)]


def owed(group: Group) -> bool:
    """Whether a choice asks for at least one of its elements."""
    return group.kind == "choice" and group.minimum > 0 and all(part.minimum > 0 for part in group.parts)
