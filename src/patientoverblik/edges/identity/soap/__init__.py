"""Who sends a SOAP message: SAML assertions (IHE XUA, OIO IDWS), DGWS id cards and the HSUID header."""

from patientoverblik.edges.identity.soap.envelope import Envelope, envelope_of
from patientoverblik.edges.identity.soap.faults import fault_element
from patientoverblik.edges.identity.soap.identify import Demands, Once, identify
from patientoverblik.edges.identity.soap.medcom import Asked, answer_header, read_header
from patientoverblik.edges.identity.soap.remembered import Known
from patientoverblik.edges.identity.soap.trust import Trust, TrustFault, read_trust

__all__ = [
    "Asked",
    "Demands",
    "Envelope",
    "Known",
    "Once",
    "Trust",
    "TrustFault",
    "answer_header",
    "envelope_of",
    "fault_element",
    "identify",
    "read_header",
    "read_trust",
]
