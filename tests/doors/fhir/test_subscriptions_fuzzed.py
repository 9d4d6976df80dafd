"""A Subscription with anything in it is made or refused with words of ours, never broken by."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doors.fhir.hooks import NAME, subscribing, wish
from tests.doors.fhir.world import OPAQUE, Door
from tests.generative.doors.worlds import KEY

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
TEXTS = st.sampled_from(
    ["", "2512489996", "https://[", "https://x:99999999/", f"{NAME}/..", "off", "9" * 400, "a\r\nb: c"]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where everything in a resource stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for name, one in inner for each in places(one, (*path, name)))]


def changed(resource: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The resource with something else at a place."""
    made = copy.deepcopy(resource)
    around = made
    for step in path[:-1]:
        around = around[step]
    around[path[-1]] = value
    return made


WHOLE = wish(NAME, heartbeat=60, most=5, header="Authorization: x", end="2026-11-01T00:00:00Z")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(places(WHOLE)[1:]), ANYTHING | TEXTS)
def test_whatever_stands_in_it_the_answer_is_ours(path: tuple[Any, ...], value: Any) -> None:
    door = Door(subscribing(NAME))
    answer = door.post("Subscription", msgspec.json.encode(changed(WHOLE, path, value)))
    assert answer.status_code in (201, 400, 403, 422), (answer.status_code, answer.text)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40) | st.sampled_from([OPAQUE.thing(KEY, "x"), f"{OPAQUE.patient(KEY)}.", "."]), ANYTHING)
def test_whatever_is_asked_of_what_is_not_there_it_is_not_there(name: str, value: Any) -> None:
    door = Door(subscribing(NAME))
    body = {"resourceType": "Parameters", "parameter": [{"name": "eventsSinceNumber", "valueString": value}]}
    answer = door.ask("POST", httpx_path(name), json=body, headers={"content-type": "application/fhir+json"})
    assert answer.status_code in (400, 404, 405), (answer.status_code, answer.text)


def httpx_path(name: str) -> str:
    """The address of ``$events`` of something by any name."""
    escaped = "".join(f"%{each:02X}" for each in name.encode(errors="replace"))
    return f"Subscription/{escaped}/$events"
