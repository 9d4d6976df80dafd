"""What a refusal is called on the wire: SOAP's party at fault, WS-Security's fault code and DGWS's, by ``faults.csv``.

OASIS WSS SOAP Message Security 1.1.1, 12; MedCom, "Den Gode Web Service" 1.0.1, 6. The texts are the catalogue's.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

import msgspec
from lxml import etree

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.names import MEDCOM, SOAP_11, SOAP_12, WSSE, WSU, XML
from patientoverblik.edges.identity.soap.reading import Element
from patientoverblik.problems import CATALOGUE, Finding


class Named(msgspec.Struct, frozen=True):
    """A row: our code, who is at fault, the WS-Security code (empty where it has none) and the DGWS code."""

    code: str
    role: Literal["Sender", "Receiver"]
    wss: str
    dgws: str


def _rows() -> Mapping[str, Named]:
    text = files(__package__).joinpath("faults.csv").read_text(encoding="utf-8")
    return {row["code"]: msgspec.convert(row, Named) for row in csv.DictReader(text.splitlines())}


FAULTS: Mapping[str, Named] = _rows()
_OTHER = Named("", "Sender", "FailedAuthentication", "processing_problem")
_OLD_ROLES = {"Sender": "Client", "Receiver": "Server"}
_EXPIRED = "MessageExpired"


def named(code: str) -> Named:
    """The row of a code; a code from elsewhere is a failed authentication."""
    return FAULTS.get(code, _OTHER)


def fault_element(refused: Unidentified, soap: str) -> Element:
    """The SOAP fault of a refusal, in the message's own version (a namespace), with every finding in its detail."""
    return _fault_12(refused) if soap == SOAP_12 else _fault_11(refused)


def _fault_12(refused: Unidentified) -> Element:
    row = named(refused.code)
    fault = _element(SOAP_12, "Fault")
    code = etree.SubElement(fault, f"{{{SOAP_12}}}Code")
    etree.SubElement(code, f"{{{SOAP_12}}}Value").text = f"soap:{row.role}"
    if row.wss:
        subcode = etree.SubElement(code, f"{{{SOAP_12}}}Subcode")
        etree.SubElement(subcode, f"{{{SOAP_12}}}Value").text = _qualified(row.wss)
    reason = etree.SubElement(fault, f"{{{SOAP_12}}}Reason")
    for language, text in (("en", CATALOGUE[refused.code].en), ("da", CATALOGUE[refused.code].da)):
        etree.SubElement(reason, f"{{{SOAP_12}}}Text", {f"{{{XML}}}lang": language}).text = text
    _detail(etree.SubElement(fault, f"{{{SOAP_12}}}Detail"), refused)
    return fault


def _fault_11(refused: Unidentified) -> Element:
    row = named(refused.code)
    fault = _element(SOAP_11, "Fault")
    etree.SubElement(fault, "faultcode").text = _qualified(row.wss) if row.wss else f"soap:{_OLD_ROLES[row.role]}"
    etree.SubElement(fault, "faultstring").text = CATALOGUE[refused.code].en
    _detail(etree.SubElement(fault, "detail"), refused)
    return fault


def _detail(detail: Element, refused: Unidentified) -> None:
    etree.SubElement(detail, f"{{{MEDCOM}}}FaultCode").text = named(refused.code).dgws
    for finding in refused.findings or (Finding(refused.code),):
        etree.SubElement(detail, "problem", {"code": finding.code}).text = finding.en()


def _element(soap: str, name: str) -> Element:
    return etree.Element(f"{{{soap}}}{name}", nsmap={"soap": soap, "wsse": WSSE, "wsu": WSU, "medcom": MEDCOM})


def _qualified(code: str) -> str:
    return f"wsu:{code}" if code == _EXPIRED else f"wsse:{code}"
