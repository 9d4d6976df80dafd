"""What HL7's CDA R2 schema with the sdtc extension says, as tables of facts.

Source of every row: ``CDA_SDTC.xsd`` of HL7 (POCD_MT000040, datatypes R1, NarrativeBlock, voc, SDTC). Both the
mapping engine and ``conformance`` stand on these tables, so what the service writes and what it accepts cannot drift
apart.
"""

from patientoverblik.formats.cda.facts.facts import FACTS, child, load, substitutes
from patientoverblik.formats.cda.facts.model import (
    ANY_NAME,
    HL7,
    SDTC,
    XSI,
    Attribute,
    Child,
    Element,
    Facts,
    Group,
    SimpleType,
    Type,
    tag,
)

__all__ = [
    "ANY_NAME",
    "FACTS",
    "HL7",
    "SDTC",
    "XSI",
    "Attribute",
    "Child",
    "Element",
    "Facts",
    "Group",
    "SimpleType",
    "Type",
    "child",
    "load",
    "substitutes",
    "tag",
]
