"""Consent by PCF (Intermediate): the citizen's blocks and consents, told and taken in (IHE ITI PCF, Consent profiles).

Only the citizen may read or make them; what cannot be carried out as it is written is refused, and then nothing of it
is (docs/adr/0013).
"""

from collections.abc import Sequence
from typing import Any

from patientoverblik.access import Block, OrganisationRef, Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.finding import Pool, page_of, pool_of
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.organisations import directory, organisation_id
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.whose import Whose, is_others, least_key, owner_of, patient_named
from patientoverblik.formats.fhir import encode_json, system_of, url_of
from patientoverblik.formats.fhir.consent import Reference
from patientoverblik.problems import Finding
from patientoverblik.service import blocks, register_consent
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.model import Refused
from patientoverblik.service.registry import OTHER

PROFILE = "https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consentIntermediate"
SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
LOINC_CONSENT = {"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
LAW = "https://www.retsinformation.dk/eli/lta/2005/546"
"""Sundhedsloven, whose chapter 9 gives the patient the right."""
AUTHORISATION = "https://autregweb.sst.dk"
DOCUMENTS = "urn:ietf:rfc:3986"
FIRST_VERSION, ENDED_VERSION = "1", "2"


async def find(call: Call) -> Answer:
    """A page of the blocks and consents of a patient."""
    begun = opened(call)
    if isinstance(begun, Answer):
        return begun
    held = await _held(call, begun.whose)
    if isinstance(held, Refusal):
        return refused_by(held.code, professional=call.actor.kind == "professional")
    return told_page(call, begun, page_of(held, begun.wanted, begun.after), least_key(call, begun.whose))


async def read(call: Call) -> Answer:
    """One of them."""
    held = await _held(call, Whose(owner_of(call, call.id)))
    found = None if isinstance(held, Refusal) else held.by_name.get(f"{call.type}/{call.id}")
    return refused(NOT_FOUND) if found is None else told(call, found)


async def create(call: Call) -> Answer:
    """The citizen's Consent, carried out whole or not at all; where it comes to several rows, the first is told."""
    told_ = call.resource or {}
    if told_.get("resourceType") != "Consent":
        return refused(Finding("rest.wrong-resource", about="Consent"))
    patient = patient_named(call, told_.get("patient", {}).get("reference", ""))
    if call.sender.bound is not None and patient not in call.house.storage.reader().linked_keys(call.sender.bound):
        return refused(Finding(OTHER.code))
    answer = await register_consent(call.house, call.actor, patient, encode_json(told_), _Known(call, patient))
    if isinstance(answer, Refused):
        return refused(*(answer.findings or (Finding(answer.code),)))
    made = [_consent(call, row, patient) for row in answer]
    if not made:
        return answered(told_, 201)
    name = made[0]
    headers = (("Location", f"{call.base}/{name.name}/_history/1"), ("ETag", name.etag))
    return Answer(201, b"" if call.prefers("return") == "minimal" else name.data, headers)


async def _held(call: Call, whose: Whose) -> Pool | Refusal:
    if is_others(call, whose):
        return OTHER
    found = await blocks(call.house, call.actor, whose.patient)
    if isinstance(found, Refusal):
        return found
    key = least_key(call, whose)
    return pool_of(_consent(call, one, key) for one in found)


def _consent(call: Call, row: Block, key: int) -> Rendition:
    ended = bool(row.valid_until) and row.valid_until <= call.house.clock()
    patient = {"reference": f"Patient/{call.opaque.patient(key)}"}
    said: Resource = {
        "resourceType": "Consent",
        "id": call.opaque.thing(key, bare(row.id)),
        "meta": {"profile": [PROFILE]},
        "status": "inactive" if ended else "active",
        "scope": {"coding": [{"system": SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [LOINC_CONSENT]}],
        "patient": patient,
        "dateTime": instant(row.valid_from),
        "performer": [patient],
        "organization": [{"identifier": {"system": DOCUMENTS, "value": f"urn:oid:{call.house.home}"}}],
        "sourceAttachment": {"title": "Spærring" if row.kind == "block" else "Samtykke"},
        "policy": [{"uri": LAW}],
        "policyRule": {"coding": [{"system": ACT_CODE, "code": "OPTIN"}]},
        "provision": provision_of(row),
    }
    return rendered(said, ENDED_VERSION if ended else FIRST_VERSION, row.valid_until if ended else row.valid_from)


def provision_of(row: Block) -> Resource:
    """The rule of a row: denied or permitted to whom, of which data."""
    data: list[Resource] = []
    if row.origin:
        data.append({"meaning": "authoredby", "reference": _organisation(row.origin)})
    if row.document:
        data.append({"meaning": "instance", "reference": {"identifier": {"system": DOCUMENTS, "value": row.document}}})
    said: dict[str, Any] = {
        "type": "deny" if row.kind == "block" else "permit",
        "period": _period(row.valid_from, row.valid_until),
        "actor": [
            {"role": {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]}, "reference": one} for one in _who(row)
        ],
        "code": [{"coding": [{"system": "http://loinc.org", "code": one}]} for one in row.types],
        "dataPeriod": _period(row.origin_from, row.origin_until),
        "data": data,
    }
    return {name: value for name, value in said.items() if value}


def _who(row: Block) -> Sequence[Resource]:
    found: list[Resource] = [_organisation(row.organisation)] if row.organisation else []
    if row.person or row.authorisation:
        named = {"system": AUTHORISATION, "value": row.authorisation or row.person}
        found.append({"type": "Practitioner", "identifier": named})
    if row.relative:
        found.append({"type": "RelatedPerson", "display": "Pårørende"})
    return found


def _organisation(place: OrganisationRef) -> Resource:
    named = {"system": url_of(place.system), "value": place.value}
    told_ = {"reference": f"Organization/{organisation_id(place)}", "type": "Organization", "identifier": named}
    return told_ | ({"display": place.name} if place.name else {})


def _period(start: int, end: int) -> Resource:
    return {name: instant(at) for name, at in (("start", start), ("end", end)) if at}


class _Known:
    """What the references of a Consent stand for: the configured organisations, people by their id, documents."""

    def __init__(self, call: Call, patient: int) -> None:
        self._call, self._patient = call, patient

    def organisation(self, reference: Reference) -> OrganisationRef | None:
        """An organisation of the configuration, by its identifier or its address here."""
        wanted = (system_of(reference.system), reference.value)
        for source in self._call.house.sources:
            for one in source.organisations:
                if (one.system, one.value) == wanted:
                    return one
        found = directory(self._call.house).by_name.get("/".join(reference.literal.rsplit("/", 2)[-2:]))
        if found is None:
            return None
        named = found.resource["identifier"][0]
        return OrganisationRef(system_of(named["system"]), named["value"], found.resource.get("name", ""))

    def professional(self, reference: Reference) -> str:
        """The authorisation of a professional."""
        return reference.value if reference.system == AUTHORISATION else ""

    def person(self, _reference: Reference) -> int:
        """Nobody: relatives have no address of their own here."""
        return NOBODY

    def document(self, reference: Reference) -> str:
        """The uniqueId of a document by its DocumentReference, or the uniqueId itself."""
        named = reference.literal.rpartition("/")[2]
        reader = self._call.house.storage.reader()
        uuid = f"urn:uuid:{named}"
        key = reader.locate_entry(uuid) if named else None
        entry = reader.entry(key, uuid) if key and key in reader.linked_keys(self._patient) else None
        return entry.unique_id if entry else reference.value
