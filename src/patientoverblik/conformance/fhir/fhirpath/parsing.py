"""A FHIRPath expression to a tree (FHIRPath 2.0, Grammar): what binds how, and nothing of what it means."""

import re
from decimal import Decimal
from typing import Any

import msgspec

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*')|(?P<name>[$%]?[A-Za-z_]\w*|`[^`]+`)"
    r"|(?P<sign><=|>=|!=|[()\[\].,|+\-*/&=<>{}]))"
)
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_SPECIAL = {"r": "\r", "n": "\n", "t": "\t", "f": "\f"}
BINDS = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "!="),
    ("<", ">", "<=", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
    ("*", "/", "div", "mod"),
)
"""The operators between two terms, from those that bind least."""


class Unsupported(ValueError):  # noqa: N818 - a limit, and no error of who wrote it
    """An expression, or a part of one, that is not understood here."""


class Literal(msgspec.Struct, frozen=True):
    """A value that stands as it is; ``None`` is the empty collection."""

    value: Any


class Name(msgspec.Struct, frozen=True):
    """An element, a variable (``%resource``, ``$this``) or a type."""

    name: str


class Call(msgspec.Struct, frozen=True):
    """A function and its arguments."""

    name: str
    arguments: tuple[Any, ...]


class Step(msgspec.Struct, frozen=True):
    """From what the left side finds to what the right side finds there."""

    left: Any
    right: Any


class Infix(msgspec.Struct, frozen=True):
    """An operator between two terms."""

    sign: str
    left: Any
    right: Any


Tree = Literal | Name | Call | Step | Infix


def parse(text: str) -> Tree:
    """The tree of an expression; ``Unsupported`` where it is not one that is understood here."""
    reading = _Reading(_tokens(text))
    tree = _infix(reading, 0)
    if reading.next() is not None:
        raise Unsupported("more than one expression")
    return tree


class _Reading:
    """The tokens of an expression and how far they are read."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    def next(self) -> str | None:
        """The token that comes, unread; None at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self) -> tuple[str, str]:
        """The kind and text of the token that comes."""
        if self.at >= len(self.tokens):
            raise Unsupported("the expression ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def passed(self, sign: str) -> bool:
        """Whether a token comes, which is then taken."""
        there = self.next() == sign
        self.at += there
        return there

    def must(self, sign: str) -> None:
        """Take a token that has to come."""
        if not self.passed(sign):
            raise Unsupported(f"{sign} is missing")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unsupported("a sign that is not known")
        found.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    return found


def _infix(reading: _Reading, level: int) -> Tree:
    if level == len(BINDS):
        return _steps(reading)
    left = _infix(reading, level + 1)
    while (sign := reading.next()) in BINDS[level]:
        reading.take()
        left = Infix(str(sign), left, _infix(reading, level + 1))
    return left


def _steps(reading: _Reading) -> Tree:
    found = _term(reading)
    while True:
        if reading.passed("."):
            found = Step(found, _term(reading))
        elif reading.passed("["):
            found = Step(found, Call("item", (_infix(reading, 0),)))
            reading.must("]")
        else:
            return found


def _term(reading: _Reading) -> Tree:
    kind, text = reading.take()
    if kind == "number":
        return Literal(Decimal(text) if "." in text else int(text))
    if kind == "text":
        return Literal(_ESCAPED.sub(_unescaped, text[1:-1]))
    if kind == "name":
        return _named(reading, text)
    return _bracketed(reading, text)


def _named(reading: _Reading, text: str) -> Tree:
    if text in ("true", "false"):
        return Literal(text == "true")
    if not reading.passed("("):
        return Name(text.strip("`"))
    arguments: list[Tree] = []
    while not reading.passed(")"):
        arguments.append(_infix(reading, 0))
        if reading.next() != ")":
            reading.must(",")
    return Call(text, tuple(arguments))


def _bracketed(reading: _Reading, sign: str) -> Tree:
    if sign == "(":
        found = _infix(reading, 0)
        reading.must(")")
        return found
    if sign == "{":
        reading.must("}")
        return Literal(None)
    if sign == "-":
        return Infix("-", Literal(0), _steps(reading))
    raise Unsupported(sign)


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _SPECIAL.get(match[2], match[2])
