"""From the lines of a shape to a tree of JSON properties: what may stand where, for reader and writer alike."""

from collections.abc import Iterator

import msgspec

from patientoverblik.formats.fhir.engine.kinds import Kind
from patientoverblik.formats.fhir.engine.places import Step, Test
from patientoverblik.formats.fhir.engine.tables import extensions
from patientoverblik.formats.fhir.r4 import Child, Home, children


class Misplaced(ValueError):  # noqa: N818
    """A line whose way R4 does not know, or that another line has taken."""


class Leaf(msgspec.Struct, frozen=True):
    """A line's place at the end of its way: which slot it fills, with what kind; ``loops`` where a step above repeats.

    A leaf without a slot (-1) is a constant that its kind reads and writes by itself. ``unknowable``: its kind says
    itself why a value is absent.
    """

    slot: int
    many: bool
    kind: Kind
    loops: bool = False
    unknowable: bool = False


class Option(msgspec.Struct):
    """One thing that may stand under a property: where its tests hold, a leaf, a constant, quiet, or a tree below."""

    tests: tuple[Test, ...]
    leaf: Leaf | None = None
    values: tuple[str, ...] = ()
    tree: "Tree | None" = None
    loop: int = -1
    quiet: bool = False


class Branch(msgspec.Struct):
    """A property and what may stand under it."""

    child: Child
    options: list[Option]


class Tree(msgspec.Struct):
    """The properties of one object."""

    home: Home
    branches: dict[str, Branch]

    def branch(self, child: Child) -> Branch:
        """The branch of a property, made where there is none."""
        return self.branches.setdefault(child.key, Branch(child, []))


class Way(msgspec.Struct, frozen=True):
    """A step found in R4: the property and its tests."""

    child: Child
    tests: tuple[Test, ...]
    loops: bool = False


def ways(home: Home, steps: tuple[Step, ...]) -> Iterator[tuple[Way, ...]]:
    """The ways of a line; a choice at its end has one for each type. ``Misplaced`` where R4 has no such property."""
    found = list(_ways(home, steps))
    if not found:
        name = ".".join(step.extension or step.name for step in steps)
        raise Misplaced(f"{home[0]} has no {name}")
    return iter(found)


def _ways(home: Home, steps: tuple[Step, ...]) -> Iterator[tuple[Way, ...]]:
    if not steps:
        yield ()
        return
    step, rest = steps[0], steps[1:]
    if step.extension:
        step, rest = _extension(step, rest)
    for child in children(home).values():
        if step.name in (child.key, child.name):
            for more in _ways(child.home, rest):
                yield (Way(child, step.tests, step.loops), *more)


def _extension(step: Step, rest: tuple[Step, ...]) -> tuple[Step, tuple[Step, ...]]:
    """An extension by its short name: the one with its address, and the property of its value's type."""
    found = extensions().get(step.extension)
    if found is None:
        raise Misplaced(f"no extension is called {step.extension}")
    head = Step("extension", (Test(("url",), found.url), *step.tests), loops=step.loops)
    return head, (Step(found.key), *rest) if found.key else rest


def place(tree: Tree, way: tuple[Way, ...], option: Option, loop: int = -1, depth: int = -1) -> None:
    """Put an option at the end of a way; the step at ``depth`` repeats for the field in slot ``loop``."""
    *above, last = way
    at = tree
    for number, one in enumerate(above):
        at = _below(at, one, loop if number == depth else -1)
    options = at.branch(last.child).options
    if any(known.tests == last.tests and not known.tree for known in options):
        raise Misplaced(f"claims a place that another line has: {last.child.key}")
    option.tests = last.tests
    if last.tests and option.tree is None and not last.child.primitive and not option.quiet and option.leaf is None:
        raise Misplaced(f"a test stands before a value: {last.child.key}")
    options.append(option)


def _below(tree: Tree, way: Way, loop: int) -> Tree:
    """The tree under a step; steps with the same tests share one, unless each is repeated for a field of its own."""
    options = tree.branch(way.child).options
    for known in options:
        if known.tests == way.tests and known.tree is not None and known.loop == loop:
            return known.tree
    if any(known.tests == way.tests and known.tree is None for known in options):
        raise Misplaced(f"claims a place that another line has: {way.child.key}")
    found = Tree(way.child.home, {})
    options.append(Option(way.tests, tree=found, loop=loop))
    for test in way.tests:
        if test.value and not test.holds:
            _owe(found, test)
    return found


def _owe(tree: Tree, test: Test) -> None:
    """A test's value is written where it is looked for."""
    steps = tuple(_step_of(name) for name in test.path)
    for way in ways(tree.home, steps):
        place(tree, way, Option((), values=(test.value,)))


def _step_of(name: str) -> Step:
    return Step("extension", (), name[4:-1]) if name.startswith("ext(") else Step(name)


def repeating(way: tuple[Way, ...]) -> int:
    """The step that repeats: the one marked so, else the deepest that R4 lets repeat; -1 where none does.

    An extension within an extension stands once.
    """
    marked = [number for number, one in enumerate(way) if one.loops]
    inner = [number for number in range(1, len(way)) if way[number - 1].child.key == "extension"]
    many = [number for number, one in enumerate(way) if one.child.many and number not in inner]
    return max(marked or many, default=-1)
