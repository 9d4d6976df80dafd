"""The citizen's log taken home: whole, by the forms' own rules, and without anybody else's number."""

import csv
import io
import json
from hashlib import sha256

import msgspec
from lxml import etree

from patientoverblik.access import Actor, Principal
from patientoverblik.notify.log_export import as_csv, as_fhir, as_minlog
from patientoverblik.service.log import entry_of
from tests.unit.notify.make import ASSISTANT, CITIZEN, OURSELVES, OVERRIDDEN, a_look, a_storage
from tests.unit.notify.minlog_schema import faults
from tests.unit.notify.structure import faults as event_faults
from tests.unit.notify.structure import load

RELATIVE = Actor("relative", "6101709999-login", "Pårørende", person=9)
HELPER = msgspec.structs.replace(ASSISTANT, id="6101709999", principal=Principal("0101010101", "Bo Overlæge"))
LOOKS = [
    a_look(id="urn:uuid:1"),
    a_look(id="urn:uuid:2", actor=ASSISTANT, override=OVERRIDDEN),
    a_look(id="urn:uuid:3", actor=CITIZEN, purpose="own-overview"),
    a_look(id="urn:uuid:4", actor=RELATIVE, purpose="on-behalf"),
    a_look(id="urn:uuid:5", act="refused", documents=(), rule="no-relation"),
    a_look(id="urn:uuid:6", act="refused", documents=(), actor=HELPER),
]


def table(*looks):
    text = as_csv([entry_of(look, {"urn:uuid:doc-1": "Plan"}, own=False) for look in looks])
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_nobody_elses_number_or_login_is_in_it():
    reader = a_storage().reader()
    fhir = json.dumps(as_fhir(reader, LOOKS, OURSELVES, 0))
    minlog = b"".join(as_minlog(reader, LOOKS, OURSELVES)[0]).decode()
    rows = json.dumps(table(*LOOKS))
    for text in (fhir, minlog, rows):
        assert "6101709999" not in text
        assert '"doctor"' not in text
        assert "0101010101" not in text
        assert sha256(b"6101709999").hexdigest()[:16] not in text, "anybody could count through all numbers"
    assert "2512489996" in fhir


def test_every_look_is_an_audit_event_that_the_definition_allows(shared):
    made = as_fhir(a_storage().reader(), LOOKS, OURSELVES, 0)
    definition = load(shared / "data/fhir/r4/structuredefinitions/StructureDefinition-AuditEvent.json")
    assert [event_faults(entry["resource"], definition) for entry in made["entry"]] == [[]] * 6
    assert [entry["resource"]["outcome"] for entry in made["entry"]] == ["0", "0", "0", "0", "4", "4"]


def test_minlog_entries_keep_to_the_schema_and_what_cannot_be_told_is_counted():
    (request,), left_out = as_minlog(a_storage().reader(), LOOKS, OURSELVES)
    root = etree.fromstring(request)
    assert faults(root) == []
    assert (len(root), left_out) == (2, 2)
    requests, _ = as_minlog(a_storage().reader(), [a_look(id=f"urn:uuid:{n}") for n in range(501)], OURSELVES)
    assert [len(etree.fromstring(each)) for each in requests] == [500, 1]
    assert as_minlog(a_storage().reader(), [], OURSELVES) == ((), 0)


def test_a_table_says_it_in_danish_by_danish_time():
    row, over = table(LOOKS[0], LOOKS[1])
    assert (row["Tidspunkt"], row["Hvem"], row["Organisation"]) == (
        "23-11-2026 13:00:00",
        "Lis Læge",
        "Lægerne Testvej",
    )
    assert (row["Hvad"], row["Dokumenter"], row["Spærring sat ud af kraft"]) == ("Så det samlede overblik", "Plan", "")
    assert over["På vegne af"] == "Bo Overlæge"
    assert over["Begrundelse"] == "Bevidstløs"


def test_no_cell_is_a_formula():
    row = table(a_look(actor=Actor("professional", "x", '=HYPERLINK("http://evil")', "@SUM(A1)")))[0]
    assert row["Hvem"] == '\'=HYPERLINK("http://evil")'
    assert row["Rolle"] == "'@SUM(A1)"
