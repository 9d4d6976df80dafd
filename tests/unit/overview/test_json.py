"""The overview as JSON is read back by its type, and says of each line's value what it is."""

from typing import get_args

import msgspec
import pytest

from patientoverblik.care import (
    CardItem,
    Contact,
    Measurement,
    Organisation,
    Passage,
    Quantity,
    Relative,
    Unknown,
    parse_moment,
)
from patientoverblik.overview import LineValue, Overview
from tests.unit.overview.make import act, charge, condition, goal, held, look, org, period, plan, visit
from tests.unit.overview.test_who import person

VALUES: dict[str, LineValue] = {
    "plan": plan("P", participants=(person("Bo", "lead"),), responsibilities=(charge("GP"),)),
    "condition": condition("H", "DJ449"),
    "goal": goal("G", due=parse_moment("2026-07-01")),
    "intervention": act("I", responsible=org("GP"), performers=(person("Bo", "performer"),)),
    "measurement": Measurement(place="M", code=Unknown(), amount=Quantity(value="5"), time=parse_moment("2026-04")),
    "contact": Contact(place="K", period=period("2026-05-01")),
    "appointment": visit("A", "2026-07-01T10:00:00Z"),
    "card": CardItem(place="C", field="language"),
    "relative": Relative(place="R", note="ring"),
    "passage": Passage(place="T", words="frit"),
}
LISTS = {"measurement": "measurements", "contact": "contacts", "card": "card", "relative": "relatives"} | {
    "passage": "passages"
}


def read_back(seen: Overview) -> Overview:
    return msgspec.json.decode(msgspec.json.encode(seen), type=Overview)


def test_every_kind_of_value_is_tried() -> None:
    assert {type(value) for value in VALUES.values()} == set(get_args(LineValue))


@pytest.mark.parametrize("kind", VALUES)
def test_a_line_says_what_it_is_and_is_read_back_as_that(kind: str) -> None:
    value = VALUES[kind]
    document = (
        held(1, "GP", **{LISTS[kind]: (value,)}) if kind in LISTS else held(1, "GP", value)  # type: ignore[arg-type]
    )
    seen = look(document)
    (line,) = msgspec.json.decode(msgspec.json.encode(seen))["lines"].values()
    assert line["wordings"][0]["value"]["is"] == kind
    assert read_back(seen) == seen
    (same,) = read_back(seen).lines.values()
    assert type(same.value) is type(value)


def test_all_of_an_overview_is_read_back() -> None:
    lines = [each for kind, each in VALUES.items() if kind not in LISTS]
    rest = {LISTS[kind]: (each,) for kind, each in VALUES.items() if kind in LISTS}
    seen = look(held(1, "GP", *lines, **rest))
    assert len(seen.lines) == len(VALUES)
    assert seen.who
    assert seen.timeline
    assert seen.measurements
    assert read_back(seen) == seen
    assert isinstance(read_back(seen).who[0].organisation, Organisation)
