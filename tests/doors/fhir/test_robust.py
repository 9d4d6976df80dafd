"""What is malformed, mutated, too large or broken is answered by a code, and nothing of what was sent is repeated."""

import json
import logging
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.edges.fhir.interactions import rows
from tests.conftest import SHARED
from tests.doors.fhir.world import Door, codes, door, number
from tests.generative.doors.worlds import furnished, told

SECRET = "Hemmeligtmaerke"
EXAMPLES = sorted(SHARED.glob("data/fhir/*/examples/*.json")) if SHARED.is_dir() else []
POSTED = tuple(row for row in rows() if row.method == "POST" and row.code != "search-type")


@pytest.fixture(scope="module")
def sender() -> Door:
    return Door(furnished(()), "clinic")


@pytest.fixture(scope="module")
def asked() -> Door:
    return door()


def sent_everywhere(asked: Door, resource: dict) -> None:
    """A resource posted to every address that takes one of its type: never a fault of ours, never a word of it."""
    for row in POSTED:
        if row.type not in ("", resource.get("resourceType")) and resource.get("resourceType") != "Parameters":
            continue
        answer = asked.post(row.path.replace("{id}", asked.patient), resource)
        assert answer.status_code < 500, (row.path, answer.text)
        if answer.status_code >= 400:
            assert codes(answer)
            assert SECRET not in answer.text


@pytest.mark.skipif(not EXAMPLES, reason="the shared FHIR examples are not here")
def test_every_foreign_example_is_taken_or_refused_with_a_reason(sender):
    for path in EXAMPLES:
        sent_everywhere(sender, json.loads(path.read_text()))


def mutated(resource: object, lot: random.Random) -> object:
    """A resource with one thing in it made strange."""
    strange = [None, [], {}, "", SECRET, 7, -1.5, True, [SECRET], {"x": SECRET}, [[]], [None], {"reference": SECRET}]
    if isinstance(resource, dict) and resource:
        name = lot.choice(list(resource))
        if lot.random() < 0.25:
            return {**resource, lot.choice([name, SECRET, "extension", "_status"]): lot.choice(strange)}
        if lot.random() < 0.15:
            return {key: value for key, value in resource.items() if key != name}
        return {**resource, name: mutated(resource[name], lot)}
    if isinstance(resource, list) and resource and lot.random() < 0.8:
        place = lot.randrange(len(resource))
        return [*resource[:place], mutated(resource[place], lot), *resource[place + 1 :]]
    return lot.choice(strange)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_mutated_bundle_or_resource_is_no_fault_of_ours(lot):
    from tests.doors.fhir.test_providing import bundle, document, simple
    from tests.doors.fhir.test_writing import KINDS

    asking = door()
    made = bundle(document())
    for _ in range(lot.randint(1, 3)):
        made = mutated(made, lot)
    goal = {"resourceType": "Goal", **KINDS["Goal"], "subject": {"reference": f"Patient/{asking.patient}"}}
    for resource in (made, mutated(simple(b"<x/>"), lot), mutated(goal, lot)):
        if isinstance(resource, dict):
            for who in ("clinic", "doctor"):
                sent_everywhere(Door(asking.house, who), resource)


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
NAMES = st.sampled_from(
    ["patient", "_id", "identifier", "_include", "_revinclude", "_sort", "_count", "_elements", "_page", "date", "status", "goal",
     "goal.status", "author.given", "type", "_lastUpdated", "_summary", "_format", "x"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(NAMES, st.sampled_from(["", ":not", ":missing", ":exact", ":x"]), WORDS), max_size=5))
def test_any_search_is_answered(asked, parameters):
    form = [(f"{name}{modifier}", value) for name, modifier, value in parameters]
    for kind in ("CarePlan", "DocumentReference", "AuditEvent", "Patient", "Organization", "List"):
        answer = asked.ask("GET", kind, params=[*form, ("patient", f"Patient/{asked.patient}")])
        assert answer.status_code < 500, answer.text
        posted = asked.ask("POST", f"{kind}/_search", data=dict(form))
        assert posted.status_code < 500, posted.text


def test_a_value_or_a_name_that_is_sent_is_repeated_nowhere(asked, caplog):
    with caplog.at_level(logging.DEBUG, logger="patientoverblik"):
        for path in (
            f"Goal?patient=Patient/{asked.patient}&status={SECRET}&start-date={SECRET}",
            f"Goal?patient=Patient/{SECRET}",
            f"Goal/{SECRET}",
            f"{SECRET}/x",
            f"Goal?patient=Patient/{asked.patient}&_sort={SECRET}",
        ):
            answer = asked.get(path)
            assert answer.status_code >= 400
            assert SECRET not in answer.text
        for body in (SECRET.encode(), f'{{"resourceType":"{SECRET}"}}'.encode()):
            assert SECRET not in asked.post("Goal", body).text
    assert SECRET not in caplog.text


def test_a_number_in_a_name_is_not_told_back(asked):
    answer = asked.ask("POST", "Goal/_search", data={number(): "x", "patient": f"Patient/{asked.patient}"})
    assert number() not in answer.text


class Breaking:
    """A storage that breaks with a patient's words."""

    def __init__(self, storage, after: int) -> None:
        self._storage, self.left = storage, after

    def __getattr__(self, name):
        self.left -= 1
        if self.left < 0:
            raise ValueError(f"{SECRET} {number()}")
        return getattr(self._storage, name)


@pytest.mark.parametrize("after", range(4))
def test_a_storage_that_breaks_is_told_by_a_code_and_nothing_else(asked, after, caplog):
    house = msgspec.structs.replace(asked.house, storage=Breaking(asked.house.storage, 1 << 60))
    broken = Door(house)
    with caplog.at_level(logging.DEBUG, logger="patientoverblik"):
        for path in (
            "metadata",
            f"Goal?patient=Patient/{asked.patient}",
            f"Patient/{asked.patient}/$overblik",
            "Binary/x",
        ):
            house.storage.left = after
            answer = broken.get(path)
            assert SECRET not in answer.text
            assert number() not in answer.text or answer.status_code == 200
            if answer.status_code == 500:
                assert codes(answer) == ["portal.broken"]
    assert SECRET not in caplog.text


def test_a_body_that_is_too_large_is_given_up():
    from starlette.applications import Starlette

    from patientoverblik.edges.fhir.door import FhirSettings, routes
    from patientoverblik.edges.identity.tokens import Tokens
    from tests.doors.fhir.world import OPAQUE, issuer
    from tests.doors.portal.browser import Browser

    house = furnished(told("A"))
    small = FhirSettings(Tokens((issuer(),)), OPAQUE, most=1000)
    asked = Door(house, "clinic")
    asked.browser = Browser(Starlette(routes=routes(house, small)))
    assert codes(asked.post("", {"resourceType": "Bundle", "type": "transaction", "x": "y" * 2000})) == [
        "rest.too-large"
    ]
