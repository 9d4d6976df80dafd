"""An element as the engine reads it: what of lxml's elements is used, with text as text."""

from collections.abc import Iterator
from typing import Any, Protocol


class Element(Protocol):
    """One element of a document parsed without comments and processing instructions; it is only read."""

    tag: str
    text: str | None
    tail: str | None
    prefix: str | None
    sourceline: int | None
    nsmap: dict[str | None, str]

    def get(self, key: str) -> str | None:
        """An attribute's value."""

    def items(self) -> list[tuple[str, str]]:
        """Every attribute with its value, in document order."""

    def keys(self) -> list[str]:
        """Every attribute's name."""

    def iter(self, tag: Any) -> "Iterator[Element]":
        """The element and all below it, in document order."""

    def iterchildren(self, tag: str) -> "Iterator[Element]":
        """The children of one name."""

    def iterfind(self, path: str) -> "Iterator[Element]":
        """The elements at a path below."""

    def find(self, path: str) -> "Element | None":
        """The first element at a path below."""

    def getroottree(self) -> Any:
        """The document."""

    def __getitem__(self, places: slice) -> "list[Element]":
        """The children as a list, made at once: half the cost of being asked for one after the other."""

    def __iter__(self) -> "Iterator[Element]":
        """The children, in document order."""

    def __len__(self) -> int:
        """How many children there are."""
