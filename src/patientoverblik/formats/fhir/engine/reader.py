"""The reader of a shape: closures over its tree that take one JSON object apart, once, with the books kept.

What no line claims is a loss: the loss is the ``else`` branch, so nothing is searched for twice.
"""

from collections.abc import Callable
from typing import Any

from patientoverblik.formats.fhir.engine.kinds import absent_of
from patientoverblik.formats.fhir.engine.places import Test
from patientoverblik.formats.fhir.engine.tree import Branch, Leaf, Option, Tree
from patientoverblik.formats.fhir.engine.walk import ABSENT, DIFFERS, NO_PLACE, NOT_THE_TYPE, SECOND, Walk, Way, look_up
from patientoverblik.formats.fhir.r4 import resource_types

Slots = list[Any]
Take = Callable[[Any, Any, Way, Slots, Walk], None]
Look = Callable[[Any], bool]
Reader = Callable[[dict[str, Any], Way, Slots, Walk], None]
OnProperty = Callable[[dict[str, Any], Any, str, Way, Slots, Walk], None]
EMPTY: Any = object()
"""What a slot holds before anything is read into it."""


def reader(tree: Tree) -> Reader:
    """The reader of a tree: fills slots from an object."""
    on: dict[str, OnProperty] = {}
    for key, branch in tree.branches.items():
        on[key] = _many(branch) if branch.child.many else _one(branch)
        if branch.child.primitive:
            on[f"_{key}"] = _beside_many if branch.child.many else _beside_one(branch)
    if not tree.home[1] and tree.home[0] in resource_types():
        on["resourceType"] = _is_type(tree.home[0])

    def read(node: dict[str, Any], way: Way, slots: Slots, walk: Walk) -> None:
        for key, value in node.items():
            found = on.get(key)
            if found is None:
                walk.lose(value, (way, key, -1))
            else:
                found(node, value, key, way, slots, walk)

    return read


def _is_type(name: str) -> OnProperty:
    take = _constant((name,))
    return lambda _node, value, key, way, slots, walk: take(value, None, (way, key, -1), slots, walk)


def _one(branch: Branch) -> OnProperty:
    options = [(_look(one.tests), _take(one)) for one in _ordered(branch)]
    primitive, keeps_absence = branch.child.primitive, _keeps_absence(branch)

    def read(node: dict[str, Any], value: Any, key: str, way: Way, slots: Slots, walk: Walk) -> None:
        at = (way, key, -1)
        sibling = node.get(f"_{key}") if primitive else None
        if isinstance(value, list):
            walk.lose(value, at, NOT_THE_TYPE)
            _lose_beside(sibling, at, walk)
        elif type(value) is dict and not primitive and not keeps_absence and _only_absent(value):
            walk.hold(value)
        else:
            _choose(options, value, sibling, at, slots, walk)

    return read


def _many(branch: Branch) -> OnProperty:
    options = [(_look(one.tests), _take(one)) for one in _ordered(branch)]

    def read(_node: dict[str, Any], value: Any, key: str, way: Way, slots: Slots, walk: Walk) -> None:
        if not isinstance(value, list) or not value:
            walk.lose(value, (way, key, -1), NOT_THE_TYPE)
            return
        for number, item in enumerate(value):
            if item is not None:
                _choose(options, item, None, (way, key, number), slots, walk)

    return read


def _choose(
    options: list[tuple[Look | None, Take]], value: Any, sibling: Any, at: Way, slots: Slots, walk: Walk
) -> None:
    for look, take in options:
        if look is None or look(value):
            take(value, sibling, at, slots, walk)
            return
    walk.lose(value, at)
    _lose_beside(sibling, at, walk)


def _lose_beside(sibling: Any, at: Way, walk: Walk, reason: str = NO_PLACE) -> None:
    """What stands beside a value that is lost is lost with it."""
    if sibling is not None:
        walk.lose(sibling, (at[0], f"_{at[1]}", at[2]), reason)


def _beside_one(branch: Branch) -> OnProperty:
    """What stands beside a value: read with the value, or alone where there is none."""
    options = [(_look(one.tests), _take(one)) for one in _ordered(branch)]

    def read(node: dict[str, Any], value: Any, key: str, way: Way, slots: Slots, walk: Walk) -> None:
        if key[1:] in node:
            return
        if isinstance(value, dict) and _only_absent(value) and not _keeps_absence(branch):
            walk.hold(value)
        elif isinstance(value, dict):
            _choose(options, None, value, (way, key[1:], -1), slots, walk)
        else:
            walk.lose(value, (way, key, -1), NOT_THE_TYPE)

    return read


def _beside_many(_node: dict[str, Any], value: Any, key: str, way: Way, _slots: Slots, walk: Walk) -> None:
    walk.lose(value, (way, key, -1))


def _only_absent(value: dict[str, Any]) -> bool:
    """Whether all that is said is that a required value is absent."""
    return len(value) == 1 and "extension" in value and absent_of(value["extension"]) is not None


def _keeps_absence(branch: Branch) -> bool:
    return any(one.leaf is not None and one.leaf.unknowable for one in branch.options)


def _ordered(branch: Branch) -> list[Option]:
    """Options with tests before those without."""
    return sorted(branch.options, key=lambda one: not one.tests)


def _look(tests: tuple[Test, ...]) -> Look | None:
    """Whether tests hold of a value; None where there are none."""
    if not tests:
        return None
    if len(tests) == 1 and len(tests[0].path) == 1 and tests[0].value and not tests[0].holds:
        key, wanted = tests[0].path[0], tests[0].value
        return lambda value: isinstance(value, dict) and value.get(key) == wanted
    return lambda value: all(holds(value, one) for one in tests)


def holds(value: Any, test: Test) -> bool:
    """Whether a test holds of an object."""
    found = look_up(value, test.path) if isinstance(value, dict) else iter(())
    if not test.value:
        return any(True for _ in found)
    if test.holds:
        return any(isinstance(one, str) and test.value in one for one in found)
    return any(one == test.value for one in found)


def _take(option: Option) -> Take:
    if option.quiet:
        return _quiet
    if option.tree is not None:
        return _inner(reader(option.tree))
    if option.leaf is None:
        return _constant(option.values)
    return _leaf(option.leaf)


def _quiet(value: Any, sibling: Any, _way: Way, _slots: Slots, walk: Walk) -> None:
    walk.keep_quiet(value)
    walk.keep_quiet(sibling)


def _inner(read: Reader) -> Take:
    def take(value: Any, _sibling: Any, way: Way, slots: Slots, walk: Walk) -> None:
        if isinstance(value, dict) and value:
            read(value, way, slots, walk)
        else:
            walk.lose(value, way, NOT_THE_TYPE)

    return take


def _constant(values: tuple[str, ...]) -> Take:
    allowed = [{"true": True, "false": False}.get(one, one) for one in values]

    def take(value: Any, sibling: Any, way: Way, _slots: Slots, walk: Walk) -> None:
        if value in allowed:
            walk.constant += 1
        else:
            walk.lose(value, way, DIFFERS)
        _lose_beside(sibling, way, walk)

    return take


def _leaf(leaf: Leaf) -> Take:
    slot, read = leaf.slot, leaf.kind.read
    if slot < 0:
        return lambda value, sibling, way, _slots, walk: read(value, sibling, way, walk) and None
    return _into_many(slot, read) if leaf.many else _into_one(slot, read)


def _into_many(slot: int, read: Any) -> Take:
    def take(value: Any, sibling: Any, way: Way, slots: Slots, walk: Walk) -> None:
        found = read(value, sibling, way, walk)
        if found is ABSENT:
            return
        if slots[slot] is EMPTY:
            slots[slot] = [found]
        else:
            slots[slot].append(found)

    return take


def _into_one(slot: int, read: Any) -> Take:
    def take(value: Any, sibling: Any, way: Way, slots: Slots, walk: Walk) -> None:
        if slots[slot] is not EMPTY:
            walk.lose(value, way, SECOND)
            _lose_beside(sibling, way, walk, SECOND)
            return
        found = read(value, sibling, way, walk)
        if found is not ABSENT:
            slots[slot] = found

    return take
