"""The shared samples a profile of ours reads, and a walk over their places that knows nothing of the mapping."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from patientoverblik import formats
from tests.conftest import SHARED

FOLDERS = ("cpd", "cpd/invalid", "apd", "pdc", "phmr")
SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
NAMESPACES = {
    "h": "urn:hl7-org:v3",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "sdtc": "urn:hl7-org:sdtc",
}

# Not places: comments, processing instructions, namespace declarations and prefixes, white space.
# Places that are quiet whatever they say: xsi:schemaLocation.


def samples() -> list[Path]:
    """Every shared document of the four families."""
    return [path for folder in FOLDERS for path in sorted((SHARED / "data/cda" / folder).glob("*.xml"))]


def read_samples() -> list[Path]:
    """Those of them that a profile is known for."""
    return [
        path
        for path in samples()
        if isinstance(parsed := formats.parse(path.read_bytes()), formats.Parsed) and formats.identify(parsed)
    ]


def name_of(path: Path) -> str:
    """How a sample is named in a test's report."""
    folder = path.parent.parent if path.parent.name == "samples" else path.parent
    return f"{folder.name}/{path.stem}"


def places(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Every place: an element, and an attribute's name with ``@``, or ``text``, or ``tail``."""
    for element in root.iter(etree.Element):
        for name in element.attrib:
            yield element, f"@{name}", element.attrib[name]
        if element.text and element.text.strip():
            yield element, "text", element.text
        if element is not root and element.tail and element.tail.strip():
            yield element, "tail", element.tail


def put(element: etree._Element, where: str, value: str | None) -> None:
    """Change one place."""
    if where == "text":
        element.text = value
    elif where == "tail":
        element.tail = value
    else:
        element.attrib[where[1:]] = value or ""
