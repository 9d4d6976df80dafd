"""Each way in which children can fail to fit, told by its own name and at the right child."""

import pytest

from patientoverblik.conformance.content import misfits
from patientoverblik.formats.cda.facts import tag

SECTION, AUTHOR, TABLE, TIME = (
    "POCD_MT000040.Section",
    "POCD_MT000040.AssignedAuthor",
    "StrucDoc.Table",
    "IVL_TS",
)


def faults(type_name: str, *names: str) -> list[tuple[str, int, tuple[str, ...]]]:
    found = misfits(type_name, [name if name.startswith("{") else tag(name) for name in names])
    return [(one.fault, one.position, tuple(name.rpartition("}")[2] for name in one.names)) for one in found]


def test_children_in_order_fit() -> None:
    assert faults(SECTION, "templateId", "code", "title", "text", "entry", "entry", "component") == []


def test_one_out_of_order_is_told_and_not_those_it_passed() -> None:
    assert faults(SECTION, "title", "text", "code", "entry") == [("misplaced", 2, ())]


def test_too_many_are_told_from_the_second_on() -> None:
    assert faults(SECTION, "title", "title", "title") == [("repeated", 1, ()), ("repeated", 2, ())]


def test_a_name_that_never_belongs_is_told_with_the_rest_still_judged() -> None:
    assert faults(SECTION, "text", "patient", "entry") == [("unexpected", 1, ())]
    found = faults(SECTION, "text", "patient", "title", "entry")
    assert [fault for fault, _, _ in found] == ["unexpected", "misplaced"]


def test_alternatives_exclude_each_other() -> None:
    found = faults(AUTHOR, "id", "assignedPerson", "assignedAuthoringDevice")
    assert found == [("exclusive", 2, ("assignedPerson",))]


def test_what_is_missing_is_named() -> None:
    assert faults(AUTHOR) == [("missing", -1, ("id",))]
    assert faults(TABLE) == [("missing", -1, ("tbody",))]


@pytest.mark.parametrize(
    "parts", [("low",), ("low", "high"), ("low", "width"), ("width", "high"), ("high",), ("center", "width"), ()]
)
def test_every_form_of_an_interval_fits(parts: tuple[str, ...]) -> None:
    assert faults(TIME, *parts) == []


@pytest.mark.parametrize("parts", [("high", "low"), ("center", "low"), ("low", "width", "high")])
def test_no_other_form_does(parts: tuple[str, ...]) -> None:
    assert faults(TIME, *parts)


def test_foreign_content_is_taken_only_where_the_norm_opens_for_it() -> None:
    assert faults("ED", "{urn:x}picture") == []
    assert faults(SECTION, "{urn:x}picture") == [("unexpected", 0, ())]
