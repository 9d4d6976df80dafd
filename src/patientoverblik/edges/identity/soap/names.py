"""The names of the norms: namespaces, element names in Clark notation, and identifiers of methods and systems.

SOAP 1.1 and 1.2, WS-Addressing 1.0, OASIS WSS 1.1 with its SAML Token Profile, SAML 2.0 core, XML Signature, DGWS 1.0.1
(MedCom) and HSUID 1.1 (Sundhedsdatastyrelsen).
"""

from typing import Final

SOAP_11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12: Final = "http://www.w3.org/2003/05/soap-envelope"
WSA: Final = "http://www.w3.org/2005/08/addressing"
_OASIS: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE: Final = f"{_OASIS}wssecurity-secext-1.0.xsd"
WSU: Final = f"{_OASIS}wssecurity-utility-1.0.xsd"
_PROFILE: Final = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1"
SAML_ID: Final = f"{_PROFILE}#SAMLID"
STR_TRANSFORM: Final = f"{_OASIS}soap-message-security-1.0#STR-Transform"
SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
EXC_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = f"{DS}enveloped-signature"
MEDCOM: Final = "http://www.medcom.dk/dgws/2006/04/dgws-1.0.xsd"
HSUID: Final = "http://www.nsi.dk/hsuid/2016/08/hsuid-1.1.xsd"
XML: Final = "http://www.w3.org/XML/1998/namespace"
XOP: Final = "http://www.w3.org/2004/08/xop/include"
HL7: Final = "urn:hl7-org:v3"

BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
HOLDER_OF_KEY: Final = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"

CVR: Final = "urn:dk:gov:saml:cvrNumberIdentifier"
"""A company has no OID of the health service; this is the name IDWS and SEB give the number (nsp.md 12)."""

NATIONAL_ROLE: Final = "urn:dk:healthcare:national-federation-role:"


def saml(name: str) -> str:
    """An element of SAML 2.0."""
    return f"{{{SAML}}}{name}"


def ds(name: str) -> str:
    """An element of XML Signature."""
    return f"{{{DS}}}{name}"


def wsse(name: str) -> str:
    """An element of WS-Security."""
    return f"{{{WSSE}}}{name}"


def wsu(name: str) -> str:
    """An element or attribute of the WS-Security utility schema."""
    return f"{{{WSU}}}{name}"


def medcom(name: str) -> str:
    """An element of the MedCom header."""
    return f"{{{MEDCOM}}}{name}"
