"""Shapes of the schema's facts: types, what may stand in them, and what their values look like."""

from collections.abc import Mapping
from typing import Literal

import msgspec

HL7 = "urn:hl7-org:v3"
SDTC = "urn:hl7-org:sdtc"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ANY_NAME = "*"
"""The tag of a place where one element of any foreign namespace may stand (inside ED)."""

NAMESPACES: Mapping[str, str] = {"h": HL7, "sdtc": SDTC, "xsi": XSI}


def tag(prefixed: str) -> str:
    """``sdtc:code`` or ``code`` as lxml writes it, ``{namespace}code``; a name without prefix is HL7's."""
    prefix, _, name = prefixed.rpartition(":")
    return f"{{{NAMESPACES[prefix or 'h']}}}{name}"


class Element(msgspec.Struct, frozen=True):
    """An element in a content model: its tag as lxml writes it, its type, how often; ``maximum`` None is unbounded.

    ``lax`` says that the schema leaves the content open; ``type`` is then what HL7's model (POCD_RM000040) says.
    """

    tag: str
    type: str
    minimum: int
    maximum: int | None
    lax: bool


class Group(msgspec.Struct, frozen=True):
    """A sequence or choice of elements and groups; ``maximum`` None is unbounded."""

    kind: Literal["sequence", "choice"]
    minimum: int
    maximum: int | None
    parts: tuple["Element | Group", ...]


class Attribute(msgspec.Struct, frozen=True):
    """An attribute of a type; ``name`` as lxml writes it. Empty ``default`` or ``fixed`` means none."""

    name: str
    simple_type: str
    use: Literal["required", "optional", "prohibited"]
    default: str
    fixed: str

    @property
    def silent(self) -> str:
        """The value that says nothing, because the schema supplies it when the attribute is absent; empty if none."""
        return self.default or ("" if self.use == "required" else self.fixed)


class Child(msgspec.Struct, frozen=True):
    """An element as the mapping engine sees it: ``order`` is where it may be written among its siblings.

    ``repeats``: more than one may stand; ``required``: the type is invalid without it, whatever is chosen elsewhere;
    ``choice``: the number of the choice it belongs to (one of several names), 0 if none.
    """

    tag: str
    type: str
    order: int
    repeats: bool
    required: bool
    choice: int
    lax: bool


class Type(msgspec.Struct, frozen=True):
    """A complex type with what it inherits.

    ``own`` and ``own_attributes`` are what it adds to its base (extension) or allows of it (restriction); ``content``,
    ``attributes`` and ``children`` are the whole. ``simple`` types have text only.
    """

    name: str
    base: str
    derivation: Literal["", "extension", "restriction"]
    mixed: bool
    simple: bool
    abstract: bool
    own: Group
    own_attributes: tuple[Attribute, ...]
    content: Group
    attributes: Mapping[str, Attribute]
    children: Mapping[str, Child]

    def defaults(self) -> dict[str, str]:
        """Attribute values that the schema supplies: equal to these, an attribute says nothing."""
        return {name: one.silent for name, one in self.attributes.items() if one.silent}


class SimpleType(msgspec.Struct, frozen=True):
    """The form of a value: a base with facets, a union of ``members``, or a list of ``item`` parted by white space.

    Bases named ``xs:…`` are those of XML Schema part 2. Empty facets do not bind.
    """

    name: str
    base: str
    pattern: str
    enumeration: tuple[str, ...]
    members: tuple[str, ...]
    item: str
    facets: Mapping[str, str]


class Facts(msgspec.Struct, frozen=True):
    """All facts: complex types and simple types by name, names of the sdtc namespace with the prefix ``sdtc:``."""

    types: Mapping[str, Type]
    simple: Mapping[str, SimpleType]
    root: str
