"""Header blocks that a sender says must be understood (SOAP 1.2 part 1, 2.4 and 5.2.3; SOAP 1.1, 4.2.3).

Only those for whoever receives the message bind us; one for a role of its own is somebody else's, and we pass nothing
on.
"""

from collections.abc import Iterator

from lxml import etree

from patientoverblik.edges.identity.soap.names import HSUID, MEDCOM, WSSE
from patientoverblik.edges.soap.names import SOAP_11, SOAP_12, WSA

ADDRESSING = ("Action", "MessageID", "To", "From", "ReplyTo", "FaultTo", "RelatesTo")
LIBERTY = ("urn:liberty:sb", "urn:liberty:sb:2006-08")
"""The framework header that OIO IDWS wants of its senders; it says a version, and nothing that we act on."""

UNDERSTOOD = frozenset(
    [
        *(f"{{{WSA}}}{name}" for name in ADDRESSING),
        *(f"{{{space}}}Framework" for space in LIBERTY),
        f"{{{WSSE}}}Security",
        f"{{{MEDCOM}}}Header",
        f"{{{HSUID}}}HsuidHeader",
    ]
)
OURS = {
    SOAP_11: ("actor", ("", "http://schemas.xmlsoap.org/soap/actor/next")),
    SOAP_12: ("role", ("", f"{SOAP_12}/role/next", f"{SOAP_12}/role/ultimateReceiver")),
}
"""The attribute that says whom a block is for, and its values that mean us."""


def not_understood(root: etree._Element, soap: str) -> tuple[str, ...]:
    """The names (Clark notation) of the blocks that we must understand and do not, in order."""
    return tuple(block.tag for block in _binding(root, soap) if block.tag not in UNDERSTOOD)


def _binding(root: etree._Element, soap: str) -> Iterator[etree._Element]:
    role, ours = OURS[soap]
    for block in root.iterfind(f"{{{soap}}}Header/*"):
        must = block.get(f"{{{soap}}}mustUnderstand", "").strip() in ("1", "true")
        if must and block.get(f"{{{soap}}}{role}", "").strip() in ours:
            yield block
