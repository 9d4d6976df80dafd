"""Patient identifiers by their form alone; no rule that turns a real person away (nsp.md §13)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patientoverblik.care import Identifier
from patientoverblik.care.systems import CPR, D_ECPR, X_ECPR
from patientoverblik.sharing import identify, identify_any
from patientoverblik.sharing.model import PatientId


@pytest.mark.parametrize(
    ("system", "value", "canonical"),
    [
        (CPR, "2512489996", "2512489996"),
        (CPR, " 251248-9996 ", "2512489996"),
        (f"urn:oid:{CPR}", "2512489996", "2512489996"),
        (CPR, "6112489996", "6112489996"),
        (CPR, "0101010000", "0101010000"),
        (CPR, "2902044000", "2902044000"),
        (CPR, "8902044000", "8902044000"),
        (X_ECPR, "0703921VJ4", "0703921VJ4"),
        (X_ECPR, "0703921vj4", "0703921VJ4"),
        (f"{D_ECPR}.12", "0703920XX1", "0703920XX1"),
    ],
)
def test_a_patient_identifier_in_its_one_form(system: str, value: str, canonical: str) -> None:
    assert identify(system, value) == PatientId(system.removeprefix("urn:oid:"), canonical)


@pytest.mark.parametrize(
    ("system", "value"),
    [
        (CPR, ""),
        (CPR, "251248999"),
        (CPR, "25124899966"),
        (CPR, "ABCDEFGHIJ"),
        (CPR, "3213489996"),
        (CPR, "3002489996"),
        (CPR, "9212489996"),
        (CPR, "0012489996"),
        (CPR, "2902010000"),
        (CPR, "٢٥١٢٤٨٩٩٩٦"),
        (X_ECPR, "0703922VJ4"),
        (X_ECPR, "2512489996"),
        (f"{D_ECPR}.12", "0703921XX1"),
        ("1.2.208.176.1.6.1.30", "0703920XX1"),
        ("1.2.208.176.1.1", "2512489996"),
        ("", "2512489996"),
    ],
)
def test_what_is_no_patient_identifier(system: str, value: str) -> None:
    assert identify(system, value) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31)), st.integers(0, 3999), st.booleans())
def test_every_number_with_a_real_date_is_accepted_whatever_its_check_digit(
    born: date, serial: int, test: bool
) -> None:
    number = f"{born.day + 60 * test:02}{born.month:02}{born.year % 100:02}{serial:04}"
    assert identify(CPR, number) == PatientId(CPR, number)


@given(st.text(max_size=12))
def test_any_text_is_judged_without_failing(text: str) -> None:
    for system in (CPR, X_ECPR, D_ECPR, text):
        found = identify(system, text)
        assert found is None or identify(found.system, found.value) == found


def test_a_documents_patient_may_carry_many_ids_and_the_valid_ones_count() -> None:
    ids = (
        Identifier(system="1.2.3", value="x"),
        Identifier(system=X_ECPR, value="0703921VJ4"),
        Identifier(system=CPR, value="251248-9996"),
        Identifier(system=CPR, value="2512489996"),
    )
    assert identify_any(ids) == (PatientId(CPR, "2512489996"), PatientId(X_ECPR, "0703921VJ4"))
