"""A fault as it is found: still bound to the element, so that its place is worked out only for those that are told."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

import msgspec
from lxml import etree

from patientoverblik.formats.cda.places import placer
from patientoverblik.problems import Finding

MOST = 1000
"""More findings than this help nobody; what follows is told in one finding."""


class Fault(msgspec.Struct, frozen=True):
    """A code of the catalogue, the element it holds for, its attribute as lxml names it, if any, and a word of the
    norm."""

    code: str
    node: etree._Element
    attribute: str = ""
    about: str = ""


def told(root: etree._Element, faults: Iterable[Fault]) -> Iterator[Finding]:
    """Faults as findings, at most ``MOST``, with places."""
    place = placer()
    waiting = iter(faults)
    for fault in islice(waiting, MOST):
        yield Finding(fault.code, place(fault.node, fault.attribute), line(fault.node), fault.about)
    if next(waiting, None) is not None:
        yield Finding("structure.too-many-faults", place(root, ""), line(root))


def line(node: etree._Element) -> int:
    """The line an element begins in, 0 for one that was not parsed."""
    return cast("int | None", node.sourceline) or 0
