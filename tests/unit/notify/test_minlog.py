"""MinLog2 entries (nsp.md §4): in the schema's order and limits whatever they are made of; nothing cut that identifies."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from patientoverblik.access import Actor, LookAct, OrganisationRef, Principal
from patientoverblik.notify.minlog import Entry, entry_of, request
from patientoverblik.notify.minlog_wire import answer_of, envelope
from patientoverblik.notify.texts import cut
from patientoverblik.problems import Fault
from tests.unit.notify.make import ASSISTANT, AT, CITIZEN, DOCTOR, OURSELVES, OVERRIDDEN, a_look, record
from tests.unit.notify.minlog_schema import NAMESPACE, faults


def written(*entries):
    return etree.fromstring(request(entries))


def told(**changes):
    entry = entry_of(record(**changes), OURSELVES)
    assert isinstance(entry, Entry), entry
    root = written(entry)
    assert faults(root) == []
    return [(each.tag, each.text, each.get("source")) for each in root[0][0]]


def test_says_who_looked_for_what_reason_and_when():
    assert told() == [
        ("SystemName", "Samlet patientoverblik…", None),
        ("Activity", "Så det samlede overblik", None),
        ("Reason", "Behandling", None),
        ("Addition", "Ingen", None),
        ("Criticality", "Ingen", None),
        ("DateTime", "2026-11-23T12:00:00.000Z", None),
        ("OrganisationId", "1234567890123", "SOR"),
        ("OrganisationName", "Lægerne Testvej", None),
        ("PersonIdentifier", "2512489996", "CPR"),
        ("CorrelationId", "00000000-0000-4000-8000-000000000001", None),
        ("SequenceNumber", "00000000-0000-4000-8000-000000000001", None),
        ("UserPersonIdentifier", "CJKMN", "Autorisation"),
        ("UserPersonName", "Lis Læge", None),
        ("UserRole", "Læge", None),
    ]


def test_an_override_is_stated_and_filters_are_kept():
    made = told(override=OVERRIDDEN, hidden_from=("citizen", "custody-holder"))
    assert ("Addition", "Værdispring", None) in made
    assert [text for name, text, _ in made if name == "Filter"] == [
        "Ikke borger",
        "Ikke forældremyndigheds-indehaver",
    ]
    assert "Bevidstløs" not in str(made)


def test_an_assistant_is_told_with_the_one_they_act_for():
    made = told(actor=ASSISTANT)
    assert ("UserPersonIdentifier", "6101709999", "CPR") in made
    assert made[-3:] == [
        ("OnBehalfOfPersonIdentifier", "DFGHJ", "Autorisation"),
        ("OnBehalfOfPersonName", "Bo Overlæge", None),
        ("OnBehalfOfUserRole", "Overlæge", None),
    ]


def test_a_citizen_is_known_by_their_own_number():
    assert ("UserPersonIdentifier", "2512489996", "CPR") in told(actor=CITIZEN, purpose="own-overview")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patient": 99}, "notify.no-patient-number"),
        ({"actor": Actor("officer", "o")}, "notify.no-user-number"),
        ({"at": 1_420_070_399_999}, "notify.too-old"),
        ({"actor": Actor("professional", "d", authorisation="x" * 51)}, "notify.too-long"),
        (
            {
                "actor": Actor(
                    "professional", "d", authorisation="A", organisation=OrganisationRef("1.2.208.176.1.1", "1" * 201)
                )
            },
            "notify.too-long",
        ),
    ],
)
def test_an_entry_that_cannot_be_told_whole_is_not_told_at_all(changes, code):
    assert entry_of(record(**changes), OURSELVES) == code


@given(text=st.text(max_size=120), limit=st.integers(4, 75))
def test_cutting_keeps_the_limit_and_only_takes_from_the_end(text, limit):
    short = cut(text, limit)
    assert len(short) <= limit
    plain = " ".join(text.split())
    assert short == plain or (short.endswith("…") and plain.startswith(short[:-1]))


WORDS = st.text(max_size=260)
ACTORS = st.builds(
    Actor,
    kind=st.sampled_from(["professional", "citizen", "relative", "officer"]),
    id=WORDS,
    name=WORDS,
    role=WORDS,
    authorisation=st.text(max_size=50),
    person=st.sampled_from([0, 7, 9]),
    organisation=st.none()
    | st.builds(OrganisationRef, system=st.sampled_from(["1.2.208.176.1.1", "1.9"]), value=WORDS, name=WORDS),
    principal=st.none() | st.builds(Principal, id=WORDS, name=WORDS, role=WORDS, authorisation=st.text(max_size=50)),
)


@settings(max_examples=100, deadline=None)
@given(actor=ACTORS, act=st.sampled_from([act for act in get_args(LookAct) if act != "refused"]))
def test_whatever_an_actor_is_called_the_entry_fits_the_schema(actor, act):
    entry = entry_of(record(actor=actor, act=act), OURSELVES)
    if isinstance(entry, Entry):
        assert faults(written(entry)) == []


def test_a_request_holds_at_most_five_hundred():
    entry = entry_of(record(), OURSELVES)
    assert len(written(*[entry] * 500)) == 500
    for number in (0, 501):
        with pytest.raises(ValueError, match="500"):
            request([entry] * number)


def test_an_envelope_carries_the_request():
    root = etree.fromstring(envelope([entry_of(record(), OURSELVES)]))
    assert root[0][0].tag == f"{{{NAMESPACE}}}RegistrationRequest"
    assert a_look().at == AT
    assert DOCTOR.authorisation in request([entry_of(record(), OURSELVES)]).decode()


def test_an_answer_names_the_entries_that_failed():
    answer = answer_of(
        b"<s:E xmlns:s='x'><r:RegistrationResponse xmlns:r='y'><NumberAdded>498</NumberAdded><NumberFailed>2</NumberFailed>"
        b"<FailedLogDataEntries><FaultCode>7</FaultCode><SequenceNumber>a</SequenceNumber></FailedLogDataEntries>"
        b"<FailedLogDataEntries><FaultCode>7</FaultCode></FailedLogDataEntries></r:RegistrationResponse></s:E>"
    )
    assert (answer.added, answer.failed, answer.sequences) == (498, 2, {"a"})


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a/>", b"<a><NumberAdded>x</NumberAdded></a>"])
def test_an_answer_that_is_none_is_a_fault(data):
    with pytest.raises(Fault) as fault:
        answer_of(data)
    assert fault.value.code == "notify.bad-answer"
