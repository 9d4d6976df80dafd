"""People's numbers in tokens and headers: one form, so that two spellings of a person are one person."""

import pytest

from patientoverblik.edges.identity.soap.numbers import holds_number, number, of_cx, patient_id
from patientoverblik.sharing.model import PatientId

NANCY = "2512489996"
CPR = "1.2.208.176.1.2"
X_ECPR = "1.2.208.176.1.6.1.1"


@pytest.mark.parametrize("text", [NANCY, "251248-9996", " 251248 9996 "])
def test_a_number_however_it_is_written(text) -> None:
    assert number(text) == NANCY


@pytest.mark.parametrize("text", ["", "123", "9999999999", "25124899961", "Nancy"])
def test_what_is_no_number(text) -> None:
    assert number(text) == ""


def test_a_replacement_number_is_of_its_own_system() -> None:
    assert patient_id("0703921VJ4") == PatientId(X_ECPR, "0703921VJ4")
    assert patient_id(NANCY) == PatientId(CPR, NANCY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{NANCY}^^^&{CPR}&ISO", NANCY),
        (f"'{NANCY}^^^&{CPR}&ISO'", NANCY),
        (f"0703921VJ4^^^&{X_ECPR}&ISO", "0703921VJ4"),
        (f"{NANCY}^^^&1.2.3&ISO", ""),
        (f"{NANCY}^^^&{X_ECPR}&ISO", ""),
        (NANCY, NANCY),
    ],
)
def test_a_patient_with_its_authority(text, expected) -> None:
    assert of_cx(text) == expected


@pytest.mark.parametrize("text", [NANCY, "251248-9996", f"C=DK,Serial=CPR:{NANCY}", "0703921VJ4"])
def test_a_name_that_holds_a_number(text) -> None:
    assert holds_number(text)


@pytest.mark.parametrize("text", ["TESTA", "e5022329-ba66-5026-8f1f-ff877d7d3cc8", "33257872", ""])
def test_a_name_that_holds_none(text) -> None:
    assert not holds_number(text)
