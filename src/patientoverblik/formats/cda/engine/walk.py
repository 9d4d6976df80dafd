"""The state of one reading: the books, what is lost and where, and the narrative the entries refer into.

A *place* of a document is an attribute's value or a text that is not blank. Not places are: comments, processing
instructions, namespace declarations and prefixes, white space. Each place has one of four fates: read, constant (a
value the profile owes), quiet (says nothing: equal to the schema's default, or declared so), lost.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from lxml import etree

from patientoverblik.formats.cda.datatypes import II, PN, Wire
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.facts import XSI
from patientoverblik.formats.cda.places import placer
from patientoverblik.formats.model import Books, Loss
from patientoverblik.problems import Finding

NO_PLACE: Final = "no-place"
DIFFERS: Final = "differs"
SECOND: Final = "second-of-one"
NO_TARGET: Final = "reference-without-target"
BESIDE: Final = "text-beside-reference"
UNKNOWN_TYPE: Final = "type-not-supported"

MOST_LOSSES: Final = 3000
"""A document with more to lose is not of its profile; listing on would cost time in proportion to the square."""

QUIET_ATTRIBUTES: Final = frozenset({f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"})


_WITH_ID: Callable[[Any], list[Any]] = cast(Any, etree.XPath("//@ID/.."))


class TooMuchLost(Exception):  # noqa: N818
    """More is lost than a document of its profile can lose."""


class Walk:
    """One reading under way; made for one document and thrown away.

    ``systems`` are the code systems met, ``names`` the names of persons, ``ids`` the entries' identifiers; ``targets``
    the elements with an ID met so far, or all there are once they have been ``searched`` for; ``known`` the parties
    read, by reader and wording, with their books.
    """

    __slots__ = (
        "constant",
        "findings",
        "ids",
        "known",
        "losses",
        "lost",
        "names",
        "path",
        "quiet",
        "read",
        "searched",
        "systems",
        "targets",
        "trace",
    )

    def __init__(self, trace: bool = False) -> None:
        """Begin with empty books; ``trace`` keeps which element each value of the record came from."""
        self.read = 0
        self.constant = 0
        self.quiet = 0
        self.lost = 0
        self.losses: list[Loss] = []
        self.path: Callable[[Any, str], str] = placer()
        self.findings: list[Finding] = []
        self.systems: set[str] = set()
        self.names: list[PN] = []
        self.ids: list[II] = []
        self.targets: dict[str, Element] = {}
        self.searched = False
        self.known: dict[tuple[object, str], tuple[Wire | None, Books]] = {}
        self.trace: dict[int, tuple[Element, str]] | None = {} if trace else None

    def lose_attribute(self, element: Element, name: str, reason: str = NO_PLACE) -> None:
        """An attribute that no line takes."""
        if name in QUIET_ATTRIBUTES:
            self.quiet += 1
            return
        self.lost += 1
        self._tell(self.path(element, name), reason)

    def lose_text(self, element: Element, child: Element | None, reason: str = NO_PLACE) -> None:
        """The text of an element before its first child, or after ``child``."""
        self.lost += 1
        self._tell(f"{self.path(element, '')}/{text_step(element, child)}", reason)

    def lose_tree(self, element: Element, reason: str = NO_PLACE) -> None:
        """An element with everything in it; an element in it that holds nothing is told of itself."""
        for one in element.iter(etree.Element):
            names = one.keys()
            if not names and not len(one) and blank(one.text):
                self._tell(self.path(one, ""), reason)
            for name in names:
                self.lose_attribute(one, name, reason)
            if not blank(one.text):
                self.lose_text(one, None, reason)
            for child in one:
                if not blank(child.tail):
                    self.lose_text(one, child, reason)

    def _tell(self, path: str, reason: str) -> None:
        if len(self.losses) >= MOST_LOSSES:
            raise TooMuchLost
        self.losses.append(Loss(path, reason))

    def warn(self, code: str, element: Element, about: str = "") -> None:
        """A fault that does not stop the reading."""
        self.findings.append(Finding(code, self.path(element, ""), line_of(element), about))

    def target(self, root: Element, name: str) -> Element | None:
        """The element a reference points at, anywhere in the document; most stand in narrative that has been read."""
        found = self.targets.get(name)
        if found is None and not self.searched:
            self.searched = True
            for one in _WITH_ID(cast(Any, root)):
                self.targets.setdefault(one.get("ID"), one)
            found = self.targets.get(name)
        return found


def blank(text: str | None) -> bool:
    """Whether a text is none at all or white space only."""
    return text is None or not text or text.isspace()


def line_of(element: Element) -> int:
    """The line an element begins on, 0 where unknown."""
    return element.sourceline or 0


def text_step(element: Element, child: Element | None) -> str:
    """A text's step of a path: which of the element's texts that are not blank."""
    number = 0 if blank(element.text) else 1
    if child is not None:
        for one in element:
            number += not blank(one.tail)
            if one is child:
                break
    return f"text()[normalize-space()][{number}]"
