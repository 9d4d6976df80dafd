"""FHIR R4 AuditEvents by IHE Basic Audit Log Patterns (fhir.md §9): agents client, server, user, on behalf of; entities
patient, documents, query, transaction.

What was done has the profile of its pattern and outcome 0. What was refused is a plain AuditEvent: the patterns fix the
outcome. A request's body is told by its HMAC-SHA-256 alone, under a secret of the installation, because it may hold a
number, and a plain hash of it could be led back to the number by trying them all. This departs from BALP, where the
query stands whole in ``entity.query``; whoever has the secret and the request can still show that they belong together.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from patientoverblik.access import Actor, OrganisationRef, Principal
from patientoverblik.notify.acts import Act, act_of, exchange_of
from patientoverblik.notify.record import Ourselves, Record
from patientoverblik.notify.texts import instant
from patientoverblik.sharing.model import PatientId

Resource = dict[str, Any]
DCM = "http://dicom.nema.org/resources/ontology/DCM"
IHE_EVENT = "urn:ihe:event-type-code"
REST_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
OBJECT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
TRANSACTION = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
AUTHORISATION = "https://autregweb.sst.dk"
PROFILES = {"create": "PatientCreate", "read": "PatientRead", "update": "PatientUpdate"} | {
    "delete": "PatientDelete",
    "query": "PatientQuery",
}
# The client's and the server's role, by pattern: who gives data and who takes them.
SOURCE, DESTINATION = ("110153", "Source Role ID"), ("110152", "Destination Role ID")
ROLES = {"read": (DESTINATION, SOURCE), "delete": (("110150", "Application"), SOURCE)}
PURPOSES = {
    "treatment": ("TREAT", "treatment"),
    "own-overview": ("PATRQT", "patient requested"),
    "on-behalf": ("FAMRQT", "family requested"),
}
BREAK_GLASS = ("BTG", "break the glass")
DONE, REFUSED = "0", "4"
BODY_HASH = "hmac-sha-256"
RULES = "urn:patientoverblik:access-rule:"
"""Before the rule of access that let the user, or refused them."""
COMPLIANCE = ("HCOMPL", "health compliance")


def audit_event(record: Record, ourselves: Ourselves) -> Resource:
    """The AuditEvent of one record."""
    act = act_of(record.act)
    made: Resource = {
        "resourceType": "AuditEvent",
        "type": _coding(REST_TYPE, "rest", "RESTful Operation"),
        "subtype": list(_subtypes(record, act)),
        "action": act.action,
        "recorded": instant(record.at),
        "outcome": DONE if record.outcome == "done" else REFUSED,
        "agent": list(_agents(record, act, ourselves)),
        "source": {"observer": _ourselves(ourselves)},
        "entity": list(_entities(record, act)),
    }
    if act.pattern in PROFILES and record.outcome == "done" and record.patient:
        made["meta"] = {"profile": [BALP + PROFILES[act.pattern]]}
    if record.outcome == "refused":
        made["outcomeDesc"] = record.rule
    return made


def _subtypes(record: Record, act: Act) -> Iterator[Resource]:
    yield _coding(INTERACTION, act.subtype, act.subtype)
    yield _coding(DCM, act.event, act.display)
    exchange = exchange_of(record.transaction, record.act)
    if exchange is not None:
        yield _coding(IHE_EVENT, exchange.transaction, exchange.name)


def bundle(events: Iterable[tuple[str, Resource]], at: int) -> Resource:
    """A collection Bundle of (id, resource), as of a time (ms UTC)."""
    entries = [{"fullUrl": id_, "resource": event} for id_, event in events]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": instant(at), "entry": entries}


def _agents(record: Record, act: Act, ourselves: Ourselves) -> Iterator[Resource]:
    client, server = ROLES.get(act.pattern, (SOURCE, DESTINATION))
    yield _agent(_coding(DCM, *client), {"display": record.actor.client or ourselves.name})
    yield _agent(_coding(DCM, *server), _ourselves(ourselves))
    yield _user(record)
    if record.actor.principal:
        yield _agent(_coding(PARTICIPATION, "RESP", "responsible party"), _responsible(record.actor.principal))
    if record.actor.organisation:
        yield _agent(_coding(PARTICIPATION, "CST", "custodian"), _organisation(record.actor.organisation))


def _agent(role: Resource, who: Resource) -> Resource:
    """Somebody who took part and did not ask."""
    return {"type": {"coding": [role]}, "who": who, "requestor": False}


def _user(record: Record) -> Resource:
    made: Resource = {
        "type": {"coding": [_coding(PARTICIPATION, "IRCP", "information recipient")]},
        "who": _who(record.actor, record.user),
        "requestor": True,
    }
    if record.rule:
        made["policy"] = [f"{RULES}{record.rule}"]
    if record.actor.role:
        made["role"] = [{"text": record.actor.role}]
    if record.purpose:
        code = BREAK_GLASS if record.overridden else PURPOSES.get(record.purpose, COMPLIANCE)
        made["purposeOfUse"] = [{"coding": [_coding(REASON, *code)]}]
    return made


def _who(actor: Actor, number: PatientId | None) -> Resource:
    if actor.authorisation:
        return _practitioner(actor.authorisation, actor.name)
    if number is not None:
        return {"identifier": _identifier(number)} | ({"display": actor.name} if actor.name else {})
    return {"identifier": {"value": actor.id}} | ({"display": actor.name} if actor.name else {})


def _responsible(behalf: Principal) -> Resource:
    if behalf.authorisation:
        return _practitioner(behalf.authorisation, behalf.name)
    return {"identifier": {"value": behalf.id}} | ({"display": behalf.name} if behalf.name else {})


def _practitioner(authorisation: str, name: str) -> Resource:
    return {"identifier": {"system": AUTHORISATION, "value": authorisation}} | ({"display": name} if name else {})


def _organisation(place: OrganisationRef) -> Resource:
    system = place.system if ":" in place.system else f"urn:oid:{place.system}"
    return {"identifier": {"system": system, "value": place.value}} | ({"display": place.name} if place.name else {})


def _ourselves(ourselves: Ourselves) -> Resource:
    if not ourselves.id:
        return {"display": ourselves.name}
    own = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{ourselves.id}"}
    return {"identifier": own, "display": ourselves.name}


def _entities(record: Record, act: Act) -> Iterator[Resource]:
    if record.patient:
        yield _entity("1", "Person", "1", "Patient") | {"what": {"identifier": _identifier(record.patient)}}
    if act.pattern == "query":
        yield _entity("2", "System Object", "24", "Query") | {"query": _query(record)}
    for subject in record.subjects:
        what = {"identifier": {"system": "urn:ietf:rfc:3986", "value": subject}, "type": "DocumentReference"}
        yield _entity("2", "System Object", "4", "Domain Resource") | {"what": what}
    for source in record.sources:
        yield _entity("2", "System Object", "25", "Data Source") | {"what": {"identifier": {"value": source}}}
    yield _request(record)


def _request(record: Record) -> Resource:
    """The request that was answered: its id, and its body by its hash."""
    told: Resource = {
        "what": {"identifier": {"value": record.request or record.id}},
        "type": _coding(TRANSACTION, "XrequestId", "X-Request-Id"),
    }
    return told | ({"detail": [{"type": BODY_HASH, "valueBase64Binary": record.query}]} if record.query else {})


def _query(record: Record) -> str:
    if record.query:
        return b64encode(f"{BODY_HASH}:{record.query}".encode()).decode()
    return b64encode(f"{record.act} of one patient; the request had no body".encode()).decode()


def _entity(type_: str, type_text: str, role: str, role_text: str) -> Resource:
    return {"type": _coding(OBJECT_TYPE, type_, type_text), "role": _coding(OBJECT_ROLE, role, role_text)}


def _identifier(number: PatientId) -> Resource:
    return {"system": f"urn:oid:{number.system}", "value": number.value}


def _coding(system: str, code: str, display: str) -> Resource:
    return {"system": system, "code": code, "display": display}
