"""Loading a profile: a folder of TOML becomes shapes, or every fault at once with file and line.

``profile.toml`` may ``use`` shared files beside the profiles' folders; a later file's shape replaces an earlier one of
the same name. The words of a profile are those of ``docs/add-a-profile.md``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from patientoverblik.formats.faults import ProfileFault, ProfileFaults
from patientoverblik.formats.fhir.engine.places import (
    Place,
    PlaceFault,
    Step,
    Test,
    parse_place,
    parse_steps,
    parse_test,
)

DIRECTIVES = frozenset({"of", "on", "like", "when", "fixed", "quiet", "lost", "default"})


class Line(msgspec.Struct, frozen=True):
    """One place of a field, and where the line stands; a field given several places is read from all of them."""

    field: str
    place: Place
    source: str


class Constant(msgspec.Struct, frozen=True):
    """A way that always holds one of ``values``, the first written; or what ``kind`` says, for whom ``what`` names."""

    steps: tuple[Step, ...]
    values: tuple[str, ...] = ()
    kind: str = ""
    arguments: tuple[str, ...] = ()
    source: str = ""


class Shape(msgspec.Struct, frozen=True):
    """One shape: the care class it fills (``of``), the R4 type it stands on, how it is recognised, and its lines."""

    name: str
    of: str
    on: str
    when: tuple[tuple[Test, bool], ...]
    lines: tuple[Line, ...]
    fixed: tuple[Constant, ...]
    quiet: tuple[tuple[Step, ...], ...]
    lost: Mapping[str, str]
    default: Mapping[str, str]
    source: str


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a profile says of itself (``[document]``)."""

    id: str
    title: str
    format_code: str
    format_name: str = ""
    code: str = ""
    plan_kind: str = "other"
    example: bool = False
    parts: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """All that a profile's files say, before it is compiled; ``text`` is for the digest."""

    head: Head
    shapes: Mapping[str, Shape]
    text: str


class _File(msgspec.Struct, frozen=True):
    name: str
    text: str
    data: dict[str, Any]
    lines: Mapping[tuple[str, str], int]


def load_source(folder: Path) -> Source:
    """Read a profile's folder; ``ProfileFaults`` with all that is wrong."""
    faults: list[ProfileFault] = []
    files = list(_files(folder / "profile.toml", faults))
    said, words = _merged(files)
    head = _head(files, faults)
    shapes = {name: _shape(name, said, words, faults) for name in said}
    if faults or head is None:
        raise ProfileFaults(faults)
    return Source(head, shapes, "".join(file.text for file in files))


def _files(path: Path, faults: list[ProfileFault]) -> Iterator[_File]:
    """A file after all files it uses."""
    name = f"{path.parent.name}/{path.name}" if path.name == "profile.toml" else path.name
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        faults.append(
            ProfileFault(name, _line_in(str(wrong)), "no such file" if isinstance(wrong, OSError) else str(wrong))
        )
        return
    for used in data.pop("use", ()):
        yield from _files(path.parent.parent / used if path.name == "profile.toml" else path.parent / used, faults)
    yield _File(name, text, data, _numbered(text))


def _line_in(told: str) -> int:
    found = re.search(r"line (\d+)", told)
    return int(found[1]) if found else 1


_TABLE = re.compile(r"\[([A-Za-z.]+)\]")
_KEY = re.compile(r"\"?([@A-Za-z_.]+)\"?\s*=")


def _numbered(text: str) -> dict[tuple[str, str], int]:
    """(Shape, key) → the line it stands on."""
    table = ""
    found: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if head := _TABLE.match(line):
            table = head[1]
            found[table.partition(".")[0], ""] = found.get((table.partition(".")[0], ""), number)
        elif (key := _KEY.match(line)) and "." not in table:
            found[table, key[1]] = number
    return found


class _Said(msgspec.Struct, frozen=True):
    """What a file says of a shape; ``before`` is what an earlier file said of the same."""

    file: _File
    data: Mapping[str, Any]
    before: "_Said | None" = None


def _merged(files: list[_File]) -> tuple[dict[str, _Said], dict[str, str]]:
    said: dict[str, _Said] = {}
    words: dict[str, str] = {}
    for file in files:
        words |= file.data.get("words", {})
        for name, data in file.data.items():
            if name not in ("document", "words"):
                said[name] = _Said(file, data, said.get(name))
    return said, words


def _head(files: list[_File], faults: list[ProfileFault]) -> Head | None:
    if not files:
        return None
    try:
        return msgspec.convert(files[-1].data.get("document", {}), Head)
    except msgspec.ValidationError as wrong:
        faults.append(ProfileFault(files[-1].name, files[-1].lines.get(("document", ""), 1), str(wrong)))
        return None


def _shape(name: str, said: Mapping[str, _Said], words: Mapping[str, str], faults: list[ProfileFault]) -> Shape:
    """A shape with the lines of those it is like; its own win."""
    return _said_shape(name, said[name], said, words, faults)


def _said_shape(
    name: str, own: _Said, said: Mapping[str, _Said], words: Mapping[str, str], faults: list[ProfileFault]
) -> Shape:
    source = f"{own.file.name}:{own.file.lines.get((name, ''), 1)}"
    base = _base(name, own, said, words, faults)
    data = {key: value for key, value in own.data.items() if key not in DIRECTIVES}
    lines = tuple(line for key, value in data.items() for line in _lines(name, key, value, own.file, words, faults))
    default = own.data.get("default", {})
    mine = {line.field for line in lines} | own.data.get("lost", {}).keys()
    told = data.keys() | default.keys()
    return Shape(
        name=name,
        of=own.data.get("of", base.of if base else name),
        on=own.data.get("on", base.on if base else name),
        when=tuple(_when(one) for one in own.data.get("when", ())),
        lines=(*(line for line in (base.lines if base else ()) if line.field not in mine), *lines),
        fixed=(*(base.fixed if base else ()), *_constants(own, words, source, faults)),
        quiet=(*(base.quiet if base else ()), *_quiet(own, source, faults)),
        lost={key: why for key, why in (base.lost if base else {}).items() if key not in told}
        | own.data.get("lost", {}),
        default=dict(base.default if base else {}) | default,
        source=source,
    )


def _base(
    name: str, own: _Said, said: Mapping[str, _Said], words: Mapping[str, str], faults: list[ProfileFault]
) -> Shape | None:
    like = own.data.get("like")
    if like is None:
        return None
    if like == name and own.before is not None:
        return _said_shape(name, own.before, said, words, faults)
    if like not in said or like == name:
        faults.append(ProfileFault(own.file.name, own.file.lines.get((name, "like"), 1), f"no shape is called {like}"))
        return None
    return _shape(like, said, words, faults)


def _when(text: str) -> tuple[Test, bool]:
    """A condition, and whether it must hold."""
    return parse_test(text.removeprefix("!")), not text.startswith("!")


def _lines(
    shape: str, key: str, value: Any, file: _File, words: Mapping[str, str], faults: list[ProfileFault]
) -> Iterator[Line]:
    number = file.lines.get((shape, key), 1)
    for text in value if isinstance(value, list) else [value]:
        try:
            yield Line(key, parse_place(_worded(str(text), words)), f"{file.name}:{number}")
        except (PlaceFault, KeyError) as wrong:
            faults.append(ProfileFault(file.name, number, str(wrong)))


def _constants(own: _Said, words: Mapping[str, str], source: str, faults: list[ProfileFault]) -> Iterator[Constant]:
    for text in own.data.get("fixed", ()):
        try:
            yield _constant(_worded(text, words), source)
        except (PlaceFault, KeyError) as wrong:
            faults.append(ProfileFault(own.file.name, int(source.rpartition(":")[2]), str(wrong)))


def _constant(text: str, source: str) -> Constant:
    if " : " in text:
        place = parse_place(text)
        return Constant(place.steps, kind=place.kind, arguments=place.arguments, source=source)
    way, _, values = text.rpartition("=")
    return Constant(parse_steps(way), tuple(values.split("|")), source=source)


def _quiet(own: _Said, source: str, faults: list[ProfileFault]) -> Iterator[tuple[Step, ...]]:
    for text in own.data.get("quiet", ()):
        try:
            yield parse_steps(text)
        except PlaceFault as wrong:
            faults.append(ProfileFault(own.file.name, int(source.rpartition(":")[2]), str(wrong)))


_WORD = re.compile(r"\$([a-z0-9_]+)")


def _worded(text: str, words: Mapping[str, str]) -> str:
    """A text with its ``$words`` put in; ``KeyError`` where one is not given."""
    return _WORD.sub(lambda found: words[found[1]], text)
