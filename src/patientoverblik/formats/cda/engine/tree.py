"""The read tree: where the lines of a shape meet, looked up in the schema's facts.

A branch is one element of a schema type: what its attributes and its children are to a reader. Equal steps of different
lines are one branch. A misplaced name, two claims to one place, or a field neither placed nor lost is a fault.
"""

from dataclasses import dataclass, field

from patientoverblik.formats.cda.engine.model import CLASSES, LEAVES, FieldType, field_types
from patientoverblik.formats.cda.engine.places import Condition, Place, Step
from patientoverblik.formats.cda.engine.profile import Line, Shape, Source
from patientoverblik.formats.cda.facts import FACTS, Child, Type, child, tag
from patientoverblik.formats.faults import ProfileFault

TEXT_KINDS = frozenset({"line", "words", "narrative"})


@dataclass
class Attribute:
    """What an attribute is: a field's value, a constant with the values it may have, or silent at its default."""

    field: str = ""
    many: bool = False
    values: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


@dataclass
class Option:
    """One thing a child element may be: a branch, or a field's value of a kind or shape.

    ``marks`` are the ways to recognise it, each a set of conditions; without conditions it is what is left.
    ``once``: a second such element is a loss.
    """

    marks: tuple[tuple[Condition, ...], ...]
    branch: "Branch | None" = None
    field: str = ""
    many: bool = False
    kind: str = ""
    shape: "Instance | None" = None
    required: bool = False
    once: bool = True


@dataclass
class Branch:
    """One element on the way to fields."""

    type: Type
    attributes: dict[str, Attribute] = field(default_factory=dict)
    options: dict[str, list[Option]] = field(default_factory=dict)


@dataclass
class Instance:
    """A shape at one schema type: its class, its tree, and the fields that hold many."""

    shape: Shape
    branch: Branch
    fields: dict[str, FieldType]


@dataclass
class Builder:
    """Instances of a profile's shapes, each made once per schema type and step, and the faults met."""

    source: Source
    faults: list[ProfileFault] = field(default_factory=list)
    made: dict[tuple[str, str, Step], Instance] = field(default_factory=dict)

    def fault(self, at: str, text: str) -> None:
        """Note a fault at ``file:line``, once."""
        file, _, line = at.rpartition(":")
        found = ProfileFault(file, int(line or 0), text)
        if found not in self.faults:
            self.faults.append(found)


def instance(builder: Builder, shape: Shape, type_name: str, step: Step) -> Instance:
    """A shape at a schema type; ``step`` is how its element is reached."""
    key = (shape.name, type_name, step)
    if key in builder.made:
        return builder.made[key]
    of = CLASSES.get(shape.of)
    if of is None:
        builder.fault(shape.source, f"[{shape.name}] no record class is called {shape.of}")
    fields = dict(field_types(of)) if of else {}
    made = Instance(shape, branch_of(FACTS.types[type_name]), fields)
    builder.made[key] = made
    _complete(builder, shape, fields)
    for one in (step, *shape.marks[:1]):
        _owe(builder, made, made.branch, one, shape.source)
    for line in shape.lines:
        _place(builder, made, line)
    return made


def branch_of(of: Type) -> Branch:
    """A branch with what the schema lets attributes say in silence."""
    return Branch(of, {name: Attribute() for name in of.defaults()})


def _complete(builder: Builder, shape: Shape, fields: dict[str, FieldType]) -> None:
    placed = [line.field for line in shape.lines if line.field]
    for name in placed:
        if name not in fields:
            builder.fault(_source(shape, name), f"[{shape.name}] {shape.of} has no field {name}")
    for name in fields:
        if (name in placed) == (name in shape.lost):
            word = "both placed and lost" if name in placed else "neither placed nor declared lost"
            builder.fault(_source(shape, name), f"[{shape.name}] {name} is {word}")
    for name in shape.lost:
        if name not in fields:
            builder.fault(shape.source, f"[{shape.name}] {shape.of} has no field {name} to lose")


def _source(shape: Shape, name: str) -> str:
    return next((line.source for line in shape.lines if line.field == name), shape.source)


def _place(builder: Builder, made: Instance, line: Line) -> None:
    if line.place.kind == "self":
        _owe(builder, made, made.branch, line.place.steps[0], line.source)
        return
    if line.field and line.field not in made.fields:
        return
    for branch, step, last in _way(builder, made, made.branch, line.place, line, 0, lenient=False):
        if not line.field:
            continue
        if line.place.attribute:
            _attribute_field(builder, made, branch, line)
        elif last is not None:
            _leaf(builder, made, branch, step, last, line)


def _way(
    builder: Builder, made: Instance, branch: Branch, place: Place, line: Line, depth: int, lenient: bool
) -> list[tuple[Branch, Step, Child | None]]:
    """The branches that hold the end of a place: an attribute's element, else the parent with the child's facts."""
    whole = bool(place.attribute) or not line.field
    if depth == len(place.steps):
        return [(branch, Step(()), None)]
    step = place.steps[depth]
    found: list[tuple[Branch, Step, Child | None]] = []
    for number, name in enumerate(step.names):
        known = child(branch.type.name, tag(name))
        if known is None:
            if not (lenient or number):
                builder.fault(line.source, f"{branch.type.name} has no child {name}")
            continue
        if depth == len(place.steps) - 1 and not whole:
            found.append((branch, step, known))
            continue
        repeating = _repeating(builder, made, line, branch, place, depth)
        inner = _descend(builder, made, branch, step, known, line, repeating)
        found += _way(builder, made, inner, place, line, depth + 1, lenient or number > 0)
    return found


def _repeating(builder: Builder, made: Instance, line: Line, branch: Branch, place: Place, depth: int) -> bool:
    """Whether elements of this step may stand several times: one per item of a field, or told apart further down."""
    if not line.field:
        return True
    later = place.steps[depth + 1 :]
    if any(step.conditions for step in later) or _marked(builder, made, line):
        return True
    if not made.fields[line.field].many:
        return False
    here = branch.type
    deepest = -1
    for number, step in enumerate(place.steps[depth:]):
        known = next((known for name in step.names if (known := here.children.get(tag(name)))), None)
        if known is None:
            return False
        deepest = number if known.repeats else deepest
        here = FACTS.types[known.type]
    return deepest <= 0


def _marked(builder: Builder, made: Instance, line: Line) -> bool:
    wanted = made.fields.get(line.field)
    shape = builder.source.shapes.get(line.place.kind or (wanted.kind if wanted else ""))
    return shape is not None and bool(shape.marks)


def _descend(
    builder: Builder, made: Instance, branch: Branch, step: Step, known: Child, line: Line, repeating: bool
) -> Branch:
    marks = (step.conditions,)
    options = branch.options.setdefault(known.tag, [])
    found = next((one for one in options if one.branch is not None and one.marks == marks), None)
    if found is None:
        found = Option(marks, branch_of(FACTS.types[known.type]))
        options.append(found)
    found.once = found.once and not repeating
    inner = found.branch
    if inner is None:
        raise AssertionError("an option of a step has a branch")
    _owe(builder, made, inner, step, line.source)
    return inner


def _owe(builder: Builder, made: Instance, branch: Branch, step: Step, source: str) -> None:
    """The constants of a step, and those below it."""
    for constant in step.constants:
        name = constant.attribute
        if name not in branch.type.attributes:
            builder.fault(source, f"{branch.type.name} has no attribute {name}")
            continue
        known = branch.attributes.setdefault(name, Attribute())
        if not known.field:
            known.values += tuple(one for one in constant.values if one not in known.values)
            known.warned += tuple(one for one in constant.warned if one not in known.warned)
    for place in step.owed:
        if not _owned(branch, place):
            _way(builder, made, branch, place, Line("", place, source), 0, lenient=False)


def _owned(branch: Branch, place: Place) -> bool:
    """Whether a field takes the element a constant stands in."""
    options = branch.options.get(tag(place.steps[0].names[0]), ())
    return any(one.field and not one.marks[0] for one in options)


def _attribute_field(builder: Builder, made: Instance, branch: Branch, line: Line) -> None:
    name = line.place.attribute
    if name not in branch.type.attributes:
        builder.fault(line.source, f"{branch.type.name} has no attribute {name}")
        return
    known = branch.attributes.setdefault(name, Attribute())
    if known.field:
        builder.fault(line.source, f"{known.field} and {line.field} claim the same attribute")
    known.field, known.many = line.field, made.fields[line.field].many


def _leaf(builder: Builder, made: Instance, branch: Branch, step: Step, known: Child, line: Line) -> None:
    wanted = made.fields[line.field]
    kind = line.place.kind or ("line" if wanted.kind == "str" else wanted.kind)
    shape = builder.source.shapes.get(kind)
    if known.type == "ANY" and kind in LEAVES:
        kind = f"typed {kind}"
    options = branch.options.setdefault(known.tag, [])
    base = Option((step.conditions,), None, line.field, wanted.many, kind, required=step.required)
    if shape is not None:
        base.shape = instance(builder, shape, known.type, step)
        base.marks = tuple(step.conditions + mark.conditions for mark in shape.marks) or (step.conditions,)
        if not issubclass(CLASSES.get(shape.of, object), CLASSES.get(wanted.kind, type(None))):
            builder.fault(line.source, f"{line.field} holds {wanted.kind}, not {shape.of}")
    elif kind.removeprefix("typed ") not in LEAVES and kind not in TEXT_KINDS and kind != "Any":
        builder.fault(line.source, f"no shape or kind is called {kind}")
    if any(one.marks[0] == base.marks[0] and one.branch is None for one in options):
        builder.fault(line.source, f"{line.field} claims a place that another line has")
    options[:] = [one for one in options if one.branch is None or one.marks != base.marks]
    options.append(base)
