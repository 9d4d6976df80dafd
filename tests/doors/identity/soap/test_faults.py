"""What a refusal is on the wire: SOAP, WS-Security and DGWS, for every code."""

import csv
from importlib.resources import files

import pytest
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap import fault_element
from patientoverblik.edges.identity.soap.faults import FAULTS, named
from patientoverblik.edges.identity.soap.names import MEDCOM, SOAP_11, SOAP_12
from patientoverblik.problems import CATALOGUE, Finding

MINE = ("identity.soap-", "identity.dgws-", "identity.hsuid-")
DGWS = {
    "syntax_error",
    "missing_required_header",
    "security_level_failed",
    "invalid_username_password",
    "invalid_signature",
    "invalid_idcard",
    "invalid_certificate",
    "expired_idcard",
    "not_authorized",
    "illegal_http_method",
    "nonrepudiation_not_supported",
    "processing_problem",
}
WSS = {
    "",
    "UnsupportedSecurityToken",
    "UnsupportedAlgorithm",
    "InvalidSecurity",
    "InvalidSecurityToken",
    "FailedAuthentication",
    "FailedCheck",
    "SecurityTokenUnavailable",
    "MessageExpired",
}


def test_every_code_of_this_room_has_its_names_on_the_wire() -> None:
    assert {code for code in CATALOGUE if code.startswith(MINE)} == set(FAULTS)


def test_the_names_are_the_standards() -> None:
    assert {row.dgws for row in FAULTS.values()} <= DGWS
    assert {row.wss for row in FAULTS.values()} <= WSS


def test_the_tables_name_every_row_once_with_its_source() -> None:
    folder = files("patientoverblik.edges.identity.soap")
    for table, key in (
        ("facts", "name"),
        ("hsuid", "name"),
        ("purposes", "code"),
        ("algorithms", "algorithm"),
        ("faults", "code"),
    ):
        rows = list(csv.DictReader(folder.joinpath(f"{table}.csv").read_text(encoding="utf-8").splitlines()))
        names = [row[key] for row in rows]
        assert len(names) == len(set(names)) > 0
        assert names == [name.strip() for name in names]
        assert all(row.get("source", "-") for row in rows)


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_fault_in_both_versions_of_soap(code) -> None:
    for soap in (SOAP_11, SOAP_12):
        made = etree.fromstring(etree.tostring(fault_element(Unidentified(code), soap)))
        assert made.tag == f"{{{soap}}}Fault"
        assert made.findtext(f".//{{{MEDCOM}}}FaultCode") == named(code).dgws
        assert CATALOGUE[code].en.replace("{about}", "") in "".join(made.itertext())
        prefixes = [text for text in made.itertext() if ":" in text and " " not in text.strip()]
        assert all(text.partition(":")[0] in made.nsmap for text in prefixes)


def test_an_expired_card_is_what_the_standard_calls_it() -> None:
    made = fault_element(Unidentified("identity.soap-expired"), SOAP_11)
    assert made.findtext("faultcode") == "wsse:InvalidSecurityToken"
    assert made.findtext(f"detail/{{{MEDCOM}}}FaultCode") == "expired_idcard"


def test_all_faults_of_a_header_stand_in_the_detail() -> None:
    findings = (
        Finding("identity.hsuid-missing", about="nsi:SystemName"),
        Finding("identity.hsuid-twice", about="nsi:UserType"),
    )
    made = fault_element(Unidentified(findings[0].code, findings), SOAP_12)
    assert [one.get("code") for one in made.iter("problem")] == [one.code for one in findings]
    assert "nsi:SystemName" in "".join(made.itertext())


def test_a_code_from_elsewhere_is_a_fault_too() -> None:
    made = fault_element(Unidentified("identity.bad-token"), SOAP_12)
    assert made.findtext(f".//{{{MEDCOM}}}FaultCode") == "processing_problem"
