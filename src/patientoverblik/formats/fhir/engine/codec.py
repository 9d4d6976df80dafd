"""A shape compiled: reads one JSON object into a care value and writes it back.

Each line fills a slot of its own. A field with several lines is read from them all, in the order they stand; a single
value is written by the first line whose kind accepts it, a tuple by giving a line that cannot repeat its first value.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from patientoverblik.care import Unknown, Value
from patientoverblik.formats.fhir.engine.model import NO_DEFAULT, Field, class_of, fields_of
from patientoverblik.formats.fhir.engine.places import Place
from patientoverblik.formats.fhir.engine.profile import Line, Shape
from patientoverblik.formats.fhir.engine.reader import EMPTY, holds, reader
from patientoverblik.formats.fhir.engine.tree import Leaf, Misplaced, Option, Tree, Way, place, repeating, ways
from patientoverblik.formats.fhir.engine.walk import ABSENT, NOT_THE_TYPE, Walk, look_up
from patientoverblik.formats.fhir.engine.walk import Way as At
from patientoverblik.formats.fhir.engine.writer import SILENT, writer

Given = Mapping[str, Any]
Extras = dict[str, Any]


class Claim(msgspec.Struct, frozen=True):
    """One line compiled: its field, and whether it can hold several values, is only looked at, or is R4-required."""

    field: str
    many: bool
    repeats: bool
    required: bool
    accepts: tuple[type, ...]
    look: Callable[[dict[str, Any]], Any] | None = None


class Codec:
    """A shape ready for use; made when its profile is loaded."""

    def __init__(self, shape: Shape) -> None:
        """Begin with the shape's name and class; ``compile_codec`` adds reader and writer."""
        self.shape = shape
        self.name = shape.name
        self.of = class_of(shape.of)
        self.claims: list[Claim] = []
        type_, _, path = shape.on.partition(".")
        self.home = (type_, path)
        self.tree = Tree(self.home, {})

    def finish(self) -> None:
        """Make reader and writer of the tree; called once, when all lines are placed."""
        self._read = reader(self.tree)
        self._write = writer(self.tree)
        self._empty = [EMPTY] * len(self.claims)
        self._fields = dict.fromkeys(claim.field for claim in self.claims)
        self._types = {name: field_of(self.of, name) for name in self._fields}
        self._defaults = _defaults(self.of, self.shape.default)
        self._needed = _needed(self.of)
        unknowable = {name for name, field in self._types.items() if field.unknowable}
        self._required = {one.field for one in self.claims if one.required or one.look} & unknowable

    def recognises(self, node: dict[str, Any]) -> bool:
        """Whether an object is of this shape."""
        return all(holds(node, test) is wanted for test, wanted in self.shape.when)

    def given(self, node: dict[str, Any], way: At, walk: Walk) -> Extras:
        """What an object says, field by field; fields it does not speak of are not there."""
        slots = self._empty.copy()
        self._read(node, way, slots, walk)
        found: Extras = {}
        for claim, value in zip(self.claims, slots, strict=True):
            said = claim.look(node) if claim.look is not None and claim.field not in found else value
            if said is EMPTY or said is ABSENT:
                continue
            if claim.many:
                found[claim.field] = (*found.get(claim.field, ()), *(said if isinstance(said, list) else (said,)))
            elif found.setdefault(claim.field, said) != said:
                walk.warn("fhir.said-twice", way, claim.field)
        return found

    def read(self, node: Any, way: At, walk: Walk) -> Any:
        """The care value of an object, ``ABSENT`` where it says nothing of it."""
        if not isinstance(node, dict):
            walk.lose(node, way, NOT_THE_TYPE)
            return ABSENT
        found = self.given(node, way, walk)
        made = self.made(found)
        if made is ABSENT and found:
            walk.warn("fhir.incomplete", way, self.name)
        return made

    def made(self, found: Extras) -> Any:
        """The care value of what was said; ``ABSENT`` where nothing was, or not enough."""
        said = {name: value for name, value in found.items() if not name.startswith("@")}
        if self.of is None or not said:
            return ABSENT
        whole = self._defaults | _gathered(said, self.of)
        return self.of(**whole) if self._needed <= whole.keys() else ABSENT

    def write(self, value: Any, pen: Any, extras: Extras | None = None) -> dict[str, Any]:
        """The object of a care value; empty where there is nothing to say."""
        found, said = self._write(self._values(value, extras or {}), pen)
        return found if said or (self.of is None and found) or self.shape.fixed else {}

    def _values(self, value: Any, extras: Extras) -> list[Any]:
        left = {name: _left(value, name, extras, self._types[name], name in self._required) for name in self._fields}
        values = []
        for claim in self.claims:
            mine, left[claim.field] = _dealt(claim, left[claim.field])
            values.append(mine)
        return values


def _left(value: Any, name: str, extras: Extras, field: Field, required: bool) -> Any:
    """A field's value to be written; ``SILENT`` where it is its default."""
    if name.startswith("@"):
        return extras.get(name, SILENT)
    found = value
    for step in name.split("."):
        found = getattr(found, step, None)
    if found is None or found in ("", ()) or (found == field.default and not required):
        return SILENT
    return found


def _dealt(claim: Claim, left: Any) -> tuple[Any, Any]:
    """What a line takes of a field's value, and what is left for the next."""
    if left is SILENT or claim.look is not None:
        return SILENT, left
    if not claim.many:
        return (left, SILENT) if isinstance(left, claim.accepts) else (SILENT, left)
    if claim.repeats:
        return left, SILENT
    first, rest = left[0], left[1:]
    return first, rest or SILENT


def _gathered(said: Extras, of: type[Value]) -> Extras:
    """Fields within a field put together: ``code.codings`` and ``code.text`` make one code."""
    inner: dict[str, Extras] = {}
    for name in [name for name in said if "." in name]:
        outer, _, own = name.partition(".")
        inner.setdefault(outer, {})[own] = said.pop(name)
    for outer, parts in inner.items():
        class_ = next(one for one in fields_of(of)[outer].classes if isinstance(one, type))
        said[outer] = class_(**parts)
    return said


def _defaults(of: type[Value] | None, default: Mapping[str, str]) -> Extras:
    """What stands where nothing is said: the shape's own words, and that a value is not known."""
    known = fields_of(of) if of else {}
    unknown = {one.name: Unknown() for one in known.values() if one.unknowable and one.default is NO_DEFAULT}
    return unknown | dict(default)


def _needed(of: type[Value] | None) -> frozenset[str]:
    """The fields a value cannot be made without."""
    return frozenset(one.name for one in fields_of(of).values() if one.default is NO_DEFAULT) if of else frozenset()


def field_of(of: type[Value] | None, name: str) -> Field:
    """A field by its name, or by its way through another; a name with @ is none of a class and holds several."""
    if name.startswith("@") or of is None:
        return Field(name, (object,), True, False, NO_DEFAULT)
    outer, _, own = name.partition(".")
    found = fields_of(of).get(outer)
    if found is None:
        raise Misplaced(f"has no field {outer}")
    if not own:
        return found
    inner = field_of(next(one for one in found.classes if isinstance(one, type)), own)
    return msgspec.structs.replace(inner, name=name)


Chosen = Callable[[Field, Place, Way | None], Any]


def claim_line(codec: Codec, line: Line, choose: Chosen) -> None:
    """Put a line into its codec's tree; ``Misplaced`` where it cannot stand there. ``choose`` gives the kind."""
    field = field_of(codec.of, line.field)
    if line.place.look_only:
        codec.claims.append(_looking(field, line.place, choose))
        return
    slot = len(codec.claims)
    found = list(ways(codec.home, line.place.steps))
    kinds = [(way, kind) for way in found if (kind := choose(field, line.place, way[-1])) is not None]
    if not kinds:
        raise Misplaced(f"no shape or kind is called {line.place.kind or field.classes}")
    accepts: tuple[type, ...] = ()
    for number, (way, of_type) in enumerate(kinds):
        kind = of_type if not number else of_type._replace(accepts=_known(of_type.accepts))
        deepest = repeating(way) if field.many else -1
        loops = 0 <= deepest < len(way) - 1
        leaf = Leaf(slot, field.many, kind, loops, field.unknowable)
        place(codec.tree, way, Option((), leaf=leaf), slot if loops else -1, deepest)
        accepts = (*accepts, *kind.accepts)
    way = kinds[0][0]
    codec.claims.append(Claim(line.field, field.many, repeating(way) >= 0, _is_required(codec.shape, way), accepts))


def _is_required(shape: Shape, way: tuple[Way, ...]) -> bool:
    """Whether R4 requires it of every object of the shape: of the object, or of a part the shape is recognised by.

    Without the part what is written would be read as another shape.
    """
    part = tuple(step.child.key for step in way[:-1])
    marks = {test.path for test, wanted in shape.when if wanted and not test.value}
    return way[-1].child.required and (not part or part in marks)


def _known(accepts: tuple[type, ...]) -> tuple[type, ...]:
    """Of the types of a choice only the first says why a value is absent."""
    return tuple(one for one in accepts if one is not Unknown)


def _looking(field: Field, place_: Place, choose: Chosen) -> Claim:
    """A line that is only looked at: its value where a table knows it, and no books."""
    path = tuple(step.name for step in place_.steps)
    kind = choose(field, place_, None)

    def look(node: dict[str, Any]) -> Any:
        found = (kind.read(one, None, (None, "", -1), Walk()) for one in look_up(node, path))
        return next((one for one in found if one is not ABSENT), EMPTY)

    return Claim(field.name, field.many, False, False, (), look)
