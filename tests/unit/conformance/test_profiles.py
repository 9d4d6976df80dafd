"""Hand-made cases for the profiles that no usable oracle judges, and for the rules that we hold of our own."""

import pytest
from lxml import etree

from patientoverblik.conformance import check, recognise
from patientoverblik.conformance.ruleset import PROFILES
from tests.unit.conformance.documents import document, told

PATIENT = '<recordTarget><patientRole><id root="1.2.208.176.1.2" extension="{}"/></patientRole></recordTarget>'
CPD, APD, PDC = (f'<templateId root="1.2.208.184.{part}"/>' for part in ("15.1", "14.1", "16.1"))


def event(use: str, inner: str) -> str:
    template = f'<templateId root="1.2.208.184.10.1.{use}"/>'
    return f"<documentationOf><serviceEvent>{template}{inner}</serviceEvent></documentationOf>"


def version(marker: str, root: str = "1.2.208.184") -> str:
    return event("10", f'<id root="{root}" extension="{marker}"/>')


def body(inner: str) -> str:
    return f"<component><structuredBody><component>{inner}</component></structuredBody></component>"


@pytest.mark.parametrize(
    ("inner", "profile"),
    [
        (CPD, "cpd-1.0.1"),
        (CPD + version("cpd-v2.0.0"), "cpd-2.0.0"),
        (CPD + version("cpd-v2.00"), "cpd-2.0.0"),
        (APD, "apd-1"),
        (APD + version("apd-v2.0.1"), "apd-2.0.1"),
        ('<templateId root="1.2.208.184.14.1" extension="2019-09-10"/>', "apd-2.0.1"),
        (PDC, "pdc-2.0-draft"),
        (PDC + version("pdc-v2.0"), "pdc-2.0"),
        (PDC + version("pdc-v3.0"), "pdc-3.0"),
        ('<templateId root="1.2.208.184.11.1"/>', "phmr"),
        ('<templateId root="2.16.840.1.113883.10.20.22.1.15"/>', ""),
    ],
)
def test_a_document_is_known_by_its_templates(inner: str, profile: str) -> None:
    assert recognise(document(inner)) == profile


def test_an_unknown_kind_is_told_and_its_structure_still_checked() -> None:
    codes = {finding.code for finding in check(document("<title>x</title>"))}
    assert {"profile.unknown", "structure.missing-element"} <= codes


@pytest.mark.parametrize("profile", list(PROFILES))
def test_every_profile_wants_one_patient_with_a_possible_number(profile: str) -> None:
    assert told("", profile, "header.no-cpr")
    assert told(PATIENT.format("4512489996"), profile, "header.bad-cpr")
    assert told(PATIENT.format("25124899961"), profile, "header.bad-cpr")
    assert told(PATIENT.format("2512489996") * 2, profile, "header.several-patients")
    for good in ("2512489996", "8512489996"):
        assert not told(PATIENT.format(good), profile, "header.bad-cpr")


def test_the_second_version_of_the_care_plan_owes_its_marker_and_its_interval() -> None:
    assert told(CPD, "cpd-2.0.0", "profile.missing", "cpd-v2.0.0")
    assert told(CPD, "cpd-2.0.0", "profile.missing-advised", "documentationOf 1.2.208.184.10.1.11")
    whole = CPD + version("cpd-v2.0.0") + event("11", "<effectiveTime><low/></effectiveTime>")
    assert not told(whole, "cpd-2.0.0", "profile.missing", "cpd-v2.0.0")
    assert not told(whole, "cpd-2.0.0", "profile.missing-advised", "documentationOf 1.2.208.184.10.1.11")


def test_entries_straight_under_a_section_are_for_the_second_version_only() -> None:
    section = '<section><templateId root="1.2.208.184.15.1.10.20.2"/><entry><observation/></entry></section>'
    assert told(CPD + body(section), "cpd-1.0.1", "profile.not-allowed", "entry")
    assert not told(CPD + body(section), "cpd-2.0.0", "profile.not-allowed", "entry")


def test_the_quirks_of_the_second_version_are_told_as_warnings() -> None:
    quirks = (
        '<section><templateId root="1.208.184.15.1.10.20.3.2"/><entry><encounter classCode="OBS">'
        '<code code="T90" codeSystem="1.2.208.176.99.99.99"/></encounter></entry></section>'
    )
    assert told(CPD + body(quirks), "cpd-2.0.0", "profile.unusual-value", "templateId 1.2.208.184")
    assert told(CPD + body(quirks), "cpd-2.0.0", "profile.not-advised", "encounter/@classCode ENC")
    assert told(CPD + body(quirks), "cpd-2.0.0", "profile.not-advised", "ICPC-2-DK 1.2.208.176.2.31")


def appointment(low: str, high: str) -> str:
    def time(start: str, end: str) -> str:
        return f'<effectiveTime><low value="{start}"/><high value="{end}"/></effectiveTime>'

    encounter = f'<section><entry><encounter moodCode="APT">{time(low, high)}</encounter></entry></section>'
    return APD + event("11", time("20261201100000+0100", "20261201103000+0100")) + body(encounter)


def test_an_appointment_says_one_time_in_both_its_places() -> None:
    same = appointment("20261201100000+0100", "20261201103000+0100")
    assert not told(same, "apd-2.0.1", "profile.contradiction-advised")
    other = appointment("20261201110000+0100", "20261201103000+0100")
    assert told(other, "apd-2.0.1", "profile.contradiction-advised", "effectiveTime/low")
    assert not told(other, "apd-2.0.1", "profile.contradiction-advised", "effectiveTime/high")


def test_an_appointment_is_titled_with_the_number_of_its_own_patient() -> None:
    patient = APD + PATIENT.format("2512489996")
    assert not told(patient + "<title>Aftale for 2512489996</title>", "apd-2.0.1", "profile.contradiction-advised")
    assert told(patient + "<title>Aftale for 8512489996</title>", "apd-2.0.1", "profile.contradiction-advised", "title")
    assert told(APD + "<title>Aftale</title>", "apd-2.0.1", "profile.wrong-value", 'title "Aftale for <CPR>"')


def card(code: str, value: str) -> str:
    template = '<templateId root="1.2.208.184.16.1.10.20.1"/>'
    entry = f'<entry><observation><code code="{code}"/>{value}</observation></entry>'
    return PDC + version("pdc-v3.0") + body(f"<section>{template}{entry}</section>")


@pytest.mark.parametrize(
    ("code", "extension", "expected"),
    [
        ("OrganDonorRegistration", "true", False),
        ("OrganDonorRegistration", "ja", True),
        ("OrganDonorRegistration", "NAV", True),
        ("NoResuscitationRegistration", "NAV", False),
        ("NoResuscitationRegistration", "nej", True),
        ("CoverageGroup", "2", False),
        ("CoverageGroup", "3", True),
    ],
)
def test_a_registration_on_the_card_has_one_of_its_few_values(code: str, extension: str, expected: bool) -> None:
    value = f'<value root="1.2.208.176.1.11" extension="{extension}"/>'
    assert bool(told(card(code, value), "pdc-3.0", "profile.unusual-value")) >= expected
    values = told(card(code, value), "pdc-3.0", "profile.unusual-value")
    assert any("true" in one.about or one.about == "1, 2" for one in values) == expected


def test_the_third_version_of_the_card_has_each_registration_once() -> None:
    assert told(card("CoverageGroup", ""), "pdc-3.0", "profile.missing-advised", "NoResuscitationRegistration")
    assert not told(card("CoverageGroup", ""), "pdc-3.0", "profile.missing-advised", "CoverageGroup")
    assert told(card("CoverageGroup", ""), "pdc-3.0", "profile.missing-advised", "value")


def test_people_who_do_not_belong_on_a_card_are_told_of() -> None:
    assert told(PDC + "<informant/>", "pdc-3.0", "profile.not-advised", "informant")


def test_a_measurement_without_value_or_code_is_told_of() -> None:
    inner = "<section><entry><organizer><component><observation><code nullFlavor='NI'/></observation></component></organizer></entry></section>"
    phmr = '<templateId root="1.2.208.184.11.1"/>' + body(inner)
    assert told(phmr, "phmr", "profile.missing-advised", "value")
    assert told(phmr, "phmr", "profile.missing-advised", "code")


def test_a_check_changes_nothing_in_the_document() -> None:
    root = document(CPD + body("<section/>"))
    before = etree.tostring(root)
    check(root)
    assert etree.tostring(root) == before


def test_findings_stand_in_order_and_the_worst_is_known() -> None:
    findings = check(document(CPD))
    lines = [(one.line, one.place) for one in findings]
    assert lines == sorted(lines)
    assert findings.worst == "error"
    assert not findings.valid
    assert len(findings) == len(set(findings))
