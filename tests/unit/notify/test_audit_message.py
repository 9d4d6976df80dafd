"""DICOM audit messages (PS3.15 A.5; ITI-20): the elements in the schema's order, each with what it must have."""

from base64 import b64decode
from itertools import groupby

import pytest
from lxml import etree

from patientoverblik.access import Actor
from patientoverblik.connectors.syslog import SyslogPlace, framed, syslog
from patientoverblik.edges.soap.transactions import BY_PATH
from patientoverblik.notify.acts import ACTS, EXCHANGES
from patientoverblik.notify.audit_message import audit_message
from tests.unit.notify.make import ASSISTANT, OURSELVES, event_record

ORDER = ["EventIdentification", "ActiveParticipant", "AuditSourceIdentification", "ParticipantObjectIdentification"]


def made(**changes):
    return etree.fromstring(audit_message(event_record(**changes), OURSELVES))


@pytest.mark.parametrize("act", sorted(ACTS))
def test_every_act_makes_a_message_in_order(act):
    root = made(act=act, actor=ASSISTANT)
    assert [name for name, _ in groupby(each.tag for each in root)] == ORDER
    for each in root.iter("ActiveParticipant"):
        assert each.get("UserID")
        assert each.get("UserIsRequestor") in ("true", "false")
    for code in root.iter("EventID", "EventTypeCode", "RoleIDCode", "ParticipantObjectIDTypeCode"):
        assert set(code.attrib) == {"csd-code", "codeSystemName", "originalText"}
    assert [each.get("UserIsRequestor") for each in root.iter("ActiveParticipant")].count("true") == 1


def test_the_outcome_and_the_patient_are_told():
    root = made(outcome="refused")
    event = root[0]
    assert (event.get("EventActionCode"), event.get("EventOutcomeIndicator")) == ("E", "4")
    assert event.get("EventDateTime") == "2026-11-23T12:00:00.000Z"
    assert event[0].get("csd-code") == "110112"
    patient = root.find("ParticipantObjectIdentification")
    assert patient.get("ParticipantObjectID") == "2512489996^^^&1.2.208.176.1.2&ISO"
    assert made(patient=0).find("ParticipantObjectIdentification").get("ParticipantObjectID") == "urn:uuid:doc-1"


def test_a_source_that_is_there_is_no_document():
    root = made(act="heartbeat", patient=0, subjects=("kommune",))
    assert root[0].find("EventID").get("csd-code") == "110100"
    (source,) = root.findall("ParticipantObjectIdentification")
    assert (source.get("ParticipantObjectID"), source.get("ParticipantObjectTypeCodeRole")) == ("kommune", "25")
    assert source.find("ParticipantObjectIDTypeCode").get("csd-code") == "110182"


SOURCE, DESTINATION = "110153", "110152"
TOLD = {
    ("ITI-18", "list"): ("110112", "E", DESTINATION),
    ("ITI-38", "list"): ("110112", "E", DESTINATION),
    ("ITI-39", "retrieve"): ("110106", "R", SOURCE),
    ("ITI-41", "deliver"): ("110107", "C", DESTINATION),
    ("ITI-42", "deliver"): ("110107", "C", DESTINATION),
    ("ITI-43", "retrieve"): ("110106", "R", SOURCE),
    ("ITI-52", "subscribe"): ("110112", "E", DESTINATION),
    ("ITI-52", "renew"): ("110112", "E", DESTINATION),
    ("ITI-52", "unsubscribe"): ("110112", "E", DESTINATION),
    ("ITI-53", "notify"): ("110106", "R", SOURCE),
    ("ITI-57", "update"): ("110107", "U", DESTINATION),
    ("ITI-61", "deliver"): ("110107", "C", DESTINATION),
    ("ITI-62", "remove"): ("110110", "D", DESTINATION),
    ("ITI-69", "pull-point"): ("110100", "C", DESTINATION),
    ("ITI-69", "pull-point-end"): ("110100", "D", DESTINATION),
    ("ITI-70", "notify"): ("110112", "E", DESTINATION),
    ("ITI-86", "remove"): ("110110", "D", DESTINATION),
}


@pytest.mark.parametrize(("transaction", "act"), TOLD)
def test_each_transaction_is_told_by_ihes_codes(transaction, act):
    event, action, ours = TOLD[transaction, act]
    root = made(act=act, transaction=transaction, query="aGFzaA==")
    assert [name for name, _ in groupby(each.tag for each in root)] == ORDER
    said = root[0]
    assert (said.find("EventID").get("csd-code"), said.get("EventActionCode")) == (event, action)
    type_ = said.find("EventTypeCode")
    assert (type_.get("csd-code"), type_.get("codeSystemName")) == (transaction, "IHE Transactions")
    user, system = root.findall("ActiveParticipant")
    roles = [one.find("RoleIDCode").get("csd-code") for one in (user, system)]
    assert roles == [{SOURCE: DESTINATION, DESTINATION: SOURCE}[ours], ours]
    queries = root.findall(".//ParticipantObjectQuery")
    assert len(queries) == (event == "110112")


def test_the_table_is_whole_and_an_act_within_another_transaction_is_told_as_itself():
    assert set(EXCHANGES) == set(TOLD)
    numbers = {row.transaction for rows in BY_PATH.values() for row in rows}
    assert numbers <= {transaction for transaction, _ in TOLD}
    root = made(act="override", transaction="ITI-18")
    assert root[0].find("EventID").get("csd-code") == "110127"
    assert root[0].find("EventTypeCode").get("codeSystemName") != "IHE Transactions"


@pytest.mark.parametrize(
    ("transaction", "act", "code", "life"),
    [
        ("ITI-43", "retrieve", "9", None),
        ("ITI-53", "notify", "urn:ihe:iti:2017:ObjectRef", None),
        ("ITI-70", "notify", "urn:ihe:iti:2017:ObjectRef", None),
        ("ITI-62", "remove", "urn:ihe:iti:2017:ObjectRef", "15"),
        ("ITI-86", "remove", "9", "15"),
        ("", "remove", "9", None),
    ],
)
def test_what_it_is_about_is_a_document_or_another_object_and_may_be_gone(transaction, act, code, life):
    root = made(act=act, transaction=transaction)
    (told,) = (
        one for one in root.iter("ParticipantObjectIdentification") if one.get("ParticipantObjectID")[:3] == "urn"
    )
    assert told.find("ParticipantObjectIDTypeCode").get("csd-code") == code
    assert told.get("ParticipantObjectDataLifeCycle") == life


def test_a_query_is_told_by_its_hash_and_never_by_its_words():
    root = made(act="list", transaction="ITI-18", query="aGFzaA==", request="r-1")
    (query,) = (
        one for one in root.iter("ParticipantObjectIdentification") if one.find("ParticipantObjectQuery") is not None
    )
    assert (query.get("ParticipantObjectTypeCode"), query.get("ParticipantObjectTypeCodeRole")) == ("2", "24")
    assert query.get("ParticipantObjectID") == "r-1"
    assert b64decode(query.findtext("ParticipantObjectQuery")) == b"hmac-sha-256:aGFzaA=="


def test_a_name_that_xml_cannot_hold_is_told_without_those_signs():
    root = made(actor=Actor("professional", "a\x00b", "Lis\x0b\ufffe\uffff <Læge>"))
    assert root[1].get("UserName") == "Lis <Læge>"
    assert root[1].get("UserID") == "ab"


def test_a_syslog_message_says_its_length_in_octets():
    text = syslog("<æ/>".encode(), 0, SyslogPlace("x", machine="m", process="7"))
    assert text == b"<85>1 1970-01-01T00:00:00.000Z m patientoverblik 7 IHE+RFC-3881 - \xef\xbb\xbf<\xc3\xa6/>"
    assert framed(text) == str(len(text)).encode() + b" " + text
