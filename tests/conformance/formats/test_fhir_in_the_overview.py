"""KL's § 140 chain, § 119 and § 138 plans and home care stand in one overview beside the practice's and the hospital's
plans (issue "The FHIR R4 door", line 7). The documents come in by ``service.deliver`` as any other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.care import Coding, Concept
from patientoverblik.overview.equivalence import code_keys
from patientoverblik.overview.model import Line
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.look import look
from patientoverblik.service.model import Received, Shown
from patientoverblik.sharing.stated import Stated
from tests.conftest import SHARED
from tests.unit.service.make import CLINIC, CPR, DOCTOR, HOSPITAL, SOR, TREATS, a_document, a_house, learn, run

FHIR = SHARED / "data/fhir"
REHAB = FHIR / "kl-gateway-rehab/examples"
PREVENTION = FHIR / "kl-gateway-prevention/examples/Bundle-BrunoIndberetningsrapport.json"
HOME_CARE = FHIR / "kl-gateway/examples"
SOCIAL = FHIR / "kl-core/examples"
OF_SOCIAL = (
    "CarePlan-NySocialIndsats",
    "CarePlan-AndreasSocialeRelationer",
    "Condition-AndreasMaalgruppeUdviklingshamning",
    "Goal-AndreasIndsatsformaal2",
    "Goal-Andreasindsatsmaal",
)
"""A plan of social services (§ 138) with FFB codes, as KL publishes its parts."""
FSIII, FFB = "1.2.208.176.2.21", "1.2.208.176.2.22"
AMBIGUOUS = {"I12.2", "I12.4", "Problemer-med-vandladning", "Problemer-med-mave-og-tarm", "Spise-og-drikke-140tilstand"}
"""Old keys whose words stand twice at one place of KL's hierarchy: which UUID is meant cannot be told."""
pytestmark = pytest.mark.skipif(not FHIR.is_dir(), reason="shared samples are not here: data/fhir")


def test_municipal_plans_stand_beside_the_practice_and_the_hospital():
    house = a_house()
    learn(house, TREATS)
    hand_in(house, a_document("practice"), "text/xml", CLINIC)
    hand_in(house, a_document("hospital", HOSPITAL), "text/xml", HOSPITAL)
    chain = (REHAB / "Bundle-RuddiIndberetningsrapport.json").read_bytes().replace(b"1502779995", CPR.value.encode())
    hand_in(house, chain, "application/fhir+json", OrganisationRef(SOR, "451000016003"))
    hand_in(house, about_nancy(PREVENTION), "application/fhir+json", OrganisationRef(SOR, "451000016003"))
    lines = seen(house)
    assert {one.kind for one in lines} >= {"plan", "condition", "goal", "intervention", "contact"}
    words = {one.value.words for one in spoken(lines)}
    assert {"Mål practice", "Mål hospital"} <= words
    kinds = sorted(one.value.kind for one in spoken(lines) if type(one.value).__name__ == "Plan")
    assert kinds == ["municipal-plan", "pathway-plan", "pathway-plan", "rehabilitation-plan"]


def test_the_whole_chain_is_there_from_the_referral_to_the_contacts():
    house = a_house()
    learn(house, TREATS)
    chain = (REHAB / "Bundle-RuddiIndberetningsrapport.json").read_bytes().replace(b"1502779995", CPR.value.encode())
    hand_in(house, chain, "application/fhir+json", OrganisationRef(SOR, "451000016003"))
    codes = {code for one in spoken(seen(house)) for code in coded(one.value)}
    assert ("1.2.208.176.2.4.12", "DS721") in codes
    assert (FSIII, "2abe20c7-c0b4-41c1-b397-52acf36499ef") in codes
    assert (FSIII, "1130ad70-6553-490d-87f8-5e8941687a0c") in codes
    referral = next(one.value for one in spoken(seen(house)) if getattr(one.value, "kind", "") == "referral")
    carried = [one.value for one in spoken(seen(house)) if referral.ids[0] in getattr(one.value, "realises", ())]
    assert carried


def test_an_old_key_and_a_uuid_of_fsiii_are_one_code():
    old = Concept(codings=(Coding(system=FSIII, code="B1"),))
    new = Concept(codings=(Coding(system=FSIII, code="9c5cfb57_a498_40e5_98a7_792bf5fb205b"),))
    assert code_keys(old) == code_keys(new)


def test_every_old_key_of_fsiii_is_one_code_with_its_uuid():
    """By KL's own code system: what has the same words at the same place in it is one concept."""
    words = dict(concepts(json.loads((FHIR / "kl-term/conformance/CodeSystem-FSIII.json").read_bytes())["concept"]))
    keys = {one: code_keys(Concept(codings=(Coding(system=FSIII, code=one),)))[0][1] for one in words}
    old = {one for one in words if len(one) != 36}
    assert {one for one in old if keys[one] == one} == AMBIGUOUS
    assert {one for one in old - AMBIGUOUS if words[one] != words[keys[one]]} == set()
    assert all(keys[one] == one for one in words if one not in old)


def test_a_social_plan_with_ffb_codes_lands_in_the_overview():
    house = a_house()
    learn(house, TREATS)
    hand_in(house, a_document("practice"), "text/xml", CLINIC)
    hand_in(house, social_plan(), "application/fhir+json", OrganisationRef(SOR, "451000016003"))
    lines = seen(house)
    codes = {code for one in spoken(lines) for code in coded(one.value)}
    assert {system for system, _ in codes} >= {FFB}
    words = " ".join(getattr(one.value, "words", "") for one in spoken(lines))
    assert "holder orden på sit eget værelse" in words
    assert "Mål practice" in words


def test_home_care_lands_in_the_overview():
    house = a_house()
    learn(house, TREATS)
    path = next(one for one in sorted(HOME_CARE.glob("Bundle-*.json")) if b'"CarePlan"' in one.read_bytes())
    hand_in(house, about_nancy(path), "application/fhir+json", OrganisationRef(SOR, "123456789012345"))
    lines = seen(house)
    assert {one.kind for one in lines} >= {"condition", "intervention"}
    assert any(system == FSIII for one in spoken(lines) for system, _ in coded(one.value))


def social_plan() -> bytes:
    """The parts of the plan in a Bundle with the official test person as the citizen."""
    parts = [json.loads((SOCIAL / f"{name}.json").read_bytes()) for name in OF_SOCIAL]
    number = {"system": "urn:oid:1.2.208.176.1.2", "value": CPR.value}
    citizen = {"resourceType": "Patient", "id": "Andreas", "identifier": [number]}
    entries = [
        {"fullUrl": f"http://kl/{one['resourceType']}/{one['id']}", "resource": one} for one in (citizen, *parts)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def concepts(listed) -> Iterator[tuple[str, str]]:
    """Every code of a code system with its words, hyphens as they are meant."""
    for one in listed:
        yield one["code"].replace("_", "-"), one["display"].strip().lower()
        yield from concepts(one.get("concept", ()))


def hand_in(house, data: bytes, mime: str, place: OrganisationRef) -> None:
    actor = Actor("system", "ehr", organisation=place)
    received = run(deliver(house, actor, Delivery((Handed(data, Stated(mime_type=mime)),))))
    assert isinstance(received, Received), received


def about_nancy(path: Path) -> bytes:
    """An example with its citizen's number changed to that of the official test person."""
    resource = json.loads(path.read_bytes())
    for entry in resource["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"]["identifier"] = [{"system": "urn:oid:1.2.208.176.1.2", "value": CPR.value}]
    return json.dumps(resource).encode()


def seen(house) -> tuple[Line, ...]:
    shown = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    assert isinstance(shown, Shown), shown
    return tuple(shown.overview.lines.values())


def spoken(lines) -> Iterator:
    return (wording for line in lines for wording in line.wordings)


def coded(value) -> set[tuple[str, str]]:
    code = getattr(value, "code", None)
    return {(one.system, one.code) for one in code.codings} if isinstance(code, Concept) else set()
