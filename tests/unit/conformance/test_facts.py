"""The facts as the mapping engine uses them."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.conformance.content import misfits
from patientoverblik.formats.cda.facts import FACTS, child, substitutes, tag

TYPES = sorted(name for name, one in FACTS.types.items() if not one.simple)


def test_every_type_named_in_the_tables_is_there() -> None:
    for one in FACTS.types.values():
        assert one.base in {"", *FACTS.types}
        assert {part.type for part in one.children.values()} - {""} <= set(FACTS.types)
        assert {
            attribute.simple_type for attribute in one.attributes.values() if attribute.simple_type[:3] != "xs:"
        } <= set(FACTS.simple)


@given(st.sampled_from(TYPES), st.data())
@settings(max_examples=200)
def test_children_written_in_their_order_are_never_out_of_order(name: str, data: st.DataObject) -> None:
    children = sorted(FACTS.types[name].children.values(), key=lambda one: one.order)
    chosen = [one.tag for one in children if one.required or data.draw(st.booleans())]
    assert "misplaced" not in {misfit.fault for misfit in misfits(name, chosen)}


def test_only_one_order_of_low_and_high_may_be_written() -> None:
    written = [pair for pair in permutations((tag("low"), tag("high"))) if not misfits("IVL_TS", pair)]
    orders = FACTS.types["IVL_TS"].children
    assert written == [tuple(sorted(written[0], key=lambda name: orders[name].order))]


def test_a_fixed_attribute_that_must_stand_is_no_default() -> None:
    assert "classCode" not in FACTS.types["sdtc:AsPatientRelationship"].defaults()
    assert FACTS.types["POCD_MT000040.Author"].defaults()["typeCode"] == "AUT"


def test_repetition_and_namespace() -> None:
    assert child("POCD_MT000040.PatientRole", tag("id")).repeats
    assert not child("POCD_MT000040.CustodianOrganization", tag("telecom")).repeats
    assert child("POCD_MT000040.Person", tag("sdtc:asPatientRelationship")).type == "sdtc:AsPatientRelationship"
    assert child("POCD_MT000040.Person", tag("patient")) is None


def test_any_value_may_be_of_any_concrete_type_and_a_code_only_of_codes() -> None:
    assert {"PQ", "IVL_PQ", "ST", "CD", "II", "TEL", "AD", "PN"} <= set(substitutes("ANY"))
    assert not {"ANY", "QTY", "BIN", "URL"} & set(substitutes("ANY"))
    assert "PQ" not in substitutes("CD")
