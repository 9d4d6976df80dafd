"""Marks planted in documents: words that occur nowhere else, so that they can be searched for in any answer."""

from collections.abc import Callable

from lxml import etree

HL7 = "{urn:hl7-org:v3}"
NAMED = ("name", "addr", "telecom", "id", "setId")


def planted(data: bytes, wanted: Callable[[etree._Element], bool], mark: str = "MÆRKE") -> tuple[bytes, list[str]]:
    """The document with a mark of its own in every text and display name that is wanted, and the marks."""
    root, marks = etree.fromstring(data), []

    def new() -> str:
        marks.append(f"{mark}{len(marks):03}X")
        return marks[-1]

    for element in root.iter():
        if not isinstance(element.tag, str) or not wanted(element):
            continue
        if (element.text or "").strip():
            element.text = f"{element.text.strip()} {new()}"
        if element.get("displayName"):
            element.set("displayName", new())
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8"), marks


def names_nobody(element: etree._Element) -> bool:
    """Whether an element stands in no name, address or telephone of anyone."""
    return not any(etree.QName(one).localname in NAMED for one in (element, *element.iterancestors()))


def everywhere(_: etree._Element) -> bool:
    """Every element."""
    return True


def found(marks: list[str], answers: dict[str, bytes]) -> dict[str, list[str]]:
    """Which marks are told by which answers."""
    told = {name: [mark for mark in marks if mark.encode() in answer] for name, answer in answers.items()}
    return {name: hits for name, hits in told.items() if hits}
