"""SOAP messages around a token, as the test issuer's clients send them, with every header they need."""

import uuid
from collections.abc import Mapping
from typing import Literal

import msgspec
from lxml import etree

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SKS, SOR, YDERNUMMER
from patientoverblik.edges.identity.soap.issued import CLIENT, Subject, add, stamp
from patientoverblik.edges.identity.soap.names import (
    HSUID,
    MEDCOM,
    SOAP_12,
    WSA,
    WSSE,
    WSU,
    medcom,
    wsse,
    wsu,
)
from patientoverblik.edges.identity.soap.reading import Element

QUERY = "urn:ihe:iti:2007:RegistryStoredQuery"
_MINUTES = 5 * 60_000
_FORMATS = {SOR: "nsi:sor", SKS: "nsi:skskode", YDERNUMMER: "nsi:ynumber"}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says beside its token: who calls, about whom, from where, at what time (milliseconds UTC)."""

    at: int
    subject: Subject | None = None
    patient: str = ""
    organisation: OrganisationRef | None = None
    override: bool = False
    action: str = QUERY
    soap: str = SOAP_12


def message(token: Element, call: Call, level: Literal["", "3", "4"] = "") -> Element:
    """An envelope with an empty body around a token; a DGWS ``level`` adds the MedCom header, a patient the HSUID
    header."""
    spaces = {"soap": call.soap, "wsa": WSA, "wsse": WSSE, "wsu": WSU}
    top = etree.Element(f"{{{call.soap}}}Envelope", nsmap=spaces)
    header = add(top, f"{{{call.soap}}}Header")
    for name, text in (("Action", call.action), ("MessageID", f"urn:uuid:{uuid.uuid4()}"), ("To", "urn:test")):
        add(header, f"{{{WSA}}}{name}", text).set(wsu("Id"), f"wsa-{name}")
    security = add(header, wsse("Security"))
    security.set(f"{{{call.soap}}}mustUnderstand", "true")
    timestamp = add(security, wsu("Timestamp"))
    timestamp.set(wsu("Id"), "timestamp")
    add(timestamp, wsu("Created"), stamp(call.at))
    add(timestamp, wsu("Expires"), stamp(call.at + _MINUTES))
    security.append(token)
    if level:
        header.append(medcom_header(level))
    if call.patient and call.subject:
        header.append(hsuid_header(hsuid_rows(call.subject, call.patient, call.organisation, call.override), call.at))
    add(top, f"{{{call.soap}}}Body").set(wsu("Id"), "body")
    return top


def header_text(envelope: Element) -> str:
    """The header of a message by itself, as XML that keeps every signature in it whole."""
    return etree.tostring(envelope[0], encoding="unicode", with_tail=False)


def medcom_header(level: str) -> Element:
    """The MedCom header of a call."""
    top = etree.Element(medcom("Header"), nsmap={"medcom": MEDCOM})
    add(top, medcom("SecurityLevel"), level)
    add(top, medcom("TimeOut"), "1440")
    linking = add(top, medcom("Linking"))
    add(linking, medcom("FlowID"), str(uuid.uuid4()))
    add(linking, medcom("MessageID"), str(uuid.uuid4()))
    add(top, medcom("FlowStatus"), "flow_running")
    add(top, medcom("Priority"), "RUTINE")
    add(top, medcom("RequireNonRepudiationReceipt"), "no")
    return top


def hsuid_rows(
    subject: Subject, patient: str, organisation: OrganisationRef | None, override: bool = False
) -> Mapping[str, tuple[str, str]]:
    """Attribute name -> (value, NameFormat) of an HSUID header for a call."""
    rows = {
        "nsi:UserType": ("nsi:Citizen" if subject.kind == "citizen" else "nsi:HealthcareProfessional", ""),
        "nsi:ActingUserCivilRegistrationNumber": (subject.number, ""),
        "nsi:CitizenCivilRegistrationNumber": (patient, ""),
        "nsi:SystemOwnerName": ("Demo", ""),
        "nsi:SystemName": (CLIENT, ""),
        "nsi:SystemVersion": ("1.0", ""),
        "nsi:OrgResponsibleName": ("Demo", ""),
    }
    if subject.kind == "professional":
        rows["nsi:ResponsibleUserCivilRegistrationNumber"] = (subject.number, "")
        rows["nsi:ResponsibleUserAuthorizationCode"] = (subject.authorisation, "")
        rows["nsi:ConsentOverride"] = ("true" if override else "false", "")
    if subject.kind == "professional" and organisation is not None:
        rows["nsi:OrgUsingID"] = (organisation.value, _FORMATS.get(organisation.system, ""))
    return rows


def hsuid_header(rows: Mapping[str, tuple[str, str]], at: int) -> Element:
    """An HSUID header with these attributes."""
    top = etree.Element(f"{{{HSUID}}}HsuidHeader", nsmap={"hsuid": HSUID})
    assertion = add(top, f"{{{HSUID}}}Assertion", IssueInstant=stamp(at), Version="2.0", id="HSUID")
    add(assertion, f"{{{HSUID}}}Issuer", "Demo")
    statement = add(assertion, f"{{{HSUID}}}AttributeStatement", id="HSUIDdata")
    for name, (value, form) in rows.items():
        attribute = add(statement, f"{{{HSUID}}}Attribute", Name=name)
        if form:
            attribute.set("NameFormat", form)
        add(attribute, f"{{{HSUID}}}AttributeValue", value)
    return top
