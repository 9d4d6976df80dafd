"""Care values as Danish words: the source's digits, and bounds that say whether they are inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patientoverblik.care import Bound, Concept, Quantity, Range, Telecom, Text, Unknown
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.edges.portal.words import amount_text, call_link, digits, listed

WORDS = vocabulary("professional")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Range(high=Bound(value="58", inclusive=False), unit="mmol/mol"), "under 58 mmol/mol"),
        (Range(high=Bound(value="58"), unit="mmol/mol"), "højst 58 mmol/mol"),
        (Range(low=Bound(value="61"), unit="kg"), "mindst 61 kg"),
        (Range(low=Bound(value="61", inclusive=False), unit="kg"), "over 61 kg"),
        (Range(low=Bound(value="88"), high=Bound(value="92"), unit="%"), "mindst 88 og højst 92 %"),
        (Quantity(value="61.40", unit="kg"), "61,40 kg"),
        (Quantity(value="62"), "62"),
        (Quantity(value="130", unit="mm[Hg]"), "130 mmHg"),
        (Text(words="let forhøjet"), "let forhøjet"),
        (Concept(text="ja"), "ja"),
        (Unknown(reason="asked-unknown"), "Spurgt, ikke kendt"),
    ],
)
def test_amounts(amount, shown):
    assert amount_text(amount, WORDS) == shown


@given(st.text(max_size=20))
def test_no_digit_is_ever_changed_added_or_lost(value):
    assert digits(value).replace(",", ".") == value.replace(",", ".")


def test_only_a_plain_decimal_number_gets_a_comma():
    assert digits("2.9") == "2,9"
    assert digits("1.2.3") == "1.2.3"
    assert digits("12.05.2026 kl. 8") == "12.05.2026 kl. 8"


def test_a_number_can_be_dialled_and_other_schemes_cannot_be_followed():
    assert call_link(Telecom(value="tel:+4512345678")).href == "tel:+4512345678"
    assert call_link(Telecom(value="tel:12345678")).text == "12\u00a034\u00a056\u00a078"
    assert call_link(Telecom(value="javascript:alert(1)")).href == ""


def test_lists_of_names():
    assert listed(["A", "B", "A", "", "C"]) == "A, B og C"
    assert listed([]) == ""
