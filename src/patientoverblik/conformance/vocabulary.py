"""The kinds of test a rule row may name, each an XPath, relative to the context, that says whether it is broken.

A row says: in every ``context``, ``path`` must pass ``test`` with ``argument``. Paths are XPath 1.0 relative to the
context with the prefixes h, sdtc and xsi.
"""

from collections.abc import Callable, Mapping

Kind = Callable[[str, str], str]


def exists(path: str, _argument: str) -> str:
    """At least one must stand; the context without it is the fault."""
    return f"not({path})"


def absent(path: str, _argument: str) -> str:
    """None may stand; each element that does is the fault."""
    return path


def never(_path: str, _argument: str) -> str:
    """The context itself may not stand."""
    return "true()"


def exactly_one(path: str, _argument: str) -> str:
    """One and no more."""
    return f"count({path}) != 1"


def at_most_one(path: str, _argument: str) -> str:
    """One or none."""
    return f"count({path}) > 1"


def equals(path: str, argument: str) -> str:
    """Where it stands, its value is the argument."""
    return f"({path}) and not({path} = {quoted(argument)})"


def one_of(path: str, argument: str) -> str:
    """Where it stands, its value is one of the words of the argument."""
    return f"({path}) and not(contains({quoted(f' {argument} ')}, concat(' ', {path}, ' ')))"


def matches(path: str, argument: str) -> str:
    """Where it stands, its value has the pattern of the argument (a regular expression for the whole value)."""
    return f"({path}) and not(re:test(string({path}), {quoted(f'^({argument})$')}))"


def same_as(path: str, argument: str) -> str:
    """Its value equals that of the path in the argument, where both stand."""
    return f"({path}) and ({argument}) and not({path} = {argument})"


def holds(path: str, _argument: str) -> str:
    """A condition that no other kind can say."""
    return f"not({path})"


def quoted(text: str) -> str:
    """A text as an XPath literal; a rule has no need of both kinds of quotes."""
    return f'"{text}"' if "'" in text else f"'{text}'"


def at_fault(test: str, path: str, argument: str) -> str:
    """The XPath to the elements at fault: what may not stand itself, else the context that breaks the test."""
    return path if test == "absent" else f"self::*[{KINDS[test](path, argument)}]"


KINDS: Mapping[str, Kind] = {
    "exists": exists,
    "absent": absent,
    "never": never,
    "exactly-one": exactly_one,
    "at-most-one": at_most_one,
    "equals": equals,
    "one-of": one_of,
    "matches": matches,
    "same-as": same_as,
    "holds": holds,
}
