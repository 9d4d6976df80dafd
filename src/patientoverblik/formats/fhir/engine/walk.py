"""The state of one reading: the books, what is lost and where, and the resources that references lead to.

A *place* of a FHIR document is a JSON scalar: a string, number or truth value. Each has one of four fates: read,
constant, quiet, lost. The way to a value is a chain of (way, key, number) that becomes FHIRPath only where it is told.
"""

from collections.abc import Iterator
from typing import Any, Final

from patientoverblik.formats.fhir.engine.tables import extensions
from patientoverblik.formats.model import Loss
from patientoverblik.problems import Finding

Way = tuple[Any, str, int]
"""The way to the object above, the property, and the number in its list (-1: it is no list)."""

NO_PLACE: Final = "no-place"
DIFFERS: Final = "differs"
SECOND: Final = "second-of-one"
NO_TARGET: Final = "reference-without-target"
NOT_THE_TYPE: Final = "type-not-supported"
NO_MEANING: Final = "code-without-meaning"
NOT_REFERRED: Final = "nothing-refers-to-it"
MOST_LOSSES: Final = 20_000
ABSENT: Final = object()
"""What a kind gives for a value it could not read; the loss has been told."""


class TooMuchLost(Exception):  # noqa: N818
    """More is lost than a document can lose and still be said to be read."""


class Walk:
    """One reading under way; made for one document and thrown away. ``index`` resolves references."""

    __slots__ = ("constant", "findings", "gathered", "index", "losses", "lost", "quiet", "read")

    def __init__(self, index: Any = None) -> None:
        """Begin with empty books."""
        self.read = 0
        self.constant = 0
        self.quiet = 0
        self.lost = 0
        self.losses: list[Loss] = []
        self.findings: list[Finding] = []
        self.gathered: list[tuple[str, Any]] = []
        self.index = index

    def lose(self, value: Any, way: Way, reason: str = NO_PLACE) -> None:
        """A value with everything in it."""
        empty = True
        for found in leaves(value, way):
            empty = False
            self.lost += 1
            self._tell(found, reason)
        if empty:
            self._tell(way, reason)

    def keep_quiet(self, value: Any) -> None:
        """A value that is declared to say nothing."""
        self.quiet += count(value)

    def take(self, value: Any) -> None:
        """A value that is read whole."""
        self.read += count(value)

    def hold(self, value: Any) -> None:
        """A value that is as it must be."""
        self.constant += count(value)

    def warn(self, code: str, way: Way, about: str = "") -> None:
        """A fault that does not stop the reading."""
        self.findings.append(Finding(code, fhirpath(way), 0, about))

    def _tell(self, way: Way, reason: str) -> None:
        if len(self.losses) >= MOST_LOSSES:
            raise TooMuchLost
        self.losses.append(Loss(fhirpath(way), reason))


def leaves(value: Any, way: Way) -> Iterator[Way]:
    """The ways to every scalar of a value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (way, key, -1))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (way[0], way[1], number))
    elif value is not None:
        yield way


def count(value: Any) -> int:
    """How many places a value has."""
    if isinstance(value, dict):
        return sum(map(count, value.values()))
    if isinstance(value, list):
        return sum(map(count, value))
    return value is not None


def fhirpath(way: Way) -> str:
    """A way as FHIRPath from the root resource."""
    steps = []
    at: Any = way
    while at is not None:
        above, key, number = at
        steps.append(f"{key}[{number}]" if number >= 0 else key)
        at = above
    return ".".join(reversed(steps))


def look_up(resource: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Every value at a path, lists entered; a step ``ext(name)`` goes to the value of that extension."""
    for one in _step(resource, path[0]) if isinstance(resource, dict) else ():
        if len(path) == 1:
            yield one
        else:
            yield from look_up(one, path[1:])


def _step(resource: dict[str, Any], name: str) -> Iterator[Any]:
    if name.startswith("ext("):
        wanted = extensions()[name[4:-1]]
        beside = resource.get("extension")
        for one in beside if isinstance(beside, list) else ():
            if isinstance(one, dict) and one.get("url") == wanted.url and wanted.key in one:
                yield one[wanted.key]
        return
    found = resource.get(name)
    yield from found if isinstance(found, list) else () if found is None else (found,)
