"""FHIR AuditEvents (fhir.md §9): whole by R4's own definition, and with the agents and entities of IHE's patterns."""

import json
from base64 import b64decode
from typing import get_args

import pytest

from patientoverblik.access import LookAct
from patientoverblik.notify.acts import ACTS
from patientoverblik.notify.audit_event import audit_event, bundle
from tests.unit.notify.make import ASSISTANT, CITIZEN, OURSELVES, OVERRIDDEN, event_record, record
from tests.unit.notify.structure import faults, load


@pytest.fixture(scope="session")
def definition(shared):
    return load(shared / "data/fhir/r4/structuredefinitions/StructureDefinition-AuditEvent.json")


def roles(event):
    return [agent["type"]["coding"][0]["code"] for agent in event["agent"]]


def objects(event):
    return [entity["type"]["code"] for entity in event["entity"]]


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("outcome", ["done", "refused"])
@pytest.mark.parametrize("actor", [ASSISTANT, CITIZEN])
def test_every_act_makes_an_event_that_the_definition_allows(definition, act, outcome, actor):
    made = event_record(act=act, outcome=outcome, actor=actor, request="r-1", query="q83v")
    assert faults(audit_event(made, OURSELVES), definition) == []


@pytest.mark.parametrize("act", get_args(LookAct))
def test_every_look_makes_one_too(definition, act):
    assert faults(audit_event(record(act=act, override=OVERRIDDEN), OURSELVES), definition) == []


def test_what_ihe_calls_it_is_told_too(definition):
    made = audit_event(event_record(act="deliver", transaction="ITI-41"), OURSELVES)
    assert faults(made, definition) == []
    told = {one["system"]: one["code"] for one in made["subtype"]}
    assert told["urn:ihe:event-type-code"] == "ITI-41"
    within = audit_event(event_record(act="override", transaction="ITI-41"), OURSELVES)
    assert "urn:ihe:event-type-code" not in {one["system"] for one in within["subtype"]}


def test_a_definition_that_is_broken_is_noticed(definition):
    made = audit_event(record(), OURSELVES)
    for broken in (
        {**made, "type": [made["type"]]},
        {**made, "outcom": "0"},
        {**made, "recorded": "yesterday"},
        {**made, "agent": []},
        {key: value for key, value in made.items() if key != "source"},
        {**made, "source": {"observer": {"name": "x"}}},
    ):
        assert faults(broken, definition) != []


def test_a_query_has_client_and_server_user_and_the_patient_and_no_body():
    made = audit_event(record(), OURSELVES)
    assert made["meta"]["profile"] == [
        "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery"
    ]
    assert (made["subtype"][0]["code"], made["action"], made["outcome"]) == ("search", "E", "0")
    assert roles(made) == ["110153", "110152", "IRCP", "CST"]
    assert objects(made) == ["1", "2", "2", "XrequestId"]
    query = next(entity["query"] for entity in made["entity"] if "query" in entity)
    assert b"2512489996" not in b64decode(query)


def test_a_body_is_told_by_its_hash():
    made = audit_event(record(query="q83v", request="r-1"), OURSELVES)
    query = next(entity["query"] for entity in made["entity"] if "query" in entity)
    assert b64decode(query) == b"hmac-sha-256:q83v"
    assert made["entity"][-1]["what"]["identifier"]["value"] == "r-1"
    assert made["entity"][-1]["detail"][0]["valueBase64Binary"] == "q83v"


def test_a_read_turns_source_and_destination_round():
    made = audit_event(record(act="document"), OURSELVES)
    assert made["meta"]["profile"][0].endswith("PatientRead")
    assert (made["subtype"][0]["code"], made["action"]) == ("read", "R")
    assert roles(made)[:2] == ["110152", "110153"]


def test_who_is_responsible_and_why_are_told():
    made = audit_event(record(actor=ASSISTANT), OURSELVES)
    user = next(agent for agent in made["agent"] if agent["requestor"])
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "TREAT"
    behalf = next(agent for agent in made["agent"] if agent["type"]["coding"][0]["code"] == "RESP")
    assert behalf["who"]["identifier"]["value"] == "DFGHJ"
    overridden = audit_event(record(override=OVERRIDDEN), OURSELVES)
    user = next(agent for agent in overridden["agent"] if agent["requestor"])
    assert user["purposeOfUse"][0]["coding"][0]["code"] == "BTG"
    assert "Bevidstløs" not in json.dumps(overridden, ensure_ascii=False)


def test_a_refusal_is_a_plain_audit_event_with_the_rule():
    made = audit_event(event_record(outcome="refused", rule="no-relation"), OURSELVES)
    assert "meta" not in made
    assert (made["outcome"], made["outcomeDesc"]) == ("4", "no-relation")


def test_a_source_that_is_there_is_no_document(definition):
    made = audit_event(event_record(act="heartbeat", patient=0, subjects=("kommune",)), OURSELVES)
    assert faults(made, definition) == []
    assert [one["code"] for one in made["subtype"]] == ["operation", "110100"]
    source, _request = made["entity"]
    assert (source["role"]["code"], source["what"]) == ("25", {"identifier": {"value": "kommune"}})


def test_a_bundle_holds_every_event():
    made = bundle([("urn:uuid:1", audit_event(record(), OURSELVES))], 0)
    assert (made["type"], made["timestamp"], len(made["entry"])) == ("collection", "1970-01-01T00:00:00.000Z", 1)
