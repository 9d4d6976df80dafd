"""Places: the small language a profile says in where something stands in a document.

A place is steps parted by ``/``, relative to the shape, and a kind after ``:``. A step is an element name (``a|b``:
either, the first is written), ``sdtc:`` before it for that namespace, ``!`` after it where the element is owed even
without a value, and ``[…]`` conditions and ``{…}`` constants. The last step may be ``@attribute``.

- ``[@a=v]`` ``[a/@b=v]``: must match, and is written; with ``?`` first it is looked at only.
- ``[t=OID ext]``: a templateId; the root must match, the extension is written and another one is reported.
- ``[own code]``: a code of our own code system.
- ``{@a=v @b='v w'}``: constants of the element.
- Values: ``v|w`` either in silence, ``v~w`` the second with a warning; the first is written.
"""

import re
from collections.abc import Iterator

import msgspec

from patientoverblik.formats.cda.constructs import coded


class Constant(msgspec.Struct, frozen=True):
    """An attribute with a fixed value: the first of ``values`` is written, all are read, ``warned`` with a warning."""

    attribute: str
    values: tuple[str, ...]
    warned: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every value that is read."""
        return self.values + self.warned


class Condition(msgspec.Struct, frozen=True):
    """What an element must have to be recognised: an attribute on it, or on a descendant along ``path``."""

    path: tuple[str, ...]
    attribute: str
    values: tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """One element on the way: its names, how it is recognised, its constants, and what it owes below (``owed``)."""

    names: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    constants: tuple[Constant, ...] = ()
    owed: tuple["Place", ...] = ()
    required: bool = False


class Place(msgspec.Struct, frozen=True):
    """Where something stands: steps, an attribute of the last one (or the element itself), and a kind (or by type)."""

    steps: tuple[Step, ...]
    attribute: str = ""
    kind: str = ""


class PlaceFault(ValueError):  # noqa: N818
    """A place that cannot be understood; the text says why."""


_SHORT = re.compile(r"([a-z]+)\(([^)]*)\)")
_NAME = re.compile(r"(?:sdtc:)?[A-Za-z][A-Za-z0-9]*(?:\|(?:sdtc:)?[A-Za-z][A-Za-z0-9]*)*")
_CONSTANT = re.compile(r"@([A-Za-z:]+)=(?:'([^']*)'|(\S+))\s*")


def parse_place(text: str, short: dict[str, str] | None = None) -> Place:
    """Read a place; ``short`` holds abbreviations such as ``own(x)`` with ``$1``, ``$2`` for their words."""
    path, _, kind = text.partition(" : ")
    pieces = list(_split(_expand(path.strip(), short or {})))
    attribute = pieces.pop()[1:] if pieces and pieces[-1].startswith("@") else ""
    return Place(tuple(parse_step(piece) for piece in pieces), attribute, kind.strip())


def parse_step(text: str) -> Step:
    """Read one step; a step that is only ``[…]`` or ``{…}`` has no names and speaks of the shape's own element."""
    found = _NAME.match(text)
    names = tuple(found.group().split("|")) if found else ()
    step = Step(names)
    for mark in _marks(text[found.end() if found else 0 :]):
        step = _marked(step, mark)
    return step


def _expand(text: str, short: dict[str, str]) -> str:
    def full(found: re.Match[str]) -> str:
        if found[1] not in short:
            raise PlaceFault(f"no abbreviation is called {found[1]}")
        result = short[found[1]]
        for number, word in enumerate(found[2].split(), 1):
            result = result.replace(f"${number}", word)
        return result

    return _SHORT.sub(full, text)


def _split(path: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, letter in enumerate(path):
        depth += (letter in "[{") - (letter in "]}")
        if letter == "/" and depth == 0:
            yield path[start:place]
            start = place + 1
    if depth:
        raise PlaceFault("a bracket is not closed")
    if path[start:]:
        yield path[start:]


def _marks(text: str) -> Iterator[str]:
    while text:
        if text[0] == "!":
            yield "!"
            text = text[1:]
        elif text[0] in "[{":
            end = text.find("]" if text[0] == "[" else "}")
            yield text[:end]
            text = text[end + 1 :]
        else:
            raise PlaceFault(f"not understood: {text}")


def _marked(step: Step, mark: str) -> Step:
    if mark == "!":
        return msgspec.structs.replace(step, required=True)
    if mark.startswith("{"):
        return msgspec.structs.replace(step, constants=step.constants + _constants(mark[1:]))
    inner = mark[1:].strip()
    if inner.startswith("t="):
        return _template(step, inner[2:])
    if inner.startswith("own "):
        return _own(step, inner[4:].strip())
    return _condition(step, inner)


def _constants(text: str) -> tuple[Constant, ...]:
    found = list(_CONSTANT.finditer(text))
    if "".join(one.group() for one in found) != text:
        raise PlaceFault(f"constants not understood: {text}")
    return tuple(_constant(one[1], one[2] if one[2] is not None else one[3]) for one in found)


def _constant(attribute: str, text: str) -> Constant:
    kept, *warned = text.split("~")
    return Constant(attribute, tuple(kept.split("|")), tuple(warned))


def _template(step: Step, text: str) -> Step:
    root, _, extension = text.partition(" ")
    known = _constant("root", root)
    condition = Condition(("templateId",), "root", known.allowed)
    constants = (known, _constant("extension", extension)) if extension else (known,)
    template = Step(("templateId",), (Condition((), "root", known.allowed),), constants)
    return _with(step, condition, Place((template,)))


def _own(step: Step, code: str) -> Step:
    try:
        own = coded(code)
    except KeyError:
        raise PlaceFault(f"no code of ours is called {code}") from None
    constants = (
        Constant("code", (own.code,)),
        Constant("codeSystem", (own.system,)),
        Constant("codeSystemName", (own.system_name,)),
        Constant("displayName", (own.display,)),
    )
    return _with(step, Condition(("code",), "code", (code,)), Place((Step(("code",), (), constants),)))


def _condition(step: Step, text: str) -> Step:
    looked = text.startswith("?")
    path, _, value = text.lstrip("?").partition("=")
    *elements, attribute = path.split("/")
    if not attribute.startswith("@") or not value:
        raise PlaceFault(f"condition not understood: {text}")
    constant = _constant(attribute[1:], value)
    condition = Condition(tuple(elements), constant.attribute, constant.allowed)
    if looked:
        return msgspec.structs.replace(step, conditions=(*step.conditions, condition))
    if not elements:
        step = msgspec.structs.replace(step, constants=(*step.constants, constant))
        return msgspec.structs.replace(step, conditions=(*step.conditions, condition))
    *outer, last = (Step((name,)) for name in elements)
    owed = Place((*outer, msgspec.structs.replace(last, constants=(constant,))))
    return _with(step, condition, owed)


def _with(step: Step, condition: Condition, owed: Place) -> Step:
    return msgspec.structs.replace(step, conditions=(*step.conditions, condition), owed=(*step.owed, owed))
