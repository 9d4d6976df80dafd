"""What answers each interaction, by the name its row in ``interactions.csv`` gives."""

from collections.abc import Mapping

from patientoverblik.edges.fhir import (
    audit_events,
    capability,
    consents,
    contents_read,
    everything,
    iti65_provide,
    iti67_find_references,
    iti68_retrieve,
    iti105_publish,
    organisations,
    overblik,
    patients,
    summary,
    validating,
    writing,
)
from patientoverblik.edges.fhir.call import Run

RUNS: Mapping[str, Run] = {
    "capabilities": capability.capabilities,
    "create": writing.create,
    "create_consent": consents.create,
    "everything": everything.everything,
    "find_consents": consents.find,
    "find_content": contents_read.find,
    "find_looks": audit_events.find,
    "find_organisations": organisations.find,
    "find_patients": patients.find,
    "find_registered": iti67_find_references.find,
    "generate_metadata": iti105_publish.generate_metadata,
    "history": contents_read.history,
    "match_patient": patients.match,
    "overblik": overblik.overblik,
    "provide": iti65_provide.provide,
    "publish": iti105_publish.publish,
    "read_consent": consents.read,
    "read_content": contents_read.read_one,
    "read_look": audit_events.read,
    "read_organisation": organisations.read,
    "read_patient": patients.read,
    "read_registered": iti67_find_references.read_one,
    "retrieve": iti68_retrieve.retrieve,
    "summary": summary.summary,
    "update": writing.update,
    "validate": validating.validate,
}
