"""A profile compiled: every shape with its reader and writer, or every fault of it with file and line."""

from collections.abc import Callable, Mapping
from typing import Any

from patientoverblik.care import Moment, Quantity, Range, Text, Unknown
from patientoverblik.formats.faults import ProfileFault, ProfileFaults
from patientoverblik.formats.fhir.engine import amounts, kinds
from patientoverblik.formats.fhir.engine.codec import Codec, claim_line
from patientoverblik.formats.fhir.engine.kinds import REASON, UNKNOWN_CODE, Kind, Wire
from patientoverblik.formats.fhir.engine.model import Field, fields_of
from patientoverblik.formats.fhir.engine.places import Place
from patientoverblik.formats.fhir.engine.profile import (
    Constant,
    Head,
    Line,
    Source,
)
from patientoverblik.formats.fhir.engine.tables import Meaning, meaning
from patientoverblik.formats.fhir.engine.tree import Leaf, Misplaced, Option, Way, place, ways
from patientoverblik.formats.fhir.engine.walk import ABSENT, Walk
from patientoverblik.formats.fhir.engine.walk import Way as At

Named = Callable[["Profile", tuple[str, ...]], Kind]
"""A kind with a name of its own: made of the profile and the arguments behind the name."""

_SCALARS: Mapping[type, Kind] = {str: kinds.TEXT, int: kinds.NUMBER, bool: kinds.FLAG}


class Profile:
    """One profile ready for use; made once per process."""

    def __init__(self, source: Source, named: Mapping[str, Named]) -> None:
        """Compile every shape; ``ProfileFaults`` with all that is wrong."""
        self.head: Head = source.head
        self.source = source
        self.named = named
        self.codecs = {name: Codec(shape) for name, shape in source.shapes.items()}
        faults: list[ProfileFault] = []
        for codec in self.codecs.values():
            _fill(self, codec, faults)
        if faults:
            raise ProfileFaults(faults)
        for codec in self.codecs.values():
            codec.finish()
        self.by_type = _by_type(self.codecs)

    def recognise(self, node: dict[str, Any]) -> Codec | None:
        """The shape of a resource, None where no shape is of it."""
        candidates = self.by_type.get(str(node.get("resourceType")), ())
        return next((codec for codec in candidates if codec.recognises(node)), None)


def _by_type(codecs: Mapping[str, Codec]) -> Mapping[str, tuple[Codec, ...]]:
    """The shapes of each type of resource, what is recognised by more before what is recognised by less."""
    found: dict[str, list[Codec]] = {}
    for codec in codecs.values():
        if not codec.home[1]:
            found.setdefault(codec.home[0], []).append(codec)
    return {name: tuple(sorted(them, key=lambda one: -len(one.shape.when))) for name, them in found.items()}


def _fill(profile: Profile, codec: Codec, faults: list[ProfileFault]) -> None:
    shape = codec.shape
    _told(shape.source, faults, lambda: _check_fields(codec))
    for line in shape.lines:
        _told(line.source, faults, lambda line=line: _line(profile, codec, line))  # type: ignore[misc]
    for constant in shape.fixed:
        _told(constant.source, faults, lambda constant=constant: _fix(profile, codec, constant))  # type: ignore[misc]
    for steps in shape.quiet:
        _told(shape.source, faults, lambda steps=steps: _hush(codec, steps))  # type: ignore[misc]


def _told(source: str, faults: list[ProfileFault], work: Callable[[], None]) -> None:
    try:
        work()
    except (Misplaced, FileNotFoundError, ValueError) as wrong:
        file, _, number = source.rpartition(":")
        faults.append(ProfileFault(file, int(number), str(wrong)))


def _check_fields(codec: Codec) -> None:
    """Every field of a care class is placed or declared lost with a reason, and not both."""
    shape, of = codec.shape, codec.of
    if of is None:
        if shape.of != "-":
            raise Misplaced(f"no care class is called {shape.of}")
        return
    placed = {line.field.partition(".")[0] for line in shape.lines} | shape.default.keys()
    for name in fields_of(of):
        if name not in placed and name not in shape.lost and name != "place":
            raise Misplaced(f"{shape.name}.{name} is neither placed nor declared lost")
    for name in shape.lost:
        if not name.startswith("@") and (name in placed or name not in fields_of(of)):
            raise Misplaced(f"{shape.name}.{name} is declared lost and placed, or is no field")


def _line(profile: Profile, codec: Codec, line: Line) -> None:
    claim_line(codec, line, lambda field, place_, way: _choose(profile, field, place_, way))


def _fix(profile: Profile, codec: Codec, constant: Constant) -> None:
    for way in ways(codec.home, constant.steps):
        if constant.kind:
            kind = profile.named[constant.kind](profile, constant.arguments)
            place(codec.tree, way, Option((), leaf=Leaf(-1, False, kind)))
        else:
            place(codec.tree, way, Option((), values=constant.values))


def _hush(codec: Codec, steps: Any) -> None:
    for way in ways(codec.home, steps):
        place(codec.tree, way, Option((), quiet=True))


def _choose(profile: Profile, field: Field, place_: Place, way: Way | None) -> Kind | None:
    """The kind of a line; why a value is absent is not said in a concept that R4 binds to a value set, though read."""
    kind = _kind(profile, field, place_, way)
    if kind is None or not field.unknowable or way is None or place_.kind in ("reason", "absent"):
        return kind
    known = knowable(kind, way.child.primitive, _table(place_))
    is_bound = bool(way.child.binding) and not way.child.primitive
    return known._replace(accepts=kind.accepts) if is_bound else known


def _kind(profile: Profile, field: Field, place_: Place, way: Way | None) -> Kind | None:
    name = place_.kind
    if name.endswith(".csv"):
        return _coded(field, place_, way)
    if name in profile.named:
        return profile.named[name](profile, place_.arguments)
    if name:
        return nested(profile.codecs[name]) if name in profile.codecs else None
    return _by_class(profile, field, way)


def _table(place_: Place) -> Meaning | None:
    return meaning(place_.kind.removesuffix(".csv")) if place_.kind.endswith(".csv") else None


def _coded(field: Field, place_: Place, way: Way | None) -> Kind:
    table = meaning(place_.kind.removesuffix(".csv"))
    strange = set(table.write) - field.words - {UNKNOWN_CODE}
    if field.words and strange:
        raise Misplaced(f"{place_.kind} says what {field.name} cannot be: {', '.join(sorted(strange))}")
    prefix = place_.arguments[0] if place_.arguments else ""
    type_ = way.child.type if way else "code"
    if type_ == "CodeableConcept":
        return kinds.concept_coded(table, prefix, field.words)
    return kinds.coded(table, prefix, field.words) if type_ == "Coding" else kinds.simple_coded(table)


def _by_class(profile: Profile, field: Field, way: Way | None) -> Kind | None:
    """The kind of a field by its class and by R4's type; of several classes the one that the type can hold."""
    for class_ in field.classes:
        found = _of_class(profile, class_, way)
        if found is not None:
            return found
    return None


def _of_class(profile: Profile, class_: Any, way: Way | None) -> Kind | None:
    child = way.child if way else None
    if child is None or not isinstance(class_, type):
        return None
    if child.primitive:
        return _primitive(class_, child.type)
    if class_ is Quantity:
        return amounts.QUANTITY if child.type == "Quantity" else None
    if class_ is Range:
        return amounts.RANGE if child.type == "Range" else None
    codec = profile.codecs.get(class_.__name__)
    return nested(codec) if codec is not None and codec.home == child.home else None


def _primitive(class_: type, type_: str) -> Kind | None:
    if class_ is Moment:
        return kinds.moment(type_) if type_ in ("date", "dateTime", "instant") else None
    if class_ is Text:
        return TEXT_VALUE if type_ in ("string", "markdown") else None
    fits = {str: type_ not in ("boolean", "integer", "decimal"), int: "nt" in type_, bool: type_ == "boolean"}
    return _SCALARS[class_] if fits.get(class_) and type_ not in ("date", "dateTime", "instant", "xhtml") else None


def nested(codec: Codec) -> Kind:
    """The kind of what a shape says."""

    def write(value: Any, pen: Any) -> Wire:
        return codec.write(value, pen) or None, None

    def read(value: Any, _sibling: Any, way: At, walk: Walk) -> Any:
        return codec.read(value, way, walk)

    return Kind(read, write, (codec.of or object,))


def _read_words(value: Any, sibling: Any, way: At, walk: Walk) -> Any:
    found = kinds.TEXT.read(value, sibling, way, walk)
    return found if found is ABSENT else Text(words=found)


TEXT_VALUE = Kind(_read_words, lambda value, _pen: (value.words, None), (Text,))


def knowable(kind: Kind, primitive: bool, table: Meaning | None) -> Kind:
    """A kind whose value may be unknown, with a reason; one that could not be read is unknown for that reason."""
    code = table.write[UNKNOWN_CODE].code if table and UNKNOWN_CODE in table.write and primitive else None

    def read(value: Any, sibling: Any, way: At, walk: Walk) -> Any:
        said = sibling if value is None else value
        if isinstance(said, dict) and len(said) == 1 and (found := kinds.absent_of(said.get("extension"))):
            walk.take(said)
            return found
        if code is not None and value == code:
            return _not_known(sibling, way, walk)
        found = kind.read(value, sibling, way, walk)
        return Unknown(reason="not-readable") if found is ABSENT else found

    def write(value: Any, pen: Any) -> Wire:
        if not isinstance(value, Unknown):
            return kind.write(value, pen)
        if code is not None:
            reason = {"extension": [{"url": REASON, "valueCode": value.reason}]}
            return code, None if value.reason == "unknown" else reason
        absent = {"extension": kinds.absence(value)}
        return (None, absent) if primitive else (absent, None)

    return Kind(read, write, (*kind.accepts, Unknown))


def _not_known(sibling: Any, way: At, walk: Walk) -> Unknown:
    """A code that says that it is not known, and why where that stands beside it."""
    walk.read += 1
    match sibling:
        case {"extension": [{"url": url, "valueCode": str(reason), **more}], **most} if (
            url == REASON and reason in kinds.REASONS and not more and not most
        ):
            walk.take(sibling)
            return Unknown(reason=reason)  # type: ignore[arg-type]
    if sibling is not None:
        walk.lose(sibling, (way[0], f"_{way[1]}", -1))
    return Unknown(reason="unknown")
