"""The reader: a read tree compiled to closures that walk a document once, in order, and account for every place.

What no line claims is the loss. There is one mode: the books are always kept.
"""

from collections.abc import Callable
from itertools import count
from typing import Any, cast

import msgspec

from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.engine import kinds, names, texts, values
from patientoverblik.formats.cda.engine.again import NAMED_AGAIN, alike_once
from patientoverblik.formats.cda.engine.choosing import first_fitting, test_of
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.model import CLASSES
from patientoverblik.formats.cda.engine.narrative import read_narrative
from patientoverblik.formats.cda.engine.tables import GENERATED, Layout, layout_of, unless_authored
from patientoverblik.formats.cda.engine.tree import Attribute, Branch, Instance, Option
from patientoverblik.formats.cda.engine.walk import DIFFERS, SECOND, Walk

Slots = dict[str, Any]
Act = Callable[[Element, Slots, Walk], None]
Pairs = list[tuple[str, str]]
ShapeReader = Callable[[Element, Walk], Wire | None]

KINDS: dict[str, kinds.Reader] = {
    "II": kinds.read_ii,
    "CD": kinds.read_cd,
    "Time": kinds.read_time,
    "PQ": kinds.read_pq,
    "IVLPQ": kinds.read_ivl_pq,
    "ST": texts.read_st,
    "ED": texts.read_ed,
    "BL": kinds.read_bl,
    "INT": kinds.read_int,
    "TEL": kinds.read_tel,
    "AD": names.read_ad,
    "PN": names.read_pn,
    "Any": values.read_any,
    "line": texts.read_line,
    "words": texts.read_words,
    "narrative": read_narrative,
}


def compile_reader(made: Instance, done: dict[int, ShapeReader]) -> ShapeReader:
    """The reader of a shape; ``done`` keeps those already compiled."""
    if id(made) in done:
        return done[id(made)]
    numbers = count(1)
    guards: list[str] = []
    walk_branch = _branch(made.branch, done, numbers, guards)
    many = tuple(name for name, one in made.fields.items() if one.many)
    of, name = CLASSES[made.shape.of], made.shape.name
    layout = layout_of(tuple(made.shape.table.items())) if made.shape.table else None
    entry = {"ids", "status", "words"} <= set(made.fields)
    person = "name" in made.fields and made.fields["name"].kind == "PN" and made.shape.of != "Place"
    owes = made.shape.marks or any(one.values for one in made.branch.attributes.values())
    kept = bool(owes or any(one.required for one in msgspec.structs.fields(of)))

    def read(element: Element, walk: Walk) -> Wire | None:
        slots: Slots = {}
        walk_branch(element, slots, walk)
        for guard in guards:
            slots.pop(guard, None)
        if not slots and not kept:
            return None
        for one in many:
            if one in slots:
                slots[one] = tuple(slots[one])
        if entry and "ids" in slots:
            walk.ids.extend(slots["ids"])
        if person and "name" in slots:
            walk.names.append(slots["name"])
        made_value = _built(of, slots, layout)
        if walk.trace is not None:
            walk.trace[id(made_value)] = (element, name)
        return made_value

    done[id(made)] = alike_once(read) if of in NAMED_AGAIN else read
    return done[id(made)]


class Incomplete(Exception):  # noqa: N818
    """A document without what it cannot be read without; the field's name is its only argument."""


def _built(of: type[Wire], slots: Slots, layout: Layout | None) -> Wire:
    try:
        value = of(**slots)
    except TypeError:
        missing = [one.name for one in msgspec.structs.fields(of) if one.required and one.name not in slots]
        raise Incomplete(*missing[:1]) from None
    text = slots.get("text")
    if text and layout and GENERATED in text:
        return unless_authored(value, layout)
    return value


def _branch(branch: Branch, done: dict[int, ShapeReader], numbers: "count[int]", guards: list[str]) -> Act:
    account = _attributes(branch)
    as_written = [(name, one.values[0]) for name, one in branch.attributes.items() if one.values and not one.field]
    owed = len(as_written)
    options_of = {name: _options(found, done, numbers, guards) for name, found in branch.options.items()}.get

    def walk_branch(element: Element, slots: Slots, walk: Walk) -> None:
        pairs = element.items()
        if pairs == as_written:  # as most are: one comparison instead of one look-up per attribute
            walk.constant += owed
        elif pairs:
            account(element, pairs, slots, walk)
        text = element.text
        if text and not text.isspace():
            walk.lose_text(element, None)
        if not len(element):
            return
        for child in element[:]:
            found = options_of(child.tag)
            if found is None:
                walk.lose_tree(child)
            else:
                found(child, slots, walk)
            tail = child.tail
            if tail and not tail.isspace():
                walk.lose_text(element, child)

    return walk_branch


def _attributes(branch: Branch) -> Callable[[Element, Pairs, Slots, Walk], None]:
    """The accounting of a branch's attributes: a field's value, a constant, or lost."""
    known_of, silent_of = dict(branch.attributes).get, branch.type.defaults().get

    def account(element: Element, pairs: Pairs, slots: Slots, walk: Walk) -> None:
        for name, value in pairs:
            known = known_of(name)
            if known is None:
                walk.lose_attribute(element, name)
            elif known.field:
                _take(element, name, value, known, slots, walk)
            elif value in known.values:
                walk.constant += 1
            elif value == silent_of(name):
                walk.quiet += 1
            else:
                _differing(element, name, value, known, walk)

    return account


def _take(element: Element, name: str, value: str, known: Attribute, slots: Slots, walk: Walk) -> None:
    if known.many:
        slots.setdefault(known.field, []).append(value)
    elif known.field in slots:
        walk.lose_attribute(element, name, SECOND)
        return
    elif value:
        slots[known.field] = value
    walk.read += 1


def _differing(element: Element, name: str, value: str, known: Attribute, walk: Walk) -> None:
    """A constant that is not as written: the same but for white space, tolerated with a warning, or lost."""
    bare = " ".join(value.split())
    if bare in known.values or bare in known.warned:
        walk.constant += 1
        walk.warn("cda.constant-tolerated", element, name)
    else:
        walk.lose_attribute(element, name, DIFFERS)


def _options(
    options: list[Option], done: dict[int, ShapeReader], numbers: "count[int]", guards: list[str]
) -> Callable[[Element, Slots, Walk], None]:
    """How a child of one name is read: by the option it is recognised as, by its other marks, by what is left."""
    marked = [(one.marks, _act(one, done, numbers, guards)) for one in options if one.marks[0]]
    rest = [_act(one, done, numbers, guards) for one in options if not one.marks[0]]
    if not marked and rest:
        return rest[0]
    told = first_fitting([(marks[0], act) for marks, act in marked])
    other = [(test_of(mark), act) for marks, act in marked for mark in marks[1:]]

    def choose(child: Element, slots: Slots, walk: Walk) -> None:
        act = told(child)
        if act is not None:
            act(child, slots, walk)
            return
        for test, act in other:
            if test(child):
                walk.warn("cda.found-without-template", child, child.tag.rpartition("}")[2])
                act(child, slots, walk)
                return
        if rest:
            rest[0](child, slots, walk)
        else:
            walk.lose_tree(child)

    return choose


def _act(option: Option, done: dict[int, ShapeReader], numbers: "count[int]", guards: list[str]) -> Act:
    if option.branch is not None:
        inner = _branch(option.branch, done, numbers, guards)
        return _guarded(inner, numbers, guards) if option.once else inner
    reader = compile_reader(option.shape, done) if option.shape else _kind(option.kind)
    return _many(option.field, reader) if option.many else _single(option.field, reader, option.required)


def _kind(name: str) -> kinds.Reader:
    return values.typed(name.removeprefix("typed ")) if name.startswith("typed ") else KINDS[name]


def _guarded(inner: Act, numbers: "count[int]", guards: list[str]) -> Act:
    guard = f"#{next(numbers)}"
    guards.append(guard)

    def once(child: Element, slots: Slots, walk: Walk) -> None:
        if guard in slots:
            walk.lose_tree(child, SECOND)
        else:
            slots[guard] = True
            inner(child, slots, walk)

    return once


def _many(field: str, reader: Callable[[Element, Walk], object]) -> Act:
    def add(child: Element, slots: Slots, walk: Walk) -> None:
        value = reader(child, walk)
        if value is not None:
            found = slots.get(field)
            if found is None:
                slots[field] = [value]
            else:
                found.append(value)

    return add


def _single(field: str, reader: Callable[[Element, Walk], object], required: bool) -> Act:
    def put(child: Element, slots: Slots, walk: Walk) -> None:
        if field in slots:
            walk.lose_tree(child, SECOND)
            return
        value = reader(child, walk)
        if value is not None and not (required and _absent(value)):
            slots[field] = value

    return put


def _absent(value: object) -> bool:
    """Whether a value at a place that is owed says only "no information", which is how an absent value is written."""
    return getattr(value, "null", "") == "NI" and value == cast(Any, type(value))(null="NI")
