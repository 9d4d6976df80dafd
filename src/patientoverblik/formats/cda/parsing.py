"""Bytes to a parsed document, safely and once: what is unsafe, too big, too deep or not XML is refused with a code.

Nothing outside the bytes is ever fetched; entities are never expanded; memory is bounded by ``MOST_BYTES``. Comments
and processing instructions are dropped. The parser's own message never leaves.
"""

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree

from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.model import Unread
from patientoverblik.problems import Finding

MOST_BYTES = 10_000_000
"""A document larger than this is refused unparsed."""

MOST_DEPTH = 100
"""Elements within elements; CDA needs about thirty."""

ENCODINGS = frozenset(
    {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252"}
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!", re.DOTALL)
"""A declaration before the root element; within it, none can stand outside a comment or CDATA."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Parsed:
    """A document parsed once: its root element, which is only read, and how many bytes it came from."""

    root: etree._Element
    size: int

    @property
    def tree(self) -> Element:
        """The root as the engine reads it."""
        return cast(Element, self.root)


def parse(data: bytes) -> Parsed | Unread:
    """Parse a document, or say in one finding why not."""
    if not data or data.isspace():
        return refused("cda.empty")
    if len(data) > MOST_BYTES:
        return refused("cda.too-large")
    wide = data[:2] in _WIDE or b"\x00" in data[:4]
    if code := _wrong_encoding(data) or _doctype(data, wide=wide):
        return refused(code)
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as wrong:
        return refused(_code(wrong))
    except (ValueError, LookupError):
        return refused("cda.not-xml")
    return _safe(root, len(data))


def refused(code: str, line: int = 0) -> Unread:
    """A document that could not be read, with one finding."""
    return Unread((Finding(code, "", line),))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _wrong_encoding(data: bytes) -> str:
    """A code if the declared encoding is none we take, or the bytes are not what they claim."""
    found = _DECLARED.search(data[:300])
    if found and found[1].decode("ascii").upper() not in ENCODINGS:
        return "cda.encoding"
    return ""


def _doctype(data: bytes, wide: bool) -> str:
    """A code if the document declares a type or entities; wide encodings are looked at without their zero bytes."""
    return "cda.doctype" if _DOCTYPE.match(data.replace(b"\x00", b"") if wide else data) else ""


_ENCODING_ERRORS = frozenset({9, 31, 32, 81, 6003})
_RESOURCE_ERRORS = frozenset({1, 114})


def _code(wrong: etree.XMLSyntaxError) -> str:
    """The code for a parser's error, by its number; its text is never told."""
    number = getattr(wrong, "code", 0) or 0
    text = str(wrong).lower()
    if "depth" in text:
        return "cda.too-deep"
    if number in _RESOURCE_ERRORS:
        return "cda.too-large"
    if number in _ENCODING_ERRORS or "utf-8" in text or "encoding" in text:
        return "cda.encoding"
    return "cda.not-xml"


def _safe(root: etree._Element, size: int) -> Parsed | Unread:
    if root.getroottree().docinfo.internalDTD is not None:
        return refused("cda.doctype")
    if _DEEP(root):
        return refused("cda.too-deep")
    return Parsed(root, size)


_DEEP = etree.XPath("boolean(" + "/".join(["/*"] + ["*"] * MOST_DEPTH) + ")")
