"""What could hurt someone when FHIR is read: another's facts, a number without its sign, a plan that is none (FHIR R4)."""

import json

import pytest

from patientoverblik import formats
from patientoverblik.care import Bound, Quantity, Range, Unknown
from patientoverblik.formats import fhir

CPR = {"system": "urn:oid:1.2.208.176.1.2", "value": "2512489996"}
NANCY = {"resourceType": "Patient", "id": "1", "identifier": [CPR]}
ABOUT_HER = {"reference": "Patient/1"}
PLAN = {"resourceType": "CarePlan", "id": "p", "status": "active", "intent": "plan", "subject": ABOUT_HER}
OF_ANOTHER = {"reference": "Patient/2"}


def reading(*resources: dict, **more: object):
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources], **more}
    parsed = formats.parse(json.dumps(bundle).encode())
    assert isinstance(parsed, formats.FhirParsed)
    return formats.read(parsed)


def observed(value: dict) -> object:
    found = reading(NANCY, {"resourceType": "Observation", "status": "final", "subject": ABOUT_HER, **value})
    return found.care.measurements[0].amount


def codes(found) -> set[str]:
    return {one.code for one in found.findings}


def test_a_document_about_two_patients_is_not_read():
    other = {**NANCY, "id": "2", "identifier": [{**CPR, "value": "0101609995"}]}
    assert codes(reading(NANCY, other)) == {"fhir.several-patients"}


@pytest.mark.parametrize("kind", ["Goal", "Condition", "Observation", "ServiceRequest", "Encounter", "CarePlan"])
def test_an_item_about_somebody_else_makes_the_document_unreadable(kind):
    strange = {"resourceType": kind, "id": "x", "subject": OF_ANOTHER}
    assert codes(reading(NANCY, strange)) == {"fhir.several-patients"}


def test_items_about_two_absent_patients_are_not_read_together():
    goals = [{"resourceType": "Goal", "lifecycleStatus": "active", "subject": one} for one in (ABOUT_HER, OF_ANOTHER)]
    assert codes(reading(*goals)) == {"fhir.several-patients"}


def test_without_a_patient_the_document_says_so():
    found = reading({"resourceType": "Goal", "lifecycleStatus": "active"})
    assert "fhir.no-patient" in codes(found)


@pytest.mark.parametrize(
    "changed",
    [
        {"modifierExtension": [{"url": "urn:not", "valueBoolean": True}]},
        {"implicitRules": "urn:strange"},
        {"doNotPerform": True},
    ],
)
def test_what_a_modifier_turns_into_something_else_is_not_read(changed):
    request = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": ABOUT_HER}
    assert len(reading(NANCY, request).care.interventions) == 1
    found = reading(NANCY, {**request, **changed})
    assert found.care.interventions == ()
    assert "fhir.meaning-changed" in codes(found)


def test_a_modifier_deep_inside_counts_as_well():
    activity = {"detail": {"status": "scheduled", "code": {"text": "Blodprøve"}, "doNotPerform": True}}
    assert reading(NANCY, {**PLAN, "activity": [activity]}).care.plan is None


def test_a_number_with_a_comparator_is_never_the_number_alone():
    assert observed({"valueQuantity": {"value": 5, "comparator": "<", "unit": "mg"}}) == Range(
        high=Bound(value="5", inclusive=False), unit="mg"
    )
    assert observed({"valueQuantity": {"value": 5, "comparator": "?", "unit": "mg"}}) == Unknown(reason="not-readable")


def test_digits_are_the_senders_digits():
    data = b'{"resourceType":"Observation","status":"final","valueQuantity":{"value":7.10,"unit":"mmol/L"}}'
    for form in (data, fhir.encode_xml(fhir.decode_json(data))):
        found = formats.read(formats.parse(form))
        assert found.care.measurements[0].amount == Quantity(value="7.10", unit="mmol/L")


def test_a_unit_that_says_two_things_is_told():
    written = {"value": 5, "unit": "mg", "code": "g", "system": "http://unitsofmeasure.org"}
    found = reading(NANCY, {"resourceType": "Observation", "status": "final", "valueQuantity": written})
    assert [loss.reason for loss in found.losses] == ["differs"]


def test_a_range_of_two_units_is_not_read():
    ends = {"low": {"value": 1, "unit": "mg"}, "high": {"value": 2, "unit": "g"}}
    assert observed({"valueRange": ends}) == Unknown(reason="not-readable")


@pytest.mark.parametrize("status", ["proposed", "pending", "waitlist"])
def test_what_is_only_proposed_is_no_booked_appointment(status):
    wished = {"resourceType": "Appointment", "status": status, "participant": []}
    assert reading(NANCY, wished).care.appointments[0].status == Unknown(reason="not-readable")


@pytest.mark.parametrize("code", ["R", "V"])
def test_a_protected_address_stays_protected_both_ways(code):
    security = [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": code}]
    found = reading({**NANCY, "meta": {"security": security}, "address": [{"line": ["Vej 1"]}]})
    assert [one.use for one in found.care.patient.addresses] == ["CONF"]
    written = fhir.write_resources(found.care, fhir.Anchor("s", "p"))[0]
    assert written["meta"]["security"][0]["code"] == "R"
    assert [one.use for one in reading({**NANCY, "meta": {"security": security}}).care.patient.addresses] == ["CONF"]


def test_a_refuted_condition_and_an_error_are_told_apart():
    verification = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    for code in ("refuted", "entered-in-error"):
        status = {"coding": [{"system": verification, "code": code}]}
        condition = {"resourceType": "Condition", "verificationStatus": status, "subject": ABOUT_HER}
        assert reading(NANCY, condition).care.conditions[0].verification == code


def test_a_code_without_a_meaning_here_is_lost_and_never_a_default():
    goal = {"resourceType": "Goal", "lifecycleStatus": "strange", "description": {"text": "x"}, "subject": ABOUT_HER}
    found = reading(NANCY, goal)
    assert found.care.goals[0].lifecycle == Unknown(reason="not-readable")
    assert [loss.reason for loss in found.losses] == ["code-without-meaning"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "fhir.not-json"),
        (b"[]", "fhir.not-json"),
        (b"{}", "fhir.not-a-resource"),
        (b'{"resourceType":5}', "fhir.not-a-resource"),
        (b'{"resourceType":"Goal","a":' + b"[" * 200 + b"]" * 200 + b"}", "fhir.too-deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "fhir.not-json"),
        (b'<Unheard xmlns="http://hl7.org/fhir"/>', "fhir.not-a-resource"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Goal xmlns="http://hl7.org/fhir"/>', "cda.doctype"),
    ],
)
def test_what_is_no_safe_resource_is_refused_with_a_code(data, code):
    found = formats.parse(data)
    assert isinstance(found, formats.Unread)
    assert codes(found) == {code}


def test_a_resource_that_r4_does_not_have_is_kept_unread():
    assert codes(formats.read(formats.parse(b'{"resourceType":"Unheard"}'))) == {"fhir.no-profile"}


def test_xml_that_r4_does_not_know_is_told():
    goal = b'<Goal xmlns="http://hl7.org/fhir"><strange value="1"/><id value="a"/></Goal>'
    found = formats.read(formats.parse(goal))
    assert "fhir.xml-stranger" in codes(found)


def test_a_place_leads_to_the_profiles_line():
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": NANCY}, {"resource": PLAN}]}
    parsed = formats.parse(json.dumps(bundle).encode())
    place = formats.read(parsed).care.plan.place
    where, line = formats.explain(parsed, place)
    assert where == "Bundle.entry[1].resource"
    assert line.endswith("[Plan]")
    assert formats.explain(parsed, "Bundle.entry[7]") is None


@pytest.mark.parametrize(
    "code", ["intervention-kind.contact", "goal-kind.patient", "intervention-kind.unheard", "note"]
)
def test_a_code_of_ours_that_is_no_word_of_the_field_is_lost(code):
    own = {"coding": [{"system": "urn:oid:2.25.334887587976046754918443833723541651649.1", "code": code}]}
    request = {"resourceType": "ServiceRequest", "status": "active", "intent": "order", "subject": ABOUT_HER}
    found = reading(NANCY, {**request, "category": [own]})
    assert found.care.interventions[0].kind == "other"
    assert "code-without-meaning" in {loss.reason for loss in found.losses}


def test_a_number_too_large_for_r4_is_lost():
    version = {"url": "urn:dk:patientoverblik:fhir:version", "valueInteger": 10**30}
    found = reading(NANCY, {"resourceType": "Composition", "extension": [version], "subject": ABOUT_HER})
    assert found.care.document.version is None
    assert formats.encode_care(found.care)
