"""MinLog2 on the wire: the SOAP envelope of a registration, and its answer."""

from collections.abc import Sequence

import msgspec
from lxml import etree

from patientoverblik.notify.minlog import Entry, request
from patientoverblik.problems import Fault

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class Answer(msgspec.Struct, frozen=True):
    """What the service says of a batch: entries added, entries failed, and the sequence numbers of those it names."""

    added: int
    failed: int
    sequences: frozenset[str]


def envelope(entries: Sequence[Entry]) -> bytes:
    """A registration in its envelope."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    etree.SubElement(root, f"{{{SOAP}}}Body").append(etree.fromstring(request(entries)))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def answer_of(data: bytes) -> Answer:
    """The answer of a registration, by local names; :class:`Fault` ``notify.bad-answer`` where it is none."""
    try:
        root = etree.fromstring(data, _parser())
        failed = int(_text(root, "NumberFailed") or 0)
        added = int(_text(root, "NumberAdded"))
    except (etree.XMLSyntaxError, ValueError):
        raise Fault("notify.bad-answer") from None
    entries = (each for each in root.iter("{*}FailedLogDataEntries"))
    named = [each.text or "" for entry in entries for each in entry.iter("{*}SequenceNumber")]
    return Answer(added, failed, frozenset(each.strip() for each in named))


def _text(root: etree._Element, name: str) -> str:
    found = next(root.iter(f"{{*}}{name}"), None)
    return (found.text or "").strip() if found is not None else ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
