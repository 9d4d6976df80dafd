"""The network clients against receivers that take, refuse, are broken or are not there."""

import json
import ssl

import httpx
import pytest
from lxml import etree

from patientoverblik.access import Actor
from patientoverblik.connectors import FhirAudit, MinLog, SyslogAudit, SyslogPlace
from patientoverblik.notify import Delivered, Undelivered, deliver
from patientoverblik.problems import Fault
from tests.doors.connectors.receivers import http_receiver, tls_receiver
from tests.unit.notify.make import OURSELVES, a_look, a_message, a_storage, an_event
from tests.unit.notify.minlog_schema import faults

FINE = b"<a><NumberAdded>9</NumberAdded><NumberFailed>0</NumberFailed></a>"
NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def client():
    with httpx.Client(trust_env=False) as made:
        yield made


def looks(number):
    return [a_message(a_look(id=f"urn:uuid:look-{each}"), "minlog") for each in range(number)]


def events(number, feed):
    return [a_message(an_event(id=f"urn:uuid:event-{each}"), feed) for each in range(number)]


def test_a_batch_of_looks_is_registered_in_one_request(client):
    with http_receiver((200, FINE)) as heard:
        assert MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), looks(3)) == {}
    ((_, headers, body),) = heard.requests
    assert headers["Content-Type"].startswith("text/xml")
    request = etree.fromstring(body)[0][0]
    assert faults(request) == []
    assert len(request) == 3


def test_entries_refused_by_sequence_number_are_told_and_no_others(client):
    answer = (
        b"<a><NumberAdded>2</NumberAdded><NumberFailed>1</NumberFailed><FailedLogDataEntries><FaultCode>1</FaultCode>"
        b"<SequenceNumber>look-1</SequenceNumber></FailedLogDataEntries></a>"
    )
    with http_receiver((200, answer)) as heard:
        left = MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), looks(3))
    assert left == {"urn:uuid:look-1": Undelivered("notify.entry-refused")}


def test_failures_that_are_not_named_leave_the_whole_batch_unclear(client):
    answer = b"<a><NumberAdded>2</NumberAdded><NumberFailed>1</NumberFailed></a>"
    with http_receiver((200, answer)) as heard:
        feed = MinLog(heard.url, OURSELVES, client)
        assert {one.code for one in feed.tell(a_storage().reader(), looks(3)).values()} == {"notify.unclear-refusal"}
        assert {one.code for one in feed.tell(a_storage().reader(), looks(1)).values()} == {"notify.entry-refused"}


def test_entries_that_the_answer_does_not_account_for_are_not_taken_for_delivered(client):
    answer = b"<a><NumberAdded>1</NumberAdded><NumberFailed>0</NumberFailed></a>"
    with http_receiver((200, answer)) as heard:
        left = MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), looks(3))
    assert {one.code for one in left.values()} == {"notify.unclear-refusal"}
    assert len(left) == 3


def test_a_look_that_cannot_be_told_does_not_hold_the_others(client):
    nameless = a_message(a_look(id="urn:uuid:x", patient=99), "minlog")
    with http_receiver((200, FINE)) as heard:
        left = MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), [nameless, *looks(1)])
    assert left == {"urn:uuid:x": Undelivered("notify.no-patient-number", final=True)}
    assert len(etree.fromstring(heard.requests[0][2])[0][0]) == 1


def test_what_a_system_was_told_is_no_entry_of_minlog_and_no_fault(client):
    told = a_message(a_look(id="urn:uuid:x", actor=Actor("system", "cvr:99999999:ehr")), "minlog")
    with http_receiver((200, FINE)) as heard:
        assert MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), [told, *looks(1)]) == {}
        assert MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), [told]) == {}
    (request,) = heard.requests
    assert len(etree.fromstring(request[2])[0][0]) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [((500, b""), "notify.unreachable"), ((403, b""), "notify.refused"), ((200, b"<a/>"), "notify.bad-answer")],
)
def test_an_answer_that_says_nothing_of_the_entries_gives_the_batch_back(client, answer, code):
    with http_receiver(answer) as heard, pytest.raises(Fault) as fault:
        MinLog(heard.url, OURSELVES, client).tell(a_storage().reader(), looks(1))
    assert fault.value.code == code


def test_where_nobody_listens_the_batch_waits(client):
    for feed, value in (
        (MinLog(NOBODY, OURSELVES, client), a_look()),
        (FhirAudit(NOBODY, OURSELVES, client), an_event()),
        (SyslogAudit(SyslogPlace("127.0.0.1", 9), OURSELVES, ssl.create_default_context()), an_event()),
    ):
        storage = a_storage()
        storage.act(lambda tx, feed=feed, value=value: tx.post(a_message(value, feed.name))).result()
        assert deliver(storage, feed, lambda: 10) == Delivered(later=1, fault="notify.unreachable")


def test_events_are_posted_one_by_one_as_fhir(client):
    with http_receiver((201, b"")) as heard:
        assert (
            FhirAudit(f"{heard.url}/fhir/", OURSELVES, client).tell(a_storage().reader(), events(2, "atna-fhir")) == {}
        )
    assert [path for path, _, _ in heard.requests] == ["/fhir/AuditEvent"] * 2
    assert json.loads(heard.requests[0][2])["resourceType"] == "AuditEvent"
    assert heard.requests[0][1]["Content-Type"].startswith("application/fhir+json")


def test_one_event_refused_does_not_hold_the_others_and_a_break_gives_the_rest_back(client):
    with http_receiver((422, b""), (201, b""), (503, b"")) as heard:
        left = FhirAudit(heard.url, OURSELVES, client).tell(a_storage().reader(), events(4, "atna-fhir"))
    assert left == {
        "urn:uuid:event-0": Undelivered("notify.entry-refused"),
        "urn:uuid:event-2": Undelivered("notify.unreachable", counts=False),
        "urn:uuid:event-3": Undelivered("notify.unreachable", counts=False),
    }
    assert len(heard.requests) == 3


def test_events_go_by_syslog_over_tls_each_behind_its_length(tmp_path):
    with tls_receiver(tmp_path) as (port, certificate, heard):
        feed = SyslogAudit(
            SyslogPlace("127.0.0.1", port), OURSELVES, ssl.create_default_context(cafile=str(certificate))
        )
        assert feed.tell(a_storage().reader(), events(3, "atna-syslog")) == {}
    (said,) = heard
    messages = []
    while said:
        length, _, rest = said.partition(b" ")
        messages.append(rest[: int(length)])
        said = rest[int(length) :]
    assert len(messages) == 3
    for message in messages:
        header, _, body = message.partition(b"\xef\xbb\xbf")
        assert header.startswith(b"<85>1 2026-11-23T12:00:00.000Z ")
        assert etree.fromstring(body).tag == "AuditMessage"


def test_a_receiver_that_is_not_trusted_is_told_nothing(tmp_path):
    with tls_receiver(tmp_path) as (port, _, heard):
        feed = SyslogAudit(SyslogPlace("127.0.0.1", port), OURSELVES, ssl.create_default_context())
        with pytest.raises(Fault, match=r"notify\.unreachable"):
            feed.tell(a_storage().reader(), events(1, "atna-syslog"))
    assert heard == []


def test_a_connection_that_breaks_gives_the_batch_back(tmp_path):
    with tls_receiver(tmp_path, resets=True) as (port, certificate, _):
        context = ssl.create_default_context(cafile=str(certificate))
        feed = SyslogAudit(SyslogPlace("127.0.0.1", port), OURSELVES, context)
        with pytest.raises(Fault, match=r"notify\.unreachable"):
            feed.tell(a_storage().reader(), events(1, "atna-syslog"))
