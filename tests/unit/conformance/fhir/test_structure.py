"""R4's structure: each fault is told, all at once, at its place, and nothing of the resource is repeated."""

from decimal import Decimal

import pytest

from patientoverblik.conformance.fhir import structure
from patientoverblik.conformance.fhir.forms import PATTERNS, fits
from patientoverblik.conformance.fhir.tables import codes, concepts, invariants, keys_of, targets
from patientoverblik.formats.fhir.r4 import children, elements

SECRET = "Hemmeligt"
PLAN = {
    "resourceType": "CarePlan",
    "status": "active",
    "intent": "plan",
    "subject": {"reference": "Patient/1"},
    "activity": [{"detail": {"status": "scheduled", "kind": "Task"}}],
}
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def faults(resource: object) -> set[tuple[str, str, str]]:
    return {(one.code, one.place, one.about) for one in structure(resource)}


def plan(**more: object) -> dict:
    return {name: value for name, value in {**PLAN, **more}.items() if value is not None}


def test_a_good_resource_has_no_fault():
    assert faults(PLAN) == set()
    assert faults(plan(status=None, _status={"extension": [{"url": "urn:x", "valueCode": "unknown"}]})) == set()
    assert faults(plan(instantiatesUri=["a", None], _instantiatesUri=[None, {"id": "x"}])) == set()


BROKEN = {
    "an element that R4 has not": ({SECRET: 1}, ("r4.unknown-element", "CarePlan", "")),
    "beside what is no primitive": ({"_subject": {"id": "x"}}, ("r4.unknown-element", "CarePlan", "")),
    "what is required": ({"subject": None}, ("r4.element-missing", "CarePlan", "subject")),
    "one for several": ({"goal": {"reference": "Goal/1"}}, ("r4.misshapen", "CarePlan.goal", "")),
    "several for one": ({"subject": [{"reference": "Patient/1"}]}, ("r4.misshapen", "CarePlan.subject", "")),
    "an empty list": ({"goal": []}, ("r4.misshapen", "CarePlan.goal", "")),
    "an empty object": ({"period": {}}, ("r4.misshapen", "CarePlan.period", "")),
    "a text for an object": ({"period": SECRET}, ("r4.misshapen", "CarePlan.period", "")),
    "a number for a text": ({"title": 7}, ("r4.misshapen", "CarePlan.title", "string")),
    "an empty text": ({"title": ""}, ("r4.bad-value", "CarePlan.title", "string")),
    "a code that is none": ({"status": SECRET}, ("r4.not-a-code", "CarePlan.status", "request-status")),
    "a day there never was": ({"created": "2023-02-29"}, ("r4.bad-value", "CarePlan.created", "dateTime")),
    "a time without a zone": ({"created": "2023-01-01T10:00:00"}, ("r4.bad-value", "CarePlan.created", "dateTime")),
    "an id too long": ({"id": "x" * 65}, ("r4.bad-value", "CarePlan.id", "id")),
    "another target": ({"goal": [{"reference": "Patient/1"}]}, ("r4.wrong-target", "CarePlan.goal[0].reference", "Goal")),
    "an end before its beginning": (
        {"period": {"start": "2024-02", "end": "2024-01-31"}},
        ("r4.invariant", "CarePlan.period", "per-1"),
    ),
    "detail and reference": (
        {"activity": [{"detail": {"status": "scheduled"}, "reference": {"reference": "Task/1"}}]},
        ("r4.invariant", "CarePlan.activity[0]", "cpl-3"),
    ),
    "two forms of a choice": (
        {"activity": [{"detail": {"status": "scheduled", "scheduledString": "x", "scheduledPeriod": {"start": "2024"}}}]},
        ("r4.choice-twice", "CarePlan.activity[0].detail", "scheduled[x]"),
    ),
    "an extension that says nothing": ({"extension": [{"url": "urn:x"}]}, ("r4.invariant", "CarePlan.extension[0]", "ext-1")),
    "a script": (
        {"text": {"status": "generated", "div": DIV.format("<script>x</script>")}},
        ("r4.bad-value", "CarePlan.text.div", "xhtml"),
    ),
    "an event in a narrative": (
        {"text": {"status": "generated", "div": DIV.format('<p onclick="x">y</p>')}},
        ("r4.bad-value", "CarePlan.text.div", "xhtml"),
    ),
    "a part where there is none": ({"author": {"reference": "#x"}}, ("r4.invariant", "CarePlan", "ref-1")),
    "a part of another type": (
        {"goal": [{"reference": "#x"}], "contained": [{"resourceType": "Device", "id": "x"}]},
        ("r4.wrong-target", "CarePlan.goal[0].reference", "Goal"),
    ),
    "a part that is not there": (
        {"author": {"reference": "#x"}, "contained": [{"resourceType": "Device", "id": "y"}]},
        ("r4.invariant", "CarePlan", "ref-1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "wanted"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_told_at_its_place(change, wanted):
    assert wanted in faults(plan(**change))
    assert all(SECRET not in "".join(one) for one in faults(plan(**change)))


def test_all_faults_are_told_at_once():
    found = faults(plan(status=SECRET, goal={}, created="x", subject=None))
    assert {code for code, _, _ in found} == {"r4.not-a-code", "r4.misshapen", "r4.bad-value", "r4.element-missing"}


def test_every_resource_of_a_bundle_is_held_against_its_own_type():
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": PLAN}, {"resource": plan(title=1)}],
    }
    assert faults(bundle) == {("r4.misshapen", "Bundle.entry[1].resource.title", "string")}
    contained = plan(contained=[{"resourceType": "Goal", "id": "g"}], goal=[{"reference": "#g"}])
    assert {(code, place) for code, place, _ in faults(contained)} == {("r4.element-missing", "CarePlan.contained[0]")}


def test_a_resource_within_of_a_type_that_is_not_known_is_told_and_no_error():
    found = structure(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Claim"}}]}
    )
    assert [one.code for one in found] == ["r4.not-checked"]
    assert found.valid


@pytest.mark.parametrize(
    "strange", [None, 7, "x", [], {}, {"resourceType": 7}, {"resourceType": "Claim"}, {"resourceType": []}]
)
def test_what_is_no_resource_is_told(strange):
    assert {code for code, _, _ in faults(strange)} == {"r4.unknown-resource"}


def test_more_faults_than_help_anybody_end_in_one():
    found = structure(plan(goal=[7] * 5000))
    assert len(found) == 201
    assert "r4.too-many-faults" in {one.code for one in found}


@pytest.mark.parametrize(
    ("primitive", "value", "fitting"),
    [
        ("date", "2024-02-29", True),
        ("date", "2023-02-29", False),
        ("date", "1900-02-29", False),
        ("date", "2000-02-29", True),
        ("date", "2024-04-31", False),
        ("instant", "2024-01-01T10:00:00Z", True),
        ("instant", "2024-01-01", False),
        ("dateTime", "2024-01", True),
        ("integer", 1 << 31, False),
        ("positiveInt", 0, False),
        ("integer", Decimal("1.0"), False),
        ("decimal", Decimal("1.0"), True),
        ("boolean", "true", False),
        ("oid", "urn:oid:1.2.3", True),
        ("oid", "1.2.3", False),
        ("uri", "a b", False),
        ("xhtml", DIV.format("<p>x</p>"), True),
        ("xhtml", "<div>x</div>", False),
        ("xhtml", DIV.format("<p>"), False),
    ],
)
def test_forms_of_primitives(primitive, value, fitting):
    assert fits(primitive, value) is fitting


def test_tables_name_only_what_r4_has():
    known = {(one.type, one.path) for one in elements()}
    assert set(targets()) <= known
    open_lists = {"mimetypes", "currencies"}
    assert {one.binding for one in elements()} - codes().keys() - concepts().keys() - {""} == open_lists
    for home, rules in invariants().items():
        named = {child.name for child in children(home).values()}
        assert named
        for rule in rules:
            assert rule.kind == "holds" or {*rule.names} <= named, (home, rule)
            assert rule.kind == "holds" or all(keys_of(home, name) for name in rule.names)
    assert {child.type for one in elements() for child in children((one.type, "")).values() if child.primitive} <= {
        *PATTERNS, "boolean", "decimal", "integer", "positiveInt", "unsignedInt"
    }  # fmt: skip


def test_a_contained_resource_with_an_id_that_is_none_is_told_and_no_stumble():
    resource = {
        "resourceType": "Basic",
        "code": {"text": "x"},
        "contained": [{"resourceType": "Basic", "id": {"x": 1}}],
    }
    assert {one.code for one in structure(resource)} >= {"r4.misshapen", "r4.invariant"}
