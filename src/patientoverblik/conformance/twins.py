"""What elements of one name must not be beside each other: the same twice, or a null flavour beside a known value.

Each rule looks at a whole group at once and takes time in proportion to its size, since a hostile document may hold a
hundred thousand of one element.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

import msgspec
from lxml import etree

Element = etree._Element
Key = Callable[[Element], tuple[Hashable, ...]]


class Together(msgspec.Struct, frozen=True):
    """A rule of a group: the code of the fault and the finder of the elements at fault."""

    code: str
    faults: Callable[[Sequence[Element]], Iterator[Element]]

    def __call__(self, group: Sequence[Element]) -> Iterator[Element]:
        """The elements at fault."""
        return self.faults(group)


def repeated(key: Key) -> Together:
    """No two of a group have the same key; a key with an unknown part counts for nothing."""

    def faults(group: Sequence[Element]) -> Iterator[Element]:
        keys = [key(one) for one in group]
        counts = Counter(keys)
        return (one for one, known in zip(group, keys, strict=True) if counts[known] > 1 and None not in known)

    return Together("datatype.repeated", faults)


def attributes(*names: str) -> Key:
    """The values of some attributes."""
    return lambda one: tuple(one.get(name) for name in names)


def same_identifiers(group: Sequence[Element]) -> Iterator[Element]:
    """II: the same root and extension, or a root without extension that another has too."""
    roots = Counter(one.get("root") for one in group)
    pairs = Counter((one.get("root"), one.get("extension")) for one in group)
    for one in group:
        root, extension = one.get("root"), one.get("extension")
        alike = roots[root] if extension is None else pairs[(root, extension)]
        if root is not None and alike > 1:
            yield one


def null_alone(group: Sequence[Element]) -> Iterator[Element]:
    """A null flavour beside a known value."""
    nulls = [one for one in group if one.get("nullFlavor") is not None]
    return iter(nulls if len(nulls) < len(group) else ())


def wording(node: Element) -> tuple[str]:
    """Uses and words of a name or an address, as they follow each other."""
    return ("".join((one.get("use") or "") + text_of(one) for one in node.iter("*")),)


def text_of(node: Element) -> str:
    """The text that stands directly in an element."""
    text = node.text or ""
    return "".join([text, *(child.tail or "" for child in node)]) if len(node) else text


NULL_ALONE = Together("datatype.null-among-values", null_alone)
SAME_IDENTIFIER = Together("datatype.repeated", same_identifiers)
SAME_CODE = repeated(attributes("code", "codeSystem"))
SAME_QUANTITY = repeated(attributes("value", "unit"))
SAME_LINK = repeated(attributes("value", "use"))
SAME_WORDS = repeated(wording)
