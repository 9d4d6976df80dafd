"""What the record's classes say of their fields: which kind of value, and whether it repeats."""

import types
import typing
from collections.abc import Mapping
from functools import cache

import msgspec

from patientoverblik.formats.cda import datatypes, documents, record
from patientoverblik.formats.cda.datatypes import Wire

CLASSES: Mapping[str, type[Wire]] = {
    name: one
    for module in (record, documents)
    for name, one in vars(module).items()
    if isinstance(one, type) and issubclass(one, Wire) and one is not Wire and one.__module__ != datatypes.__name__
}
LEAVES = frozenset(name for name, one in vars(datatypes).items() if isinstance(one, type) and issubclass(one, Wire))


class FieldType(msgspec.Struct, frozen=True):
    """A field's kind (a data type, ``Any``, ``str`` or a record class) and whether it holds many."""

    kind: str
    many: bool


@cache
def field_types(of: type[Wire]) -> Mapping[str, FieldType]:
    """The kind of each field of a record class, in its order."""
    hints = typing.get_type_hints(of)
    return {name: _field_type(hints[name]) for name in of.__struct_fields__}


def _field_type(hint: object) -> FieldType:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return FieldType(_kind(inner[0]), True)
    if origin in (types.UnionType, typing.Union):
        kept = [one for one in inner if one is not type(None)]
        return FieldType(_kind(kept[0]) if len(kept) == 1 else "Any", False)
    return FieldType(_kind(hint), False)


def _kind(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) else "Any"
