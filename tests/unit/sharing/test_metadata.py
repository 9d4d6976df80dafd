"""Metadata derived from a document by the Danish profile (XDS Metadata for Document Sharing, Danish profile)."""

from hashlib import sha1
from typing import Any

import msgspec
import pytest

from patientoverblik.access import OrganisationRef
from patientoverblik.care import (
    Address,
    Appointment,
    CardItem,
    Coding,
    Concept,
    Contribution,
    DocumentFacts,
    Goal,
    Identifier,
    Organisation,
    Participation,
    Party,
    Patient,
    Period,
    PersonName,
    Plan,
    parse_moment,
)
from patientoverblik.formats.model import Books, Loss, Reading, Unread
from patientoverblik.problems import Finding
from patientoverblik.sharing import Described, OrganisationFacts, Said, describe
from patientoverblik.sharing.codes import LISTS
from patientoverblik.sharing.model import Author, Code, PatientId
from patientoverblik.sharing.stated import Stated, unequal
from tests.storages.samples import CPR, NANCY, PRACTICE, SOR

LOINC = "2.16.840.1.113883.6.1"
SKS = "1.2.208.176.2.4"
SNOMED = "2.16.840.1.113883.6.96"
GP = Code("394761003", SNOMED, "almen lægepraksis")
GENERAL_MEDICINE = Code("408443003", SNOMED)
PSYCHIATRY = Code("394587001", SNOMED)
SAID = Said(
    "1.2.3", "urn:oid:1.2.208.176.8.1", format_code=Code("urn:ad:dk:medcom:cpd-v2.0:full", "1.2.208.184.100.10")
)


def stating(**stated: Any) -> Said:
    return msgspec.structs.replace(SAID, stated=Stated(**stated))


KNOWN = {(SOR, PRACTICE.value): OrganisationFacts(GP, GENERAL_MEDICINE)}


def author(number: str = PRACTICE.value, **party: Any) -> Participation:
    organisation = Organisation(ids=(Identifier(system=SOR, value=number),), name="Lægerne Testvej")
    name = PersonName(given=("Anna", "Maria"), family=("Hansen",))
    facts = {"kind": "professional", "name": name, "organisation": organisation, **party}
    return Participation(role="author", party=Party(**facts))


def contribution(**parts: Any) -> Contribution:
    facts: dict[str, Any] = {
        "id": Identifier(system="1.2.208.184", value="aa-bb"),
        "title": "Plan",
        "created": parse_moment("2017-01-13T10:00:00+01:00"),
        "authors": (author(),),
        "code": Coding(system=LOINC, code="81215-6"),
        "language": "da-DK",
        "confidentiality": Coding(system="2.16.840.1.113883.5.25", code="N"),
        **parts.pop("document", {}),
    }
    patient = Patient(ids=(Identifier(system=CPR, value="2512489996"),))
    return Contribution(**{"document": DocumentFacts(**facts), "patient": patient, **parts})


def described(said: Said = SAID, organisations: Any = KNOWN, profile: str = "cpd-2.0.0", **parts: Any) -> Described:
    care = contribution(**parts)
    reading = Reading(profile, "stamp", msgspec.Struct(), care, (Loss("/h:a", "r"),), (), Books(1, 0, 0, 1))
    return describe(b"data", reading, said, organisations)


def codes(result: Described) -> list[tuple[str, str]]:
    return [(finding.code, finding.about) for finding in result.entry.findings]


def test_a_whole_document_has_its_metadata_and_no_findings() -> None:
    result = described()
    entry = result.entry
    assert (entry.unique_id, entry.title, entry.language, entry.size) == ("1.2.208.184^aa-bb", "Plan", "da-DK", 4)
    assert entry.class_code is not None
    assert (entry.class_code.code, entry.class_code.scheme) == ("001", "1.2.208.184.100.9")
    assert entry.authors == (Author(PRACTICE, "Hansen", ("Anna", "Maria")),)
    assert (entry.facility_type, entry.practice_setting) == (GP, GENERAL_MEDICINE)
    assert (entry.profile, entry.losses, entry.state, entry.findings) == ("cpd-2.0.0", 1, "read", ())
    assert entry.sha1 == "a17c9aaa61e80a1bf71d0d850af4e5baa9800bbd"
    assert result.patients == (NANCY,)
    assert entry.source_patient == NANCY


def test_times_are_utc_to_the_second() -> None:
    entry = described(
        document={"period": Period(start=parse_moment("2017-05-31T12:00:00.500+02:00"), end=parse_moment("2017-06-01"))}
    ).entry
    assert entry.created == 1_484_298_000_000
    assert entry.service_start == 1_496_224_800_000
    assert entry.service_stop == 1_496_354_399_000  # the end of 1 June in Denmark


def test_the_service_time_is_the_plans_or_the_appointments_where_the_header_has_none() -> None:
    period = Period(start=parse_moment("2020-01-01T00:00:00Z"), end=parse_moment("2020-01-02T00:00:00Z"))
    plan = described(plan=Plan(kind="pathway-plan", period=period)).entry
    appointment = described(appointments=(Appointment(period=period),)).entry
    assert plan.service_start == appointment.service_start == 1_577_836_800_000
    assert plan.service_stop == appointment.service_stop == 1_577_923_200_000


@pytest.mark.parametrize(
    ("system", "value", "unique_id"),
    [
        ("1.2.208.184", "aa-bb", "1.2.208.184^aa-bb"),
        ("urn:oid:1.2.208.184", "aa-bb", "1.2.208.184^aa-bb"),
        ("31D27E18-C69D-4AF6-AE46-0414695AE8FD", "", "31D27E18-C69D-4AF6-AE46-0414695AE8FD"),
        ("", "", ""),
    ],
)
def test_the_unique_id_is_the_documents_id(system: str, value: str, unique_id: str) -> None:
    assert described(document={"id": Identifier(system=system, value=value)}).entry.unique_id == unique_id


def test_what_the_sender_says_wins_except_who_the_patient_is() -> None:
    said = stating(unique_id="9.9", title="Sagt", facility_type=Code("22232009", SNOMED))
    result = described(said)
    assert (result.entry.unique_id, result.entry.title) == ("9.9", "Sagt")
    assert result.entry.facility_type == Code("22232009", SNOMED)
    assert result.patients == (NANCY,)


def test_missing_metadata_is_told_by_name() -> None:
    nothing = {"language": "", "confidentiality": None, "code": None, "authors": ()}
    result = described(Said("1.2.3", ""), {}, document=nothing)
    missing = {about for code, about in codes(result) if code == "sharing.metadata-missing"}
    assert missing == {
        "facility type",
        "practice setting",
        "format code",
        "type code",
        "confidentiality",
        "language",
        "author organisation",
    }


def test_a_code_outside_its_list_is_kept_and_told() -> None:
    said = stating(facility_type=Code("0", SNOMED))
    result = described(said, document={"code": Coding(system=LOINC, code="0-0")})
    assert codes(result) == [("sharing.code-not-listed", "type code"), ("sharing.code-not-listed", "facility type")]
    assert result.entry.facility_type == Code("0", SNOMED)


def test_series_replaced_documents_and_labels() -> None:
    result = described(
        document={
            "series": Identifier(system="1.2", value="s"),
            "version": 3,
            "replaces": (Identifier(system="1.2", value="old"),),
            "labels": (Coding(system=SKS, code="ALAL21", display="KOL"),),
            "episodes": (Identifier(system="1.2.208.176.7.1.10.83", value="e1"),),
        }
    )
    assert (result.entry.series, result.entry.series_version, result.replaces) == ("1.2^s", 3, ("1.2^old",))
    assert result.entry.event_codes == (Code("ALAL21", SKS, "KOL"),)
    assert result.entry.reference_ids == ("e1^^^&1.2.208.176.7.1.10.83&ISO^urn:ihe:iti:xds:2015:encounterId",)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"goals": (Goal(kind="professional"),)}, ("plans",)),
        ({"document": {"code": Coding(system=LOINC, code="39289-4")}}, ("appointments",)),
        ({"document": {"code": Coding(system="1.2.208.184.100.1", code="PDC")}}, ("card",)),
        ({"document": {"code": Coding(system=LOINC, code="53576-5")}}, ("measurements",)),
        ({"document": {"code": Coding(system="x", code="y")}, "card": (CardItem(field="organ-donor"),)}, ("card",)),
        ({"card": (CardItem(field="organ-donor"),)}, ("plans", "card")),
        ({"document": {"code": None}}, ("plans",)),
        ({"document": {"labels": (Coding(system=SKS, code="ALAL03"),)}}, ("plans", "psychiatry")),
        ({"plan": Plan(kind="other", labels=(Coding(system=SKS, code="ALAL03"),))}, ("plans", "psychiatry")),
    ],
)
def test_the_part_of_the_overview_follows_from_the_kind_and_the_label(parts: Any, expected: tuple[str, ...]) -> None:
    assert described(profile="", **parts).entry.parts == expected


def test_what_a_profile_says_of_its_documents_is_true_of_every_one() -> None:
    plan = described(profile="koordinerende-indsatsplan", goals=(Goal(kind="professional"),)).entry
    assert plan.parts == ("plans", "psychiatry")


def test_a_document_of_psychiatry_belongs_to_psychiatry_too() -> None:
    known = {(SOR, PRACTICE.value): OrganisationFacts(GP, PSYCHIATRY)}
    assert described(organisations=known).entry.parts == ("plans", "psychiatry")


def test_the_reason_of_a_general_practice_appointment_is_named_as_withheld() -> None:
    reason = Concept(text="samtale")
    assert described(appointments=(Appointment(sector="general-practice", reason=reason),)).entry.withheld == (
        "gp-appointment-reason",
    )
    assert described(appointments=(Appointment(sector="region", reason=reason),)).entry.withheld == ()
    unstated = described(appointments=(Appointment(sector="general-practice"),))
    assert unstated.entry.withheld == ("gp-appointment-reason",), "the reason can stand in its title or narrative"


@pytest.mark.parametrize(
    "patient",
    [
        Patient(addresses=(Address(lines=("ADRESSEBESKYTTET",)),)),
        Patient(addresses=(Address(use="ConfAddr", lines=("Vej 1",)),)),
        Patient(name=PersonName(text="Beskyttet navn")),
    ],
)
def test_a_protected_patient_is_named_as_withheld(patient: Patient) -> None:
    assert described(patient=patient).entry.withheld == ("protected-address",)


def test_an_unread_document_has_what_the_sender_said_and_its_own_findings() -> None:
    fault = Finding("sharing.no-document-id")
    result = describe(b"x", Unread((fault,)), stating(unique_id="9.9"), {})
    assert (result.entry.state, result.entry.unique_id, result.patients) == ("unreadable", "9.9", ())
    assert fault in result.entry.findings
    assert result.entry.parts == ()


def test_an_organisation_is_named_by_its_sor_code_where_it_has_one() -> None:
    ids = (Identifier(system="local", value="7"), Identifier(system="1.2.208.176.1.4", value="012345"))
    entry = described(document={"authors": (author(organisation=Organisation(ids=ids, name="Klinik")),)}).entry
    assert entry.authors[0].organisation is not None
    assert (entry.authors[0].organisation.system, entry.authors[0].organisation.value) == ("1.2.208.176.1.4", "012345")
    beside = author(organisation=Organisation(name="Klinik"), ids=(Identifier(system=SOR, value="55"),))
    entry = described(document={"authors": (beside,)}).entry
    assert entry.authors[0].organisation is not None
    assert (entry.authors[0].organisation.value, entry.authors[0].organisation.name) == ("55", "Klinik")


@pytest.mark.parametrize("code_list", sorted(LISTS))
def test_each_code_list_is_a_table_of_trimmed_facts_with_a_source(code_list: str) -> None:
    rows = LISTS[code_list]  # type: ignore[index]
    assert rows
    for (scheme, code), row in rows.items():
        assert code == code.strip() != ""
        assert scheme == scheme.strip() != ""
        assert row.part in ("", "plans", "appointments", "card", "measurements", "psychiatry")


def test_the_patient_info_is_written_as_the_danish_profile_writes_it() -> None:
    patient = Patient(
        ids=(Identifier(system=CPR, value="2512489996"),),
        name=PersonName(given=("Nancy", "Ann"), family=("Berggren",)),
        birth=parse_moment("1948-12-25"),
        gender="F",
    )
    entry = described(patient=patient).entry
    assert entry.source_patient == PatientId(CPR, "2512489996")
    assert entry.source_patient_info == ("PID-5|Berggren^Nancy^Ann^^^", "PID-7|19481225", "PID-8|F")


def test_another_author_is_not_believed_of_a_document_that_is_read() -> None:
    other = Author(OrganisationRef(SOR, "9", "En anden"), "Andersen")
    result = described(stating(authors=(other,)))
    assert [one.organisation.value for one in result.entry.authors] == [PRACTICE.value]
    unread = describe(b"x", Unread(()), stating(authors=(other,)), {})
    assert unread.entry.authors == (other,)


def test_a_stated_code_cannot_take_a_part_away() -> None:
    label = Coding(system="1.2.208.176.2.4", code="ALAL03")
    psychiatric = described(stating(event_codes=(Code("ALAL21", "1.2.208.176.2.4"),)), document={"labels": (label,)})
    assert "psychiatry" in psychiatric.entry.parts
    assert [one.code for one in psychiatric.entry.event_codes] == ["ALAL21"]
    assert "psychiatry" in described(stating(practice_setting=PSYCHIATRY)).entry.parts


def test_what_is_stated_of_the_bytes_must_be_true() -> None:
    data = b"bytes"
    right = Stated(sha1="5C35B0E66DD3B0A27F1D2E5A1F1A3A7F0C6A0AEE", size=4)
    assert [one.code for one in unequal(right, data)] == ["sharing.hash-differs", "sharing.size-differs"]
    true = sha1(data, usedforsecurity=False).hexdigest().upper()
    assert list(unequal(Stated(sha1=true, size=len(data)), data)) == []
