"""Whether a text has the form that a simple type demands (XML Schema part 2, as far as the facts use it)."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from patientoverblik.formats.cda.facts import FACTS, SimpleType

BUILT_IN: Mapping[str, str] = {
    "xs:string": r"[\s\S]*",
    "xs:token": r"[\s\S]*",
    "xs:boolean": r"true|false|0|1",
    "xs:integer": r"[+-]?\d+",
    "xs:decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "xs:double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN",
    "xs:base64Binary": r"(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){2}([AEIMQUYcgkosw048] ?=|[AQgw] ?= ?=))?",
    "xs:anyURI": r"[^:/?#]*(:[\s\S]*|[/?#][\s\S]*)?",
    "xs:NMTOKEN": r"[-.:\w·]+",
    "xs:NMTOKENS": r"[-.:\w·]+( [-.:\w·]+)*",
    "xs:ID": r"[^\W\d][-.\w·]*",
    "xs:IDREF": r"[^\W\d][-.\w·]*",
    "xs:IDREFS": r"[^\W\d][-.\w·]*( [^\W\d][-.\w·]*)*",
}
"""The lexical forms after white-space collapse."""

LITERAL = {"xs:string"}
"""Bases whose white space counts."""

Fits = Callable[[str], bool]


@cache
def form(name: str) -> Fits:
    """The test of one simple type, by its name in the facts or of a base ``xs:…``."""
    if name in BUILT_IN:
        return built_in(name)
    simple = FACTS.simple[name]
    if simple.members:
        members = tuple(form(member) for member in simple.members)
        return lambda text: any(fits(text) for fits in members)
    if simple.item:
        item = form(simple.item)
        return lambda text: all(item(word) for word in text.split())
    return restricted(simple)


def built_in(name: str) -> Fits:
    """The lexical test of a base type."""
    matches = re.compile(BUILT_IN[name]).fullmatch
    if name in LITERAL:
        return lambda text: matches(text) is not None
    return lambda text: matches(collapse(text)) is not None


def restricted(simple: SimpleType) -> Fits:
    """The base's test and every facet."""
    base, literal = form(simple.base), root(simple.name) in LITERAL
    pattern = re.compile(simple.pattern).fullmatch if simple.pattern else None
    allowed = frozenset(simple.enumeration)

    def fits(text: str) -> bool:
        value = text if literal else collapse(text)
        return (
            base(value)
            and (pattern is None or pattern(value) is not None)
            and (not allowed or value in allowed)
            and within(value, simple.facets)
        )

    return fits


def within(value: str, facets: Mapping[str, str]) -> bool:
    """Whether a value keeps its bounds of length and size."""
    long_enough = len(value) >= int(facets.get("min_length", 0))
    short_enough = "max_length" not in facets or len(value) <= int(facets["max_length"])
    large_enough = "min" not in facets or float(value) >= float(facets["min"])
    small_enough = "max" not in facets or float(value) <= float(facets["max"])
    return long_enough and short_enough and large_enough and small_enough


@cache
def root(name: str) -> str:
    """The base ``xs:…`` that a type stands on; empty for unions and lists."""
    while name and not name.startswith("xs:"):
        name = FACTS.simple[name].base
    return name


def collapse(text: str) -> str:
    """A text without white space around it and with single blanks inside."""
    return " ".join(text.split())
