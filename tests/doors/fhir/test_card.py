"""The master-data card as resources: what it tells, whom it tells of, and who is told."""

from tests.doors.fhir.world import Door, door, resources
from tests.generative.doors.worlds import furnished, power, told

PDC = "urn:oid:1.2.208.184.100.1"


def on_card(asked: Door) -> list[dict]:
    return resources(asked.get(f"Observation?patient=Patient/{asked.patient}&category={PDC}|PDC"))


def codes_of(found: list[dict]) -> set[str]:
    return {one["code"]["coding"][0]["code"] for one in found}


def test_each_fact_of_the_card_is_found_with_where_it_is_from():
    found = on_card(door("citizen"))
    assert {"CitizenNameAddr", "LanguageTypedIn", "OrganDonorRegistration", "CoverageGroup"} <= codes_of(found)
    origins = {one["code"]["coding"][0]["code"]: one["extension"][0]["valueCode"] for one in found}
    assert (origins["OrganDonorRegistration"], origins["LanguageTypedIn"]) == ("register", "typed-in")
    assert all(one["subject"]["reference"].startswith("Patient/") for one in found)


def test_an_answer_is_yes_no_or_neither_and_never_a_guess():
    answers = {one["code"]["coding"][0]["code"]: one for one in on_card(door("citizen"))}
    said = [answers[f"{name}Registration"] for name in ("OrganDonor", "LivingWill", "NoResuscitation")]
    for one in said:
        value = one.get("valueCodeableConcept", {}).get("coding", [{}])[0].get("code")
        absent = one.get("dataAbsentReason", {}).get("coding", [{}])[0].get("code")
        assert (value, absent) in (("Y", None), ("N", None), (None, "temp-unknown"))


def test_who_may_see_the_plans_alone_sees_nothing_of_the_card():
    house = furnished(told("AB"), powers=(power("plans"),))
    relative = Door(house, "relative")
    assert resources(relative.get(f"CarePlan?patient=Patient/{relative.patient}"))
    assert on_card(relative) == []
    with_card = Door(furnished(told("AB"), powers=(power("plans", "card"),)), "relative")
    assert on_card(with_card)


def test_the_summary_counts_no_fact_of_the_card_among_the_measurements():
    asked = door("citizen")
    made = asked.get(f"Patient/{asked.patient}/$summary").json()
    results = next(
        one for one in made["entry"][0]["resource"]["section"] if one["code"]["coding"][0]["code"] == "30954-2"
    )
    assert not {one["id"] for one in on_card(asked)} & {
        each["reference"].partition("/")[2] for each in results.get("entry", ())
    }
