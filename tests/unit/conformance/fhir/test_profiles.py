"""Each demand that a profile can make, kept and broken."""

import io
import tarfile

import msgspec
import pytest

from patientoverblik.conformance.fhir import by_one, claimed, definitions, profiles
from tests.unit.conformance.fhir.defined import URL, codes, element, invariant, made, profile, value_set

LOINC = "http://loinc.org"


def judged(known, resource, name="one"):
    """The codes and words of what a profile finds."""
    told = [(one.code.partition(".")[2], one.about.partition(": ")[2]) for one in by_one(known, resource, URL + name)]
    return sorted(told)


def goal(**said):
    return {"resourceType": "Goal", **said}


def text(words):
    return {"text": words}


def observation(**said):
    return {"resourceType": "Observation", **said}


ELEMENTS = [
    (element("Goal.category", min=2), goal(category=[text("a"), text("b")]), goal(category=[text("a")]), "too-few"),
    (element("Goal.note", max="0"), goal(), goal(note=[text("a")]), "too-many"),
    (element("Goal.note", max="1"), goal(note=[text("a")]), goal(note=[text("a"), text("b")]), "too-many"),
    (
        element("Goal.lifecycleStatus", fixedCode="active"),
        goal(lifecycleStatus="active"),
        goal(lifecycleStatus="planned"),
        "other-value",
    ),
    (
        element("Goal.category", patternCodeableConcept={"coding": [{"code": "a"}]}),
        goal(category=[{"coding": [{"code": "b"}, {"code": "a", "display": "A"}]}]),
        goal(category=[{"coding": [{"code": "b"}]}]),
        "other-value",
    ),
    (
        element("Goal.statusReason", maxLength=3),
        goal(statusReason="abc"),
        goal(statusReason="abcd"),
        "too-long",
    ),
    (
        element("Observation.value[x]", type="Quantity"),
        observation(valueQuantity={"value": 1}),
        observation(valueString="x"),
        "wrong-type",
    ),
    (
        element("Goal", constraint=[invariant("k", "note.exists() implies statusReason.exists()")]),
        goal(note=[text("a")], statusReason="x"),
        goal(note=[text("a")]),
        "invariant",
    ),
    (
        element("Goal", constraint=[invariant("k", "note.empty()", "warning")]),
        goal(),
        goal(note=[text("a")]),
        "advice",
    ),
]


@pytest.mark.parametrize(
    ("demand", "kept", "broken", "code"), ELEMENTS, ids=[f"{one[0]['id']} {one[3]}" for one in ELEMENTS]
)
def test_a_demand_of_an_element(demand, kept, broken, code):
    known = made(profile("one", demand["id"].partition(".")[0], demand))
    if demand["id"] == "Goal":
        known = made({**profile("one", "Goal"), "snapshot": {"element": [demand]}})
    assert judged(known, kept) == []
    assert [found for found, _ in judged(known, broken)] == [code]


def test_what_is_within_an_element_is_demanded_only_where_it_stands():
    known = made(profile("one", "CarePlan", element("CarePlan.activity"), element("CarePlan.activity.detail", min=1)))
    assert judged(known, {"resourceType": "CarePlan"}) == []
    found = by_one(known, {"resourceType": "CarePlan", "activity": [{"detail": {}}, {"progress": []}]}, URL + "one")
    assert [(one.code, one.place) for one in found] == [("fhirprofile.too-few", "CarePlan.activity[1]")]


def test_what_stands_only_beside_a_primitive_is_there():
    known = made(profile("one", "Goal", element("Goal.statusReason", min=1)))
    beside = {"extension": [{"url": "http://x", "valueCode": "unknown"}]}
    assert judged(known, goal(_statusReason=beside)) == []
    assert judged(known, goal()) == [("too-few", "Goal.statusReason")]


BOUND = [
    (value_set("v", {"system": f"{URL}s", "concept": [{"code": "a"}]}), "a", "b", None),
    (value_set("v", {"system": f"{URL}s"}), "a", "x", None),
    (
        value_set("v", {"system": f"{URL}s", "filter": [{"property": "concept", "op": "is-a", "value": "c"}]}),
        "c",
        "a",
        "d",
    ),
    (
        value_set("v", {"system": f"{URL}s", "filter": [{"property": "concept", "op": "descendent-of", "value": "c"}]}),
        "d",
        "c",
        None,
    ),
    (
        value_set("v", {"system": f"{URL}s"}, exclude=({"system": f"{URL}s", "concept": [{"code": "b"}]},)),
        "a",
        "b",
        None,
    ),
    (
        value_set("v", {"valueSet": [f"{URL}w"], "system": f"{URL}s", "concept": [{"code": "a"}, {"code": "b"}]}),
        "a",
        "b",
        None,
    ),
]


@pytest.mark.parametrize(("bound", "within", "outside", "also"), BOUND)
def test_a_required_code_is_of_its_value_set(bound, within, outside, also):
    other = value_set("w", {"system": f"{URL}s", "concept": [{"code": "a"}]})
    binding = {"strength": "required", "valueSet": f"{URL}v|1.0"}
    known = made(
        profile("one", "Goal", element("Goal.category", binding=binding)),
        bound,
        other,
        codes("s", "a", "b", "c", "c/d"),
    )

    def of(code):
        return goal(category=[{"coding": [{"system": f"{URL}s", "code": code}]}])

    assert judged(known, of(within)) == []
    assert judged(known, of(outside)) == [("not-a-code", "Goal.category")]
    assert also is None or judged(known, of(also)) == []


def test_a_code_whose_system_is_not_here_in_full_may_be_of_the_value_set():
    bound = value_set("v", {"system": f"{URL}s", "filter": [{"property": "concept", "op": "is-a", "value": "a"}]})
    binding = {"strength": "required", "valueSet": f"{URL}v"}
    demand = profile("one", "Goal", element("Goal.category", binding=binding))
    strange = goal(category=[{"coding": [{"system": f"{URL}s", "code": "z"}]}])
    elsewhere = goal(category=[{"coding": [{"system": f"{URL}t", "code": "z"}]}])
    assert judged(made(demand, bound, codes("s", "a", content="fragment")), strange) == []
    assert judged(made(demand, bound), strange) == []
    assert judged(made(demand, bound), elsewhere) == [("not-a-code", "Goal.category")]
    assert judged(made(demand, bound, codes("s", "a")), strange) == [("not-a-code", "Goal.category")]


def sliced(kind, path, *inner, rules="open", slice_max="*", slice_min=0, **said):
    """A profile of observations whose components are sliced, the slice s by what ``inner`` says of it."""
    return profile(
        "one",
        "Observation",
        element("Observation.component", slicing={"discriminator": [{"type": kind, "path": path}], "rules": rules}),
        element("Observation.component:s", sliceName="s", min=slice_min, max=slice_max, **said),
        *inner,
    )


def component(code="a", **more):
    return {"code": {"coding": [{"system": LOINC, "code": code}]}, **more}


CODE = element("Observation.component:s.code", patternCodeableConcept={"coding": [{"code": "a"}]}, min=1)


def test_a_slice_is_known_by_a_pattern_and_counted():
    known = made(sliced("pattern", "code", CODE, slice_min=1, slice_max="1"))
    assert judged(known, observation(component=[component("a"), component("b")])) == []
    assert judged(known, observation(component=[component("b")])) == [("too-few", "Observation.component:s")]
    assert judged(known, observation(component=[component("a")] * 2)) == [("too-many", "Observation.component:s")]


def test_what_a_slice_demands_holds_for_what_is_of_it():
    known = made(sliced("value", "code", CODE, element("Observation.component:s.value[x]", min=1)))
    assert judged(known, observation(component=[component("a", valueString="x"), component("b")])) == []
    found = judged(known, observation(component=[component("a")]))
    assert found == [("too-few", "Observation.component:s.value[x]")]


def test_a_closed_list_holds_nothing_but_its_slices():
    known = made(sliced("value", "code", CODE, rules="closed"))
    assert judged(known, observation(component=[component("a")])) == []
    assert judged(known, observation(component=[component("b")])) == [("no-slice", "Observation.component")]


def test_a_slice_is_known_by_the_value_set_it_is_bound_to():
    binding = {"strength": "required", "valueSet": f"{URL}v"}
    bound = value_set("v", {"system": LOINC, "concept": [{"code": "a"}]})
    known = made(sliced("value", "code", element("Observation.component:s.code", binding=binding), slice_min=1), bound)
    assert judged(known, observation(component=[component("a")])) == []
    assert judged(known, observation(component=[component("b")])) == [("too-few", "Observation.component:s")]


def test_a_slice_is_known_by_whether_something_stands():
    known = made(
        sliced("exists", "interpretation", element("Observation.component:s.interpretation", min=1), slice_max="1")
    )
    told = component("a", interpretation=[text("x")])
    assert judged(known, observation(component=[told, component("b")])) == []
    assert judged(known, observation(component=[told, told])) == [("too-many", "Observation.component:s")]


def test_a_slice_of_a_choice_is_known_by_its_type():
    known = made(
        profile(
            "one",
            "Observation",
            element("Observation.value[x]", slicing={"discriminator": [{"type": "type", "path": "$this"}]}),
            element("Observation.value[x]:valueQuantity", type="Quantity", max="1", sliceName="valueQuantity"),
            element("Observation.value[x]:valueQuantity.unit", min=1),
        )
    )
    assert judged(known, observation(valueString="x")) == []
    assert judged(known, observation(valueQuantity={"value": 1})) == [
        ("too-few", "Observation.value[x]:valueQuantity.unit")
    ]


def test_a_slice_that_nothing_tells_is_noted_and_holds_nothing():
    known = made(sliced("value", "code", slice_min=1))
    assert judged(known, observation()) == []
    assert known.by_url[f"{URL}one"].unchecked == (("Observation.component:s", "its discriminator says nothing of it"),)


def test_an_invariant_that_is_not_understood_is_noted():
    known = made(profile("one", "Goal", element("Goal.note", constraint=[invariant("k", "descendants().exists()")])))
    assert [told for told, _ in known.by_url[f"{URL}one"].unchecked] == ["Goal.note"]


IDENTIFIER = profile(
    "number",
    "Identifier",
    element("Identifier.system", fixedUri="urn:n"),
    element("Identifier.value", constraint=[invariant("digits", "matches('^[0-9]+$')")]),
)


def test_a_value_conforms_to_the_profile_of_its_type():
    known = made(profile("one", "Goal", element("Goal.identifier", type="Identifier", profiles=["number"])), IDENTIFIER)
    assert judged(known, goal(identifier=[{"system": "urn:n", "value": "12"}])) == []
    assert judged(known, goal(identifier=[{"system": "urn:n", "value": "x"}])) == [("invariant", "digits")]


def test_a_slice_is_known_by_what_the_profile_of_its_type_fixes():
    known = made(
        profile(
            "one",
            "Goal",
            element("Goal.identifier", slicing={"discriminator": [{"type": "value", "path": "system"}]}),
            element("Goal.identifier:n", type="Identifier", profiles=["number"], min=1, sliceName="n"),
        ),
        IDENTIFIER,
    )
    assert judged(known, goal(identifier=[{"system": "urn:n", "value": "1"}, {"system": "urn:m"}])) == []
    assert judged(known, goal(identifier=[{"system": "urn:m"}])) == [("too-few", "Goal.identifier:n")]


PATIENT = profile("patient", "Patient", element("Patient.name", min=1))


def bundle(*entries):
    listed = [{"fullUrl": f"http://x/{one['resourceType']}/{one['id']}", "resource": one} for one in entries]
    return {"resourceType": "Bundle", "type": "collection", "entry": listed}


def claiming(name, **said):
    return {"meta": {"profile": [URL + name]}, **said}


def about(patient):
    return goal(id="g", subject={"reference": patient}, **claiming("one"))


def test_a_reference_leads_to_what_conforms():
    known = made(profile("one", "Goal", element("Goal.subject", type="Reference", targets=["patient"])), PATIENT)
    named = {"resourceType": "Patient", "id": "p", "name": [{"text": "x"}]}
    nameless = {"resourceType": "Patient", "id": "p"}
    assert not list(claimed(known, bundle(about("Patient/p"), named)))
    found = list(claimed(known, bundle(about("Patient/p"), nameless)))
    assert [(one.code, one.place) for one in found] == [
        ("fhirprofile.wrong-target", "Bundle.entry[0].resource.subject")
    ]
    assert not list(claimed(known, about("Patient/elsewhere")))


def test_a_reference_of_a_document_leads_within_it():
    demand = element("Goal.subject", type="Reference", targets=["Patient"], aggregation=["bundled"])
    known = made(profile("one", "Goal", demand))
    patient = {"resourceType": "Patient", "id": "p"}
    assert not list(claimed(known, bundle(about("Patient/p"), patient)))
    assert [one.code for one in claimed(known, about("Patient/p"))] == ["fhirprofile.not-in-document"]


def test_a_contained_resource_is_where_a_reference_leads():
    demand = element("Goal.subject", type="Reference", targets=["patient"], aggregation=["contained"])
    known = made(profile("one", "Goal", demand), PATIENT)
    within = {"contained": [{"resourceType": "Patient", "id": "p", "name": [{"text": "x"}]}]}
    assert not list(claimed(known, {**about("#p"), **within}))
    assert [
        one.code for one in claimed(known, {**about("#p"), "contained": [{"resourceType": "Patient", "id": "p"}]})
    ] == ["fhirprofile.wrong-target"]


def test_resources_that_refer_to_each_other_are_no_endless_question():
    known = made(
        profile("plan", "CarePlan", element("CarePlan.partOf", type="Reference", targets=["plan"], min=1)),
    )
    plans = [
        {"resourceType": "CarePlan", "id": one, "partOf": [{"reference": f"CarePlan/{other}"}], **claiming("plan")}
        for one, other in ("ab", "ba")
    ]
    assert not list(claimed(known, bundle(*plans)))


EXTENSION = profile(
    "ext",
    "Extension",
    element("Extension.url", fixedUri=f"{URL}ext"),
    element("Extension.value[x]", type="string", min=1),
    context=[{"type": "element", "expression": "Goal"}],
)


def test_an_extension_is_held_against_its_definition_wherever_it_stands():
    known = made(EXTENSION)
    fine = {"url": f"{URL}ext", "valueString": "x"}
    assert not list(claimed(known, goal(extension=[fine])))
    assert [one.code for one in claimed(known, goal(extension=[{"url": f"{URL}ext", "valueCode": "x"}]))] == [
        "fhirprofile.wrong-type"
    ]
    found = list(claimed(known, goal(note=[{"text": "x", "extension": [fine]}])))
    assert [(one.code, one.place) for one in found] == [("fhirprofile.wrong-place", "Goal.note[0].extension[0]")]


def test_a_profile_that_is_not_here_is_told_and_is_no_error():
    known = made(PATIENT)
    for canonical in (f"{URL}other", f"{URL}patient|2.0.0"):
        found = claimed(known, {"resourceType": "Patient", "meta": {"profile": [canonical]}})
        assert [one.code for one in found] == ["fhirprofile.not-at-hand"]
        assert found.valid
    assert not claimed(known, {"resourceType": "Patient", "meta": {"profile": [f"{URL}patient|1.0.0"]}}).valid


def test_a_finding_tells_no_value():
    known = made(profile("one", "Goal", element("Goal.statusReason", maxLength=3, fixedString="x")))
    found = by_one(known, goal(statusReason="2512489996"), f"{URL}one")
    assert len(found) == 2
    assert "2512489996" not in repr(found)


def test_a_package_is_read_without_its_examples():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as package:
        for name, one in (("package/a.json", PATIENT), ("package/example/b.json", EXTENSION), ("package/c.txt", {})):
            data = msgspec.json.encode(one)
            member = tarfile.TarInfo(name)
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
    assert set(profiles(definitions([packed.getvalue()])).by_url) == {f"{URL}patient"}


@pytest.mark.parametrize("data", [b"x", b"[]", b"\x1f\x8bx"])
def test_what_is_neither_json_nor_a_package_is_refused(data):
    with pytest.raises(ValueError, match="neither JSON nor a package"):
        definitions([data])
