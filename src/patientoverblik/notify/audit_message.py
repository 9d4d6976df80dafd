"""ATNA audit messages: DICOM's XML (PS3.15 A.5), as IHE ITI-20 carries it by syslog."""

from base64 import b64encode

from lxml import etree

from patientoverblik.access import Actor
from patientoverblik.notify.acts import Exchange, act_of, exchange_of
from patientoverblik.notify.record import Ourselves, Record
from patientoverblik.notify.texts import clean, instant

DCM = "DCM"
IHE = "IHE Transactions"
REST = "http://hl7.org/fhir/restful-interaction"
SUCCESS, MINOR_FAILURE = "0", "4"
SOURCE_ROLE, DESTINATION_ROLE = ("110153", "Source Role ID"), ("110152", "Destination Role ID")
DOCUMENT = ("9", "RFC-3881", "Report Number")
NODE = ("110182", "DCM", "Node ID")
OBJECT = ("urn:ihe:iti:2017:ObjectRef", "IHE XDS Metadata", "registry object reference")
QUERY = "110112"
BODY_HASH = "hmac-sha-256"
APPLICATION_SERVER = "4"


def audit_message(record: Record, ourselves: Ourselves) -> bytes:
    """The audit message of one record, as XML in UTF-8."""
    root = etree.Element("AuditMessage")
    _event(root, record)
    client, server = (DESTINATION_ROLE, SOURCE_ROLE) if _gives(record) else (SOURCE_ROLE, DESTINATION_ROLE)
    _user(root, record.actor, client)
    _system(root, ourselves, server)
    source = etree.SubElement(root, "AuditSourceIdentification", AuditSourceID=ourselves.id or ourselves.name)
    source.set("code", APPLICATION_SERVER)
    _patient(root, record)
    if record.query and _is_query(record):
        _query(root, record)
    exchange = exchange_of(record.transaction, record.act)
    for subject in record.subjects:
        _subject(root, subject, exchange)
    for each in record.sources:
        _code(_object(root, each, type_="2", role="25"), "ParticipantObjectIDTypeCode", *NODE)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _event(root: etree._Element, record: Record) -> None:
    act, exchange = act_of(record.act), exchange_of(record.transaction, record.act)
    told = exchange or act
    event = etree.SubElement(root, "EventIdentification", EventActionCode=told.action, EventDateTime=instant(record.at))
    event.set("EventOutcomeIndicator", SUCCESS if record.outcome == "done" else MINOR_FAILURE)
    _code(event, "EventID", told.event, DCM, told.display)
    if exchange is None:
        _code(event, "EventTypeCode", act.subtype, REST, act.subtype)
    else:
        _code(event, "EventTypeCode", exchange.transaction, IHE, exchange.name)


def _gives(record: Record) -> bool:
    """Whether the data came from us."""
    exchange = exchange_of(record.transaction, record.act)
    return act_of(record.act).pattern == "read" if exchange is None else exchange.ours == "source"


def _user(root: etree._Element, actor: Actor, role: tuple[str, str]) -> None:
    user = _participant(root, actor.authorisation or actor.id, requestor=True)
    if actor.name:
        user.set("UserName", clean(actor.name))
    _code(user, "RoleIDCode", role[0], DCM, role[1])
    if actor.principal:
        behalf = _participant(root, actor.principal.authorisation or actor.principal.id, requestor=False)
        if actor.principal.name:
            behalf.set("UserName", clean(actor.principal.name))
        _code(behalf, "RoleIDCode", "110151", DCM, "Application Launcher")


def _system(root: etree._Element, ourselves: Ourselves, role: tuple[str, str]) -> None:
    system = _participant(root, ourselves.id or ourselves.name, requestor=False)
    system.set("UserName", ourselves.name)
    _code(system, "RoleIDCode", role[0], DCM, role[1])


def _participant(root: etree._Element, id_: str, requestor: bool) -> etree._Element:
    asked = "true" if requestor else "false"
    return etree.SubElement(root, "ActiveParticipant", UserID=clean(id_), UserIsRequestor=asked)


def _patient(root: etree._Element, record: Record) -> None:
    if record.patient is None:
        return
    number = f"{record.patient.value}^^^&{record.patient.system}&ISO"
    told = _object(root, number, type_="1", role="1")
    _code(told, "ParticipantObjectIDTypeCode", "2", "RFC-3881", "Patient Number")


def _subject(root: etree._Element, subject: str, exchange: Exchange | None) -> None:
    """A document or another object of the registry, by its entryUUID."""
    told = _object(root, subject, type_="2", role="3")
    if exchange is not None and exchange.life:
        told.set("ParticipantObjectDataLifeCycle", exchange.life)
    code = OBJECT if exchange is not None and exchange.objects else DOCUMENT
    _code(told, "ParticipantObjectIDTypeCode", *code)


def _is_query(record: Record) -> bool:
    told = exchange_of(record.transaction, record.act) or act_of(record.act)
    return told.event == QUERY


def _query(root: etree._Element, record: Record) -> None:
    """The query by the keyed hash of the request alone, because the request holds the patient's number."""
    told = _object(root, record.request or record.id, type_="2", role="24")
    exchange = exchange_of(record.transaction, record.act)
    code = (record.act, REST, record.act) if exchange is None else (exchange.transaction, IHE, exchange.name)
    _code(told, "ParticipantObjectIDTypeCode", *code)
    hashed = etree.SubElement(told, "ParticipantObjectQuery")
    hashed.text = b64encode(f"{BODY_HASH}:{record.query}".encode()).decode()


def _object(root: etree._Element, id_: str, type_: str, role: str) -> etree._Element:
    made = etree.SubElement(root, "ParticipantObjectIdentification", ParticipantObjectID=clean(id_))
    made.set("ParticipantObjectTypeCode", type_)
    made.set("ParticipantObjectTypeCodeRole", role)
    return made


def _code(parent: etree._Element, name: str, code: str, system: str, text: str) -> None:
    made = etree.SubElement(parent, name, codeSystemName=system, originalText=text)
    made.set("csd-code", code)
