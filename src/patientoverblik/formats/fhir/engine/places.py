"""Places of a FHIR profile: where a field stands in a JSON object.

``code.coding``, ``ext(horizon)`` (an extension by its short name), ``participant[type.coding.code=PPRF].actor``
(only items that say so, and are written so), ``activity[detail]`` (only items that have it), a leading ``?`` (look
only), ``code*.coding`` (the step that repeats for a field of several values, where it is not the deepest that can),
and `` : kind`` with its arguments.
"""

import re

import msgspec

_STEP = re.compile(r"(?P<name>ext\((?P<ext>[a-z0-9-]+)\)|[a-zA-Z]+(?:\[x\])?)(?P<loop>\*?)(?P<tests>(?:\[[^\]]*\])*)")
_TEST = re.compile(r"\[([^\]]+)\]")


class PlaceFault(ValueError):  # noqa: N818
    """A place that cannot be understood, and why."""


class Test(msgspec.Struct, frozen=True):
    """A condition on an object: the path within it, and the value that stands there; empty: anything does.

    One that ``holds`` is only looked at: the value is a part of what stands there.
    """

    path: tuple[str, ...]
    value: str = ""
    holds: bool = False


class Step(msgspec.Struct, frozen=True):
    """One step: a property's name, the conditions on what stands there, and the extension it is, if it is one."""

    name: str
    tests: tuple[Test, ...] = ()
    extension: str = ""
    loops: bool = False


class Place(msgspec.Struct, frozen=True):
    """The way to a value, the kind of value (empty: what the field and R4 say) and the kind's arguments."""

    steps: tuple[Step, ...]
    kind: str = ""
    arguments: tuple[str, ...] = ()
    look_only: bool = False


def parse_place(text: str) -> Place:
    """A place from its text; ``PlaceFault`` where it is none."""
    way, _, kind = text.partition(" : ")
    name, *arguments = kind.split() or [""]
    look_only = way.startswith("?")
    return Place(parse_steps(way.removeprefix("?").strip()), name, tuple(arguments), look_only)


def parse_steps(text: str) -> tuple[Step, ...]:
    """The steps of a way."""
    steps, at = [], 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise PlaceFault(f"place not understood: {text}")
        steps.append(_step(found))
        at = found.end()
        if at < len(text) and text[at] != ".":
            raise PlaceFault(f"place not understood: {text}")
        at += 1
    return tuple(steps)


def parse_test(text: str) -> Test:
    """A condition: ``path``, ``path=value`` or ``path~part of the value``."""
    path, sign, value = re.split(r"([=~])", text, maxsplit=1) if re.search("[=~]", text) else (text, "", "")
    return Test(tuple(path.strip().split(".")), value.strip(), sign == "~")


def _step(found: re.Match[str]) -> Step:
    tests = tuple(map(parse_test, _TEST.findall(found["tests"])))
    return Step("extension" if found["ext"] else found["name"], tests, found["ext"] or "", bool(found["loop"]))
