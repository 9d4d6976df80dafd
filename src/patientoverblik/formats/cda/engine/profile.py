"""Loading a profile: a folder of TOML and CSV becomes shapes, or every fault at once with file and line.

``profile.toml`` may ``use`` shared files beside the profiles' folders; a later file's shape replaces an earlier one of
the same name.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from patientoverblik.formats.cda.engine.model import CLASSES, field_types
from patientoverblik.formats.cda.engine.places import Place, PlaceFault, Step, parse_place, parse_step
from patientoverblik.formats.faults import ProfileFault, ProfileFaults

DIRECTIVES = frozenset({"like", "with", "when", "fixed", "lost", "table", "of"})
"""Words of a shape that are not fields; no field of the record may bear one of them."""


class Line(msgspec.Struct, frozen=True):
    """One line of a shape: a field (empty: a constant) and its place, and where the line stands.

    A field may be given several places; all are read, only the first is ``written``.
    """

    field: str
    place: Place
    source: str
    written: bool = True


class Shape(msgspec.Struct, frozen=True):
    """One shape: the record class it fills, how its element is recognised, its lines and its narrative's columns.

    ``marks`` are the ways to recognise it; all but the first are answered with a warning.
    """

    name: str
    of: str
    marks: tuple[Step, ...]
    lines: tuple[Line, ...]
    lost: Mapping[str, str]
    table: Mapping[str, str]
    source: str


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a profile says of itself (``[document]``).

    ``markers`` are the ids of the version event that name this profile; ``absent`` says that none may stand.
    """

    id: str
    title: str
    kind: str
    root: str
    template: str
    extension: str = ""
    marker: str = ""
    code: str
    format_code: str
    format_name: str = ""
    example: bool = False
    parts: tuple[str, ...]
    writes: bool = True


class Source(msgspec.Struct, frozen=True):
    """All that a profile's files say, before it is compiled: its head and shapes, and their text for the digest."""

    head: Head
    shapes: Mapping[str, Shape]
    text: str


def load_source(folder: Path) -> Source:
    """Read a profile's folder; ``ProfileFaults`` with all that is wrong."""
    faults: list[ProfileFault] = []
    files = list(_files(folder / "profile.toml", faults))
    said = _merged(files, faults)
    head = _head(files, faults)
    shapes = _reached(head.root, said, faults) if head else {}
    if faults or head is None:
        raise ProfileFaults(faults)
    return Source(head, shapes, "".join(file.text for file in files))


class _File(msgspec.Struct, frozen=True):
    path: Path
    text: str
    data: dict[str, Any]
    lines: Mapping[tuple[str, str], int]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}" if self.path.name == "profile.toml" else self.path.name


def _files(path: Path, faults: list[ProfileFault]) -> Iterator[_File]:
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        found = re.search(r"line (\d+)", str(wrong))
        faults.append(ProfileFault(f"{path.parent.name}/{path.name}", int(found[1]) if found else 0, str(wrong)))
        return
    for used in data.pop("use", []):
        yield from _files(path.parent.parent / used if path.name == "profile.toml" else path.parent / used, faults)
    yield _File(path, text, data, _line_numbers(text))


_TABLE = re.compile(r"\[\s*([A-Za-z_.]+)\s*\]")
_KEY = re.compile(r'("[^"]+"|[A-Za-z_]+)\s*=')


def _line_numbers(text: str) -> dict[tuple[str, str], int]:
    """The line of each ``[Table]`` and ``key =``; tomllib tells none."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := _TABLE.match(line):
            table = head[1]
            found.setdefault((table, ""), number)
        elif key := _KEY.match(line):
            found.setdefault((table, key[1].strip('"')), number)
    return found


class _Said(msgspec.Struct):
    """What the files say together: shapes, abbreviations and words for all places, and where each line stands."""

    shapes: dict[str, dict[str, Any]]
    short: dict[str, str]
    words: dict[str, str]
    where: dict[tuple[str, str], str]

    def source(self, name: str, key: str = "") -> str:
        """``file:line`` of a shape's line."""
        return self.where.get((name, key)) or self.where.get((name, "")) or ":0"


def _merged(files: list[_File], faults: list[ProfileFault]) -> _Said:
    said = _Said({}, {}, {}, {})
    for file in files:
        for name, body in file.data.items():
            if name in ("short", "words"):
                (said.short if name == "short" else said.words).update(body)
            elif name != "document":
                said.shapes[name] = body if isinstance(body, dict) else {}
                said.where = {key: line for key, line in said.where.items() if key[0] != name}
        said.where |= {key: f"{file.name}:{number}" for key, number in file.lines.items()}
    if not said.shapes:
        faults.append(ProfileFault(files[0].name if files else "profile.toml", 0, "no shapes"))
    return said


def _fault(faults: list[ProfileFault], source: str, text: str) -> None:
    file, _, line = source.rpartition(":")
    faults.append(ProfileFault(file, int(line or 0), text))


class _Body(msgspec.Struct):
    """A shape's lines with those it takes from the shape it is like, the words put in, and each line's source."""

    lines: dict[str, Any]
    words: dict[str, str]
    origin: dict[str, str]


def _reached(root: str, said: _Said, faults: list[ProfileFault]) -> dict[str, Shape]:
    """The shapes a document is made of; others are there to be like."""
    shapes: dict[str, Shape] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name in shapes:
            continue
        if name not in said.shapes:
            _fault(faults, ":0", f"no shape is called {name}")
            continue
        shapes[name] = shape = _shape(name, said, faults)
        kinds = field_types(CLASSES[shape.of]) if shape.of in CLASSES else {}
        for line in shape.lines:
            kind = line.place.kind or (kinds[line.field].kind if line.field in kinds else "")
            waiting += [kind] if kind in said.shapes else []
    return shapes


def _shape(name: str, said: _Said, faults: list[ProfileFault]) -> Shape:
    source = said.source(name)
    body = _inherited(name, said, faults, ())
    texts = [("", text, "fixed") for text in body.lines.get("fixed", ())]
    fields = {field: text for field, text in body.lines.items() if field not in DIRECTIVES}
    texts += [(field, one, field) for field, text in fields.items() for one in _many(text)]
    lines: list[Line] = []
    for field, text, key in texts:
        _line(lines, field, str(text), said.words | body.words, said.short, body.origin.get(key, source), faults)
    when = _filled_mark(body.lines.get("when", ""), said.words | body.words)
    marks = tuple(_marks(when, body.origin.get("when", source), faults))
    lost, table = body.lines.get("lost", {}), body.lines.get("table", {})
    return Shape(name, body.lines.get("of", name), marks, tuple(lines), lost, table, source)


def _many(text: object) -> list[object]:
    return text if isinstance(text, list) else [text]


def _inherited(name: str, said: _Said, faults: list[ProfileFault], seen: tuple[str, ...]) -> _Body:
    own = said.shapes[name]
    base = _Body({}, {}, {})
    if like := own.get("like"):
        if like not in said.shapes or like in (name, *seen):
            _fault(faults, said.source(name, "like"), f"no shape is called {like}")
        else:
            base = _inherited(like, said, faults, (*seen, name))
            base.lines = {"of": like, **{key: value for key, value in base.lines.items() if key != "when"}}
    kept = {key: value for key, value in base.lines.items() if key in DIRECTIVES or key not in own.get("lost", {})}
    lines = kept | {key: value for key, value in own.items() if key not in ("like", "with")}
    lost = {key: value for key, value in base.lines.get("lost", {}).items() if key not in own}
    lines["lost"] = lost | own.get("lost", {})
    lines["table"] = {**base.lines.get("table", {}), **own.get("table", {})}
    origin = base.origin | {key: said.source(name, key) for key in own}
    return _Body(lines, {**base.words, **own.get("with", {})}, origin)


def _line(
    lines: list[Line],
    field: str,
    text: str,
    words: Mapping[str, str],
    short: dict[str, str],
    source: str,
    faults: list[ProfileFault],
) -> None:
    try:
        filled = _filled(text, words)
        itself = filled.startswith(("{", "["))
        place = Place((parse_step(filled),), "", "self") if itself else parse_place(filled, short)
        lines.append(Line(field, place, source, not field or all(line.field != field for line in lines)))
    except PlaceFault as wrong:
        _fault(faults, source, str(wrong))


def _filled_mark(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(f"${word}", value)
    return text


def _filled(text: str, words: Mapping[str, str]) -> str:
    filled = _filled_mark(text, words)
    if "$" in filled:
        raise PlaceFault(f"no word is given for {filled}")
    return filled


def _marks(text: str, source: str, faults: list[ProfileFault]) -> Iterator[Step]:
    for one in text.split(" or ") if text else ():
        try:
            yield parse_step(one.strip())
        except PlaceFault as wrong:
            _fault(faults, source, str(wrong))


def _head(files: list[_File], faults: list[ProfileFault]) -> Head | None:
    merged: dict[str, Any] = {}
    for file in files:
        merged |= file.data.get("document", {})
    try:
        return msgspec.convert(merged, Head)
    except msgspec.ValidationError as wrong:
        last = files[-1] if files else None
        at = last.lines.get(("document", ""), 0) if last else 0
        faults.append(ProfileFault(last.name if last else "profile.toml", at, str(wrong)))
        return None
