"""The care classes as the engine sees them: their fields, what these may hold, and what their absence means."""

from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from patientoverblik import care
from patientoverblik.care import Unknown, Value

NO_DEFAULT = object()


class Field(msgspec.Struct, frozen=True):
    """A field: the classes it may hold, whether it is a tuple of them, may be unknown, and its default.

    ``words`` are the values of a Literal; empty where it is none.
    """

    name: str
    classes: tuple[Any, ...]
    many: bool
    unknowable: bool
    default: Any
    words: frozenset[str] = frozenset()


@cache
def class_of(name: str) -> type[Value] | None:
    """A care class by its name."""
    found = getattr(care, name, None)
    return found if isinstance(found, type) and issubclass(found, Value) else None


@cache
def fields_of(of: type[Value]) -> dict[str, Field]:
    """The fields of a care class."""
    return {one.name: _field(one) for one in msgspec.structs.fields(of)}


def _field(one: msgspec.structs.FieldInfo) -> Field:
    inner = getattr(one.type, "__origin__", None) if hasattr(one.type, "__metadata__") else one.type
    return described(one.name, inner, NO_DEFAULT if one.required else one.default)


def described(name: str, type_: Any, default: Any) -> Field:
    """A field from its type."""
    many = get_origin(type_) is tuple
    parts = _parts(get_args(type_)[0] if many else type_)
    words = frozenset(word for part in parts if get_origin(part) is Literal for word in get_args(part))
    classes = tuple(str if get_origin(part) is Literal else part for part in parts if part not in (NoneType, Unknown))
    return Field(name, classes, many, Unknown in parts, default, words)


def _parts(type_: Any) -> tuple[Any, ...]:
    if get_origin(type_) in (Union, UnionType):
        return tuple(part for one in get_args(type_) for part in _parts(one))
    return (type_,)
