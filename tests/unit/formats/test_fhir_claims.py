"""A profile is claimed only where the resource conforms to it (dk-core 3.8.0)."""

import pytest

from patientoverblik.formats.fhir.claims import claim, profile_of

SOR, YDER, CPR = "urn:oid:1.2.208.176.1.1", "urn:oid:1.2.208.176.1.4", "urn:oid:1.2.208.176.1.2"
CORE = "http://hl7.dk/fhir/core/StructureDefinition/dk-core-"


def resource(type_: str, *identifiers: tuple[str, str], **more: object) -> dict:
    written = [{"system": system, "value": value} for system, value in identifiers]
    return {"resourceType": type_, "id": "a", "identifier": written, **more}


@pytest.mark.parametrize(
    ("identifiers", "claimed"),
    [
        ([(SOR, "325381000016008")], True),
        ([(SOR, "325381000016008"), (YDER, "091034")], True),
        ([(SOR, "123")], False),
        ([(YDER, "091034")], False),
        ([], False),
        ([(SOR, "325381000016008"), (SOR, "325381000016009")], False),
        ([(SOR, "325381000016008"), ("urn:oid:1.2.3", "x")], True),
    ],
)
def test_an_organisation_is_one_of_dk_core_by_its_sor_code(identifiers, claimed):
    assert profile_of(resource("Organization", *identifiers)) == (f"{CORE}organization" if claimed else None)


@pytest.mark.parametrize(("number", "claimed"), [("2512489996", True), ("8512489996", False), ("3102489996", False)])
def test_a_patient_is_one_of_dk_core_by_a_number_that_is_a_date(number, claimed):
    assert (profile_of(resource("Patient", (CPR, number))) is not None) is claimed


def test_a_patient_whose_practice_conforms_to_nothing_claims_nothing():
    practice = {**resource("Organization", (YDER, "091034")), "id": "b"}
    patient = resource("Patient", (CPR, "2512489996"), generalPractitioner=[{"reference": "Organization/b"}])
    assert all("meta" not in one for one in claim([patient, practice]).values())
    practice = {**resource("Organization", (SOR, "325381000016008")), "id": "b"}
    assert all("profile" in one["meta"] for one in claim([patient, practice]).values())
