"""Documents made by hand for one rule at a time; they need not be whole, since each test asks for one finding only."""

from lxml import etree

from patientoverblik.conformance import check
from patientoverblik.problems import Finding

NAMESPACES = (
    'xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def document(inner: str) -> etree._Element:
    """A ClinicalDocument around some content."""
    return etree.fromstring(f"<ClinicalDocument {NAMESPACES}>{inner}</ClinicalDocument>")


def told(inner: str, profile: str, code: str, about: str = "") -> list[Finding]:
    """The findings of one code (and one subject) about a document of a profile."""
    found = check(document(inner), profile)
    return [one for one in found if one.code == code and about in ("", one.about)]
