"""Texts that break who reads them: characters that no XML holds, that turn digits around, that command a terminal."""

import json

import msgspec
import pytest

from patientoverblik.formats.fhir import parse_fhir
from patientoverblik.problems import Finding
from patientoverblik.service import Received, deliver, look
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.override import NO_REASON, override
from patientoverblik.service.typed import plain
from patientoverblik.sharing.stated import Stated
from tests.attacks.house import treated
from tests.generative.doors.doors import Visit, certain, command
from tests.generative.doors.every import every_answer
from tests.generative.doors.worlds import CITIZEN, DOCTOR, about, furnished, place, system_of, told, whose
from tests.unit.service.make import CPR, run
from tests.unit.service.make import DOCTOR as SOMEBODY

GP = place("general-practice")
SUBJECT = {"reference": "Patient/1"}
CONTROLS = ("\x00", "\x07", "\x08", "\x0c", "\x1b", "\ufffe", "\uffff")


def plan(word: str) -> bytes:
    """A practice's FHIR document that says a word in every text it has."""
    number = {"system": "urn:oid:1.2.208.176.1.2", "value": whose(told("A")).value}
    practice = {"system": f"urn:oid:{GP.system}", "value": GP.value}
    title = {"coding": [{"system": "http://loinc.org", "code": "81215-6", "display": word}]}
    by = {"reference": "Organization/o"}
    resources = (
        {"resourceType": "Composition", "id": "c", "status": "final", "type": title, "subject": SUBJECT, "author": [by]}
        | {"date": "2026-10-01T10:00:00+02:00", "custodian": by, "title": f"Titel {word}"}
        | {"section": [{"title": word, "entry": [{"reference": "CarePlan/p"}, {"reference": "Goal/g"}]}]},
        {"resourceType": "Patient", "id": "1", "identifier": [number], "name": [{"family": word, "given": ["Test"]}]},
        {"resourceType": "Organization", "id": "o", "identifier": [practice], "name": f"Lægehuset {word}"},
        {"resourceType": "CarePlan", "id": "p", "status": "active", "intent": "plan", "subject": SUBJECT}
        | {"title": f"Plan {word}", "author": by, "goal": [{"reference": "Goal/g"}]},
        {"resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "subject": SUBJECT}
        | {"description": {"text": f"Mål {word}"}, "note": [{"text": word}]},
    )
    entries = [{"fullUrl": f"http://e.example/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    identifier = {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}
    bundle = {"resourceType": "Bundle", "type": "document", "identifier": identifier, "entry": entries}
    return json.dumps(bundle | {"timestamp": "2026-10-01T10:00:00+02:00"}).encode()


def delivered(word: str):
    """A house that has taken the document in, and its entryUUID."""
    house = furnished(told("A"))
    house.ids.start("hostile")
    handed = Handed(plan(word), Stated(mime_type="application/fhir+json"))
    answer = run(deliver(house, system_of("general-practice"), Delivery((handed,))))
    assert isinstance(answer, Received), answer
    return house, answer.receipts[0]


@pytest.mark.parametrize("reader", [DOCTOR, CITIZEN], ids=lambda reader: reader.name)
def test_characters_that_no_xml_holds_shut_no_door(reader):
    house, receipt = delivered("".join(CONTROLS))
    assert "fhir.control-characters" in {finding.code for finding in receipt.findings}
    asked = msgspec.structs.replace(about(told("A")), documents=(receipt.entry,))
    answers = every_answer(house, reader, asked)
    assert answers["fhir xml"].startswith(b"200")
    assert "Mål \ufffd".encode() in answers["fhir Goal"]
    # The bytes are as they came; everything else is free of them.
    ours = {name: answer for name, answer in answers.items() if receipt.entry not in name}
    written = [one.encode() for one in CONTROLS] + [rb"\u001b", rb"\u0000"]
    assert not {name for name, answer in ours.items() if any(one in answer for one in written)}


@pytest.mark.parametrize("sign", CONTROLS)
def test_each_is_replaced_however_it_is_written(sign):
    written = {f"\\u{ord(sign):04x}", f"\\u{ord(sign):04X}", {"\x08": "\\b", "\x0c": "\\f"}.get(sign, "\\u0000")}
    for form in (*written, *([sign] if ord(sign) > 31 else [])):
        parsed = parse_fhir(f'{{"resourceType": "Goal", "id": "a{form}b"}}'.encode())
        assert (parsed.resource["id"], parsed.strangers) == ("a\ufffdb", (Finding("fhir.control-characters"),))


@pytest.mark.parametrize("form", [r"\\u001b", r"\\b", r"\\\\f", r"\n\t", r"\u00e5", "æ", r"\ud83d\ude00"])
def test_what_only_looks_like_one_is_left_alone(form):
    parsed = parse_fhir(f'{{"resourceType": "Goal", "id": "a{form}b"}}'.encode())
    assert (parsed.resource["id"], parsed.strangers) == (json.loads(f'"a{form}b"'), ())


def test_no_text_turns_the_digits_of_another_around():
    house, _ = delivered("15\u202e mg\u2066")
    visit = Visit(house, DOCTOR, whose(told("A")))
    with certain():
        assert list(visit.enter())
        pages = [visit.ask("GET", f"{visit.base}{path}").decode() for path in ("", "/dokumenter")]
    assert "Mål 15\ufffd mg\ufffd" in pages[0]
    assert "Titel 15\ufffd mg\ufffd" in pages[1]
    assert not {"\u202e", "\u2066"}.intersection("".join(pages))


def test_no_text_commands_the_terminal():
    house, _ = delivered("15\u009b31m \u202emg")
    for words in (("show",), ("find",)):
        said = command(house, DOCTOR, whose(told("A")).value, *words).out.decode()
        assert "15\ufffd31m \ufffdmg" in said
        assert not {"\u009b", "\u202e"}.intersection(said)


@pytest.mark.parametrize("words", [("show",), ("find",)], ids=" ".join)
def test_no_text_commands_the_terminal_as_json_and_none_is_changed(words):
    house, _ = delivered("15\u009b31m \u202emg \x7f")
    said = command(house, DOCTOR, whose(told("A")).value, *words, "--json").out.decode()
    assert r"15\u009b31m \u202emg \u007f" in said
    assert not {"\u009b", "\u202e", "\x7f"}.intersection(said)
    assert "15\u009b31m \u202emg \x7f" in json.dumps(json.loads(said), ensure_ascii=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("morgen 1\taften 2", "morgen 1 aften 2"),
        ("kl. 8\u00a010 mg", "kl. 8 10 mg"),
        ("1\u20282", "1 2"),
        ("å i to tegn: a\u030a", "å i to tegn: a\u030a"),
        ("👩\u200d⚕️ siger", "👩\u200d⚕️ siger"),
        (" \x1b[31mrød\u202e ", "[31mrød"),
        ("én\r\nto\rtre", "én\nto\ntre"),
        ("\u200b \u200d\n", ""),
    ],
)
def test_what_a_person_types_keeps_apart_what_stood_apart(typed, kept):
    assert plain(typed) == kept
    assert plain(kept) == kept


@pytest.mark.parametrize("reason", ["\u200b", "\u2060\u200d", "\x01\x02", "\u202e"])
def test_a_reason_that_nobody_can_see_opens_for_no_override(reason):
    house = treated()
    run(look(house, SOMEBODY, CPR, "treatment", "professional"))
    assert run(override(house, SOMEBODY, CPR, "consent", reason)) == NO_REASON
