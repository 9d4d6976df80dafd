"""Every resource that the FHIR door emits in the whole test run is held against R4's structure, and against every profile
it claims whose definition is shared.

The plugin stands where answers leave the door; a test in which one is not well built fails, whatever else it asserts.
"""

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

DOOR = "patientoverblik.edges.fhir.door"
PARTIAL = "SUBSETTED"
LACKING = frozenset({"r4.element-missing", "r4.invariant", "fhirprofile.too-few", "fhirprofile.invariant"})
FAULTS: list[str] = []
COUNTED: dict[str, int] = {}


def judged(send: Any, answer: Any, *rest: Any) -> Any:
    """What is sent, once its faults are noted: code and place, never a value."""
    if answer.data and not answer.media:
        FAULTS.extend(faults(answer.data))
    return send(answer, *rest)


def faults(data: bytes) -> Iterator[str]:
    """What is wrong with an answer; what was asked for in part may lack what is required, or what an invariant wants."""
    from patientoverblik.conformance.fhir import claimed, structure
    from patientoverblik.formats.fhir import decode_json
    from tests.conformance.fhir.packages import HERE, shared_profiles

    resource = decode_json(data)
    COUNTED[resource["resourceType"]] = COUNTED.get(resource["resourceType"], 0) + 1
    for one in (*structure(resource), *(claimed(shared_profiles(), resource) if HERE else ())):
        if one.severity == "error" and not (one.code in LACKING and PARTIAL.encode() in data):
            yield f"{one.code} {one.place} {one.about}"


@pytest.fixture(scope="session", autouse=True)
def at_the_fhir_door() -> Iterator[None]:
    """Stand at the door for the whole run, where any test has opened it."""
    door: Any = sys.modules.get(DOOR)
    if door is None:
        yield
        return
    kept = door.sent
    door.sent = partial(judged, kept)
    yield
    door.sent = kept


@pytest.fixture(autouse=True)
def what_is_emitted_is_well_built() -> Iterator[None]:
    """Whatever a test does, what the FHIR door answered meanwhile is structured as R4 and the profiles it claims say."""
    FAULTS.clear()
    yield
    assert sorted({*FAULTS}) == []
