"""What is written: ids that tell nothing and stay, each thing once, both shapes of a plan, R4's own order."""

import re

import msgspec
import pytest

from patientoverblik import formats
from patientoverblik.care import (
    Coding,
    Concept,
    Condition,
    Contact,
    Contribution,
    Intervention,
    Organisation,
    Participation,
    Party,
    Period,
    PersonName,
    Unknown,
    parse_moment,
)
from patientoverblik.conformance.fhir import structure
from patientoverblik.formats import fhir
from patientoverblik.formats.fhir import r4
from tests.unit.service.make import a_document

ANCHOR = fhir.Anchor("1.2.208.184^series", "nancy")


@pytest.fixture(scope="module")
def care() -> Contribution:
    return formats.read(formats.parse(a_document("one"))).care


def by_type(resources) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for one in resources:
        found.setdefault(one["resourceType"], []).append(one)
    return found


def references(node) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [one for inner in node.values() for one in references(inner)]
    return [one for inner in node for one in references(inner)] if isinstance(node, list) else []


@pytest.mark.parametrize("shape", ["service-request", "care-plan"])
def test_every_reference_leads_to_a_resource_that_is_written(care, shape):
    resources = fhir.write_resources(care, ANCHOR, shape)
    names = {f"{one['resourceType']}/{one['id']}" for one in resources}
    assert len(names) == len(resources)
    assert {one for resource in resources for one in references(resource)} <= names


def test_the_two_shapes_of_a_plan_hold_the_same_intervention(care):
    request = by_type(fhir.write_resources(care, ANCHOR))
    child = by_type(fhir.write_resources(care, ANCHOR, "care-plan"))
    plan = request["CarePlan"][0]
    asked = request["ServiceRequest"][0]
    assert plan["activity"] == [{"reference": {"reference": f"ServiceRequest/{asked['id']}"}}]
    container, inner = child["CarePlan"] if "basedOn" in child["CarePlan"][1] else child["CarePlan"][::-1]
    assert inner["basedOn"] == [{"reference": f"CarePlan/{container['id']}"}]
    assert inner["activity"][0]["detail"]["code"]["text"] == asked["code"]["text"]
    assert "ServiceRequest" not in child


@pytest.mark.parametrize("said", [{}, {"start_by": parse_moment("2026-12-01")}], ids=["no more", "start by"])
def test_an_intervention_of_next_to_nothing_is_still_one_of_the_plan_and_no_plan_beside_it(care, said):
    bare = Intervention(kind="treatment", section="Aftaler", **said)
    document = fhir.encode_json(fhir.write_document(msgspec.structs.replace(care, interventions=(bare,)), "care-plan"))
    (back,) = formats.read(formats.parse(document)).care.interventions
    assert msgspec.structs.replace(back, place="") == bare


@pytest.mark.parametrize("encode", [fhir.encode_json, fhir.encode_xml], ids=["json", "xml"])
@pytest.mark.parametrize("system", ["MedComs koder", " 1.2.208\t", "2.16.840 ", "a%20b c", "http://x.example/a\u00a0b"])
def test_a_system_with_blanks_is_written_as_a_uri_and_read_as_it_was(care, system, encode):
    code = Concept(codings=(Coding(system=system, code="X"),))
    (first, *rest) = care.interventions
    said = msgspec.structs.replace(care, interventions=(msgspec.structs.replace(first, code=code), *rest))
    written = fhir.write_document(said)
    assert all(re.fullmatch(r"\S*", one) for one in systems(written))
    reading = formats.read(formats.parse(encode(written)))
    assert reading.losses == ()
    assert code in [one.code for one in reading.care.interventions]


def systems(node) -> list[str]:
    if isinstance(node, dict):
        own = [node["system"]] if isinstance(node.get("system"), str) else []
        return own + [one for inner in node.values() for one in systems(inner)]
    return [one for inner in node for one in systems(inner)] if isinstance(node, list) else []


def test_ids_are_opaque_safe_and_the_same_again(care):
    resources = fhir.write_resources(care, ANCHOR)
    for one in resources[1:]:
        assert re.fullmatch(r"[a-z2-7]{26}", one["id"])
    assert resources[0]["id"] == "nancy"
    assert fhir.write_resources(care, ANCHOR) == resources


def test_an_item_keeps_its_id_when_its_document_is_replaced(care):
    newer = formats.read(formats.parse(a_document("one", made="2026-10-02T10:00:00+02:00"))).care
    goals = [by_type(fhir.write_resources(one, ANCHOR))["Goal"][0]["id"] for one in (care, newer)]
    assert goals[0] == goals[1]


def test_two_series_share_no_id(care):
    one, other = (
        {resource["id"] for resource in fhir.write_resources(care, fhir.Anchor(name, name))} for name in ("a", "b")
    )
    assert not one & other


def test_every_place_leads_to_its_resource(care):
    found = fhir.places(care, ANCHOR)
    names = {f"{one['resourceType']}/{one['id']}" for one in fhir.write_resources(care, ANCHOR)}
    assert set(found.values()) <= names
    assert care.goals[0].place in found


def test_properties_stand_in_the_order_of_r4(care):
    for one in fhir.write_resources(care, ANCHOR):
        known = r4.children((one["resourceType"], ""))
        order = [known[key.removeprefix("_")].order for key in one if key != "resourceType"]
        assert order == sorted(order), one["resourceType"]


def test_nothing_empty_is_written(care):
    def empties(node, at=""):
        if node in (None, "", [], {}):
            yield at
        elif isinstance(node, dict):
            for key, inner in node.items():
                yield from empties(inner, f"{at}.{key}")
        elif isinstance(node, list):
            for inner in node:
                yield from empties(inner, at)

    assert list(empties(fhir.write_document(care))) == []


def test_a_document_begins_with_its_composition(care):
    document = fhir.write_document(care, base="https://somewhere.invalid/")
    assert document["type"] == "document"
    assert document["entry"][0]["resource"]["resourceType"] == "Composition"
    assert all(one["fullUrl"].startswith("https://somewhere.invalid/") for one in document["entry"])


@pytest.mark.parametrize(
    "who",
    [
        Party(kind="system", name=PersonName(text="Vægt"), code=Coding(system="x", code="vægt")),
        Party(kind="organisation", organisation=Organisation(name="Plejehjemmet")),
        Party(kind="patient", name=PersonName(text="Nancy")),
    ],
    ids=["a device", "an organisation", "the patient"],
)
def test_an_actor_that_may_not_stand_there_stands_there_in_a_role(care, who):
    recorded = Condition(code=Unknown(), words="Fald", documented_by=(Participation(role="documenter", party=who),))
    met = Contact(words="Besøg", performers=(Participation(role="performer", party=who),))
    said = msgspec.structs.replace(care, conditions=(recorded,), contacts=(met,))
    written = fhir.write_document(said)
    assert [one for one in structure(written) if one.severity == "error"] == []
    back = formats.read(formats.parse(fhir.encode_json(written))).care
    assert back.conditions[0].documented_by == recorded.documented_by
    assert back.contacts[0].performers == met.performers


@pytest.mark.parametrize("status", ["active", Unknown(), "resolved"])
@pytest.mark.parametrize("verification", ["confirmed", "entered-in-error"])
def test_what_is_said_of_a_condition_that_r4_forbids_stands_beside_it(care, status, verification):
    since = Period(start=parse_moment("2026-02-01"), end=parse_moment("2026-01-01"))
    ill = Condition(code=Unknown(), words="Fald", clinical_status=status, verification=verification, onset=since)
    plan = msgspec.structs.replace(care.plan, period=since) if care.plan else None
    written = fhir.write_document(msgspec.structs.replace(care, conditions=(ill,), plan=plan))
    assert [one for one in structure(written) if one.severity == "error"] == []
    back = formats.read(formats.parse(fhir.encode_json(written))).care
    said = back.conditions[0]
    assert (said.clinical_status, said.verification, said.onset) == (status, verification, since)
    assert getattr(back.plan, "period", None) == getattr(plan, "period", None)
