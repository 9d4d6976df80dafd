"""DICOM audit messages (PS3.15 A.5; ITI-20): the elements in the schema's order, each with what it must have."""

from itertools import groupby

import pytest
from lxml import etree

from patientoverblik.access import Actor
from patientoverblik.connectors.syslog import SyslogPlace, framed, syslog
from patientoverblik.notify.acts import ACTS
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


def test_a_name_that_xml_cannot_hold_is_told_without_those_signs():
    root = made(actor=Actor("professional", "a\x00b", "Lis\x0b\ufffe\uffff <Læge>"))
    assert root[1].get("UserName") == "Lis <Læge>"
    assert root[1].get("UserID") == "ab"


def test_a_syslog_message_says_its_length_in_octets():
    text = syslog("<æ/>".encode(), 0, SyslogPlace("x", machine="m", process="7"))
    assert text == b"<85>1 1970-01-01T00:00:00.000Z m patientoverblik 7 IHE+RFC-3881 - \xef\xbb\xbf<\xc3\xa6/>"
    assert framed(text) == str(len(text)).encode() + b" " + text
