"""What the documents say as resources: read, versions, search, what comes along, everything, and the merged overview."""

import pytest

from patientoverblik.access import Block
from tests.doors.fhir.world import FHIR, Door, codes, door, number, resources
from tests.generative.doors.worlds import furnished, place, power, told

CPR = "urn:oid:1.2.208.176.1.2"


@pytest.fixture
def asked() -> Door:
    return door()


def search(asked: Door, kind: str, more: str = "") -> list[dict]:
    return resources(asked.get(f"{kind}?patient=Patient/{asked.patient}{more}"))


def references(value) -> set[str]:
    if isinstance(value, list):
        return {each for one in value for each in references(one)}
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own | {each for one in value.values() for each in references(one)}


def test_the_number_in_a_body_gives_the_id_that_an_address_may_carry(asked):
    match = {"resourceType": "Patient", "identifier": [{"system": CPR, "value": number()}]}
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": match}]}
    (found,) = asked.post("Patient/$match", parameters).json()["entry"]
    assert found["resource"]["id"] == asked.patient
    assert found["search"]["extension"][0]["valueCode"] == "certain"
    (searched,) = resources(asked.search("Patient", identifier=f"{CPR}|{number()}"))
    assert searched == found["resource"] == asked.get(f"Patient/{asked.patient}").json()
    assert {"system": CPR, "value": number()}.items() <= searched["identifier"][0].items()


def test_a_patient_is_found_by_an_exact_number_alone(asked):
    assert codes(asked.search("Patient", family="Berggren")) == ["rest.patient-needed"]
    assert asked.search("Patient", identifier=f"{CPR}|6101709999").json()["total"] == 0
    assert asked.search("Patient", identifier=f"{CPR}|{number()}", family="Andersen").json()["total"] == 0
    assert asked.search("Patient", identifier=f"{CPR}|{number()}", family="berg").json()["total"] == 1


def test_a_plan_comes_with_all_it_refers_to(asked):
    answer = asked.get(f"CarePlan?patient=Patient/{asked.patient}&_include=*&_include:iterate=*")
    plans, along = resources(answer), resources(answer, "include")
    named = {f"{one['resourceType']}/{one['id']}" for one in (*plans, *along)}
    assert plans
    goals = {one["reference"] for plan in plans for one in plan.get("goal", ())}
    acts = {one["reference"]["reference"] for plan in plans for one in plan.get("activity", ()) if "reference" in one}
    assert goals
    assert goals | acts <= named
    assert {"Goal", "Condition", "Patient"} <= {one["resourceType"] for one in along}


def test_every_resource_has_a_provenance_that_leads_to_its_document(asked):
    answer = asked.get(f"Goal?patient=Patient/{asked.patient}&_revinclude=Provenance:target")
    goals = {f"Goal/{one['id']}" for one in resources(answer)}
    traced = resources(answer, "include")
    assert goals <= {one["reference"] for each in traced for one in each["target"]}
    for each in traced:
        document = asked.get(each["entity"][0]["what"]["reference"])
        assert document.json()["resourceType"] == "DocumentReference"


def test_ids_are_opaque_and_stable_over_a_replace():
    before, after = door(steps="AB"), door(steps="ABC")
    first, second = ({one["id"]: one for one in search(each, "Goal")} for each in (before, after))
    kept = first.keys() & second.keys()
    replaced = [one for one in kept if first[one]["meta"]["versionId"] != second[one]["meta"]["versionId"]]
    assert replaced
    assert all(one.startswith(f"{after.patient}.") and len(one) <= 64 for one in second)
    old = after.get(f"Goal/{replaced[0]}/_history/{first[replaced[0]]['meta']['versionId']}")
    assert old.json() == first[replaced[0]]
    history = after.get(f"Goal/{replaced[0]}/_history").json()
    assert history["entry"][0]["resource"]["meta"]["versionId"] == second[replaced[0]]["meta"]["versionId"]
    assert history["total"] >= 2


def test_what_was_withdrawn_is_gone_and_its_version_is_not():
    asked = door()
    goal = search(asked, "Goal")[0]
    uuid = f"urn:uuid:{goal['meta']['versionId']}"

    def withdraw(held):
        import msgspec

        entry = held.entry(7, uuid)
        held.put_entry(msgspec.structs.replace(entry, status="deprecated", deprecated_at=asked.house.clock()))

    asked.house.storage.act(withdraw).result()
    answer = asked.get(f"Goal/{goal['id']}")
    assert (answer.status_code, codes(answer)) == (410, ["rest.gone"])
    assert asked.get(f"Goal/{goal['id']}/_history/{goal['meta']['versionId']}").status_code == 200
    assert goal["id"] not in {one["id"] for one in search(asked, "Goal")}


@pytest.mark.parametrize(
    ("path", "hits"),
    [
        ("CarePlan|&status=active", True),
        ("CarePlan|&status:not=active&status=active", False),
        ("CarePlan|&intent=plan", True),
        ("CarePlan|&date=ge2000", True),
        ("CarePlan|&date=eb2000", False),
        ("Goal|&lifecycle-status=active", True),
        ("Condition|&code:missing=false", True),
        ("Condition|&clinical-status=http://terminology.hl7.org/CodeSystem/condition-clinical|active", True),
        ("Appointment|&date=ge2026", True),
        ("Appointment|&date=lt1990", False),
        ("Appointment|&status=booked", True),
        ("Observation|&status=final", True),
        ("ServiceRequest|&status:missing=false", True),
        ("Practitioner|&family=testesen", False),
        ("Organization|&name=test", True),
        ("Organization|&name:exact=test", False),
        ("Organization|&name:contains=park", True),
        ("CarePlan|&goal:missing=false", True),
        ("Goal|&_lastUpdated=ge2020", True),
        ("Goal|&_lastUpdated=lt2020", False),
    ],
)
def test_parameters_find_what_fits(asked, path, hits):
    kind, _, more = path.partition("|")
    answer = asked.get(f"{kind}?patient=Patient/{asked.patient}{more}")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["total"] > 0) == hits


def test_a_reference_is_searched_by_type_id_or_chain(asked):
    plan = next(one for one in search(asked, "CarePlan") if one.get("goal"))
    goal = plan["goal"][0]["reference"]
    for value in (goal, goal.partition("/")[2], f"{FHIR}/{goal}"):
        assert plan["id"] in {one["id"] for one in search(asked, "CarePlan", f"&goal={value}")}
    assert plan["id"] in {
        one["id"] for one in search(asked, "CarePlan", "&goal.lifecycle-status=active,completed,planned")
    }
    assert not search(asked, "CarePlan", "&goal.lifecycle-status=entered-in-error")


def test_less_can_be_asked_for(asked):
    whole = search(asked, "Goal")[0]
    some = next(one for one in search(asked, "Goal", "&_elements=description") if one["id"] == whole["id"])
    assert some["description"] == whole["description"]
    assert "SUBSETTED" in str(some["meta"]["tag"])
    assert len(some) < len(whole)
    answer = asked.get(f"Goal?patient=Patient/{asked.patient}&_summary=count").json()
    assert (answer["total"], "entry" in answer) == (len(search(asked, "Goal")), False)
    one = asked.get(f"Goal?patient=Patient/{asked.patient}&_count=1&_sort=_id").json()
    assert (len(one["entry"]), one["total"]) == (1, answer["total"])


def test_sorting_is_by_what_is_asked_both_ways(asked):
    up = [one["id"] for one in search(asked, "Goal", "&_sort=_id")]
    down = [one["id"] for one in search(asked, "Goal", "&_sort=-_id")]
    assert up == sorted(up)
    assert down == up[::-1]


def test_everything_is_all_there_is_page_by_page(asked):
    whole = resources(asked.get(f"Patient/{asked.patient}/$everything"))
    assert whole[0]["resourceType"] == "Patient"
    address, paged = f"Patient/{asked.patient}/$everything?_count=7", []
    while address:
        answer = asked.get(address)
        paged += resources(answer)
        address = {one["relation"]: one["url"] for one in answer.json()["link"]}.get("next", "")
    assert paged == whole
    named = {f"{one['resourceType']}/{one['id']}" for one in whole}
    assert {each for one in whole for each in references(one) if not each.startswith("#")} <= named
    goals = resources(asked.get(f"Patient/{asked.patient}/$everything?_type=Goal"))
    assert {one["resourceType"] for one in goals} == {"Goal"}


@pytest.mark.parametrize("operation", ["overblik", "summary"])
def test_a_document_refers_to_nothing_outside(asked, operation):
    made = asked.get(f"Patient/{asked.patient}/${operation}").json()
    inside = [one["resource"] for one in made["entry"]]
    named = {f"{one['resourceType']}/{one['id']}" for one in inside}
    assert (made["type"], inside[0]["resourceType"]) == ("document", "Composition")
    assert {each for one in inside for each in references(one) if not each.startswith("#")} <= named
    assert len({one["fullUrl"] for one in made["entry"]}) == len(inside)
    assert all(one["text"]["div"].startswith("<div") for one in inside[0]["section"])


def test_the_overview_is_the_pages_own_with_where_each_line_comes_from(asked):
    made = asked.get(f"Patient/{asked.patient}/$overblik").json()
    sections = {one["title"]: one for one in made["entry"][0]["resource"]["section"]}
    traced = [one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == "Provenance"]
    shown = {each["reference"] for one in sections.values() for each in one.get("entry", ())}
    assert "Beholde synet" in str(sections["Det er vigtigt for mig"]["text"])
    assert shown
    assert shown <= {each["reference"] for one in traced for each in one["target"]}
    assert all(one["entity"] for one in traced)
    look = asked.house.storage.reader().looks(7)[-1]
    assert (look.act, made["identifier"]["value"]) == ("overview", look.id)


def test_the_summary_says_of_what_is_not_held_that_it_is_unavailable(asked):
    made = asked.get(f"Patient/{asked.patient}/$summary").json()
    sections = {one["code"]["coding"][0]["code"]: one for one in made["entry"][0]["resource"]["section"]}
    for code in ("10160-0", "48765-2"):
        assert sections[code]["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert "entry" not in sections[code]
    assert sections["11450-4"]["entry"]
    assert "nilknown" not in str(made)


def test_a_block_hides_everywhere():
    story = told("AB")
    block = (Block("b", origin=place("general-practice")),)
    plain, blocked = Door(furnished(story)), Door(furnished(story, blocks=block))
    entries = plain.house.storage.reader().entries(7)
    hidden = [one.uuid.rpartition(":")[2] for one in entries if place("general-practice") in one.origins]
    everything = [f"Patient/{plain.patient}/$everything", f"Patient/{plain.patient}/$overblik"]
    for path in (*everything, f"CarePlan?patient=Patient/{plain.patient}&_include=*&_revinclude=*"):
        assert any(one in plain.get(path).text for one in hidden)
        assert not any(one in blocked.get(path).text for one in hidden)


def test_the_notice_is_one_outcome(asked):
    blocked = door(blocks=(Block("b", origin=place("general-practice")),))
    (outcome,) = resources(blocked.get(f"Goal?patient=Patient/{blocked.patient}"), "outcome")
    assert [one["details"]["coding"][0]["code"] for one in outcome["issue"]] == ["rest.filtered"]
    assert not resources(asked.get(f"Goal?patient=Patient/{asked.patient}"), "outcome")


def test_scopes_hold_for_what_comes_along_too():
    house = furnished(told("AB"))
    narrow = Door(house, "doctor", "user/CarePlan.rs")
    answer = narrow.get(f"CarePlan?patient=Patient/{narrow.patient}&_include=*")
    assert resources(answer)
    assert not resources(answer, "include")
    refused = narrow.get(f"Goal?patient=Patient/{narrow.patient}")
    assert (refused.status_code, codes(refused)) == (403, ["identity.insufficient-scope"])
    assert "insufficient_scope" in refused.headers["www-authenticate"]


def test_a_scope_that_is_narrowed_holds_for_the_search_that_is_narrowed_so():
    house = furnished(told("AB"))
    narrow = Door(house, "doctor", "user/Goal.rs?lifecycle-status=active")
    assert narrow.get(f"Goal?patient=Patient/{narrow.patient}&lifecycle-status=active").status_code == 200
    assert narrow.get(f"Goal?patient=Patient/{narrow.patient}").status_code == 403


def test_a_token_about_one_patient_needs_no_name_and_opens_no_other():
    house = furnished(told("AB"), powers=(power("plans"),))
    own = Door(house, "citizen", "patient/*.rs", patient=7)
    assert own.get("Goal").json()["total"] == own.get(f"Goal?patient=Patient/{own.patient}").json()["total"] > 0
    other = Door(house, "citizen", "patient/*.rs", patient=8)
    assert other.get(f"Goal?patient=Patient/{own.patient}").status_code == 403
    goal = resources(own.get("Goal"))[0]
    assert other.get(f"Goal/{goal['id']}").status_code == 404


def test_who_looked_is_told_to_the_patient_and_an_officer_and_to_nobody_else():
    asked = door()
    asked.get(f"Goal?patient=Patient/{asked.patient}")
    own = Door(asked.house, "citizen", "patient/*.rs", patient=7)
    looks = resources(own.get("AuditEvent?_sort=-date"))
    assert looks[0]["entity"][0]["what"]["reference"] == f"Patient/{own.patient}"
    assert any(one["what"].get("type") == "DocumentReference" for one in looks[0]["entity"])
    assert own.get(f"AuditEvent/{looks[0]['id']}").json() == looks[0]
    officer = Door(asked.house, "officer")
    assert officer.get(f"AuditEvent?patient=Patient/{own.patient}").json()["total"] >= len(looks)
    assert officer.get(f"Goal?patient=Patient/{own.patient}").status_code == 403
    assert asked.get(f"AuditEvent?patient=Patient/{own.patient}").status_code == 403


def test_the_citizen_makes_a_consent_and_it_holds():
    asked = door()
    own = Door(asked.house, "citizen", "user/*.cruds")
    plans = len(search(asked, "CarePlan"))
    organisation = resources(own.get("Organization?name=Lægehuset"))[0]
    assert plans
    consent = {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": f"Patient/{own.patient}"},
        "policyRule": {"coding": [{"code": "OPTIN"}]},
        "provision": {
            "type": "deny",
            "data": [{"meaning": "authoredby", "reference": {"reference": f"Organization/{organisation['id']}"}}],
        },
    }
    answer = own.post("Consent", consent)
    assert answer.status_code == 201, answer.text
    (held,) = resources(own.get(f"Consent?patient=Patient/{own.patient}&status=active"))
    assert held == answer.json() == own.get(f"Consent/{held['id']}").json()
    assert held["provision"]["data"][0]["reference"]["identifier"]["value"] == organisation["identifier"][0]["value"]
    assert len(search(asked, "CarePlan")) < plans
    assert asked.get(f"Consent?patient=Patient/{own.patient}").status_code == 403
    unclear = {**consent, "provision": {**consent["provision"], "purpose": [{"code": "HMARKT"}]}}
    assert codes(own.post("Consent", unclear)) == ["consent.purpose"]


def test_organisations_are_the_same_for_everybody(asked):
    own = Door(asked.house, "citizen", "patient/*.rs", patient=7)
    first, second = (each.get("Organization?name=test&_count=500").json()["entry"] for each in (asked, own))
    assert first == second
    one = first[0]["resource"]
    value = one["identifier"][0]["value"]
    assert [each["id"] for each in resources(asked.get(f"Organization?identifier={value}"))] == [one["id"]]
    assert asked.get(f"Organization/{one['id']}").json() == one


OURS = "urn:dk:patientoverblik:fhir:valueset:"


@pytest.mark.parametrize(
    ("name", "url", "fits"),
    [
        ("category:in", f"{OURS}plan-kind.treatment-plan", True),
        ("category:in", f"{OURS}plan-kind.rehabilitation-plan", False),
        ("category:not-in", f"{OURS}plan-kind.treatment-plan", False),
        ("status:in", "http://hl7.org/fhir/ValueSet/request-status|4.0.1", True),
    ],
)
def test_a_value_set_is_searched_by(asked, name, url, fits):
    found = {one["id"] for one in resources(asked.get(f"CarePlan?patient=Patient/{asked.patient}&{name}={url}"))}
    every = resources(asked.get(f"CarePlan?patient=Patient/{asked.patient}"))
    codes_of = {one["id"]: one["category"][0]["coding"][0]["code"] for one in every}
    treatment = {one for one, code in codes_of.items() if code == "plan-kind.treatment-plan"}
    assert treatment
    assert (treatment <= found) == fits


def test_a_value_set_that_is_not_known_refuses_the_search(asked):
    answer = asked.get(f"CarePlan?patient=Patient/{asked.patient}&category:in=urn:x")
    assert (answer.status_code, codes(answer)) == (400, ["rest.value-set"])


def test_every_value_set_is_found_read_and_valid(asked):
    every = resources(asked.get("ValueSet?_count=1000"))
    assert len(every) > 30
    for one in every:
        judged = asked.post(
            "Bundle/$validate", {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one}]}
        )
        assert not [issue for issue in judged.json()["issue"] if issue["severity"] in ("error", "fatal")]
        assert asked.get(f"ValueSet/{one['id']}").json() == one
        assert resources(asked.get(f"ValueSet?url={one['url']}")) == [one]
