"""The shared CDA samples, each with its path below ``data/cda``."""

from pathlib import Path

from lxml import etree

FOLDERS = ("cpd", "apd", "pdc", "phmr", "qrd", "ccda")


def paths(shared: Path, *folders: str) -> list[Path]:
    """The sample files of some folders (all of them without any), in a fixed order."""
    return [path for folder in folders or FOLDERS for path in sorted((shared / "data/cda" / folder).rglob("*.xml"))]


def tree(path: Path) -> etree._Element:
    """A sample parsed as the product does, without comments."""
    return etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, remove_comments=True))


def reparsed(root: etree._Element) -> etree._Element:
    """A tree as it is after a journey over the wire; a mutant in memory may hold text nodes that no document can."""
    return etree.fromstring(etree.tostring(root))
