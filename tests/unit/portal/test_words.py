"""Care values as Danish words: the source's digits, and bounds that say whether they are inside."""

import re
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patientoverblik.care import Bound, Concept, PlanKind, Quantity, Range, Reason, Role, Telecom, Text, Unknown
from patientoverblik.care.card import Answer, CardField
from patientoverblik.care.condition import ClinicalStatus
from patientoverblik.care.contact import ContactClass
from patientoverblik.care.goal import Achievement
from patientoverblik.care.plan import Commitment
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.edges.portal.words import amount_text, call_link, digits, listed
from patientoverblik.overview.links import INVERSE
from patientoverblik.overview.model import LineKind, SourceStateKind

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


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("kind", LineKind),
        ("role", Role),
        ("plan-kind", PlanKind),
        ("achievement", Achievement),
        ("clinical", ClinicalStatus),
        ("commitment", Commitment),
        ("setting", ContactClass),
        ("card", CardField),
        ("answer", Answer),
        ("unknown", Reason),
        ("source-state", SourceStateKind),
    ],
)
def test_every_code_of_the_model_has_a_danish_word(table, codes):
    """A new code without a word would stand in English before a patient."""
    for audience in ("professional", "citizen"):
        words = vocabulary(audience)
        assert [code for code in get_args(codes) if not words.word(table, code)] == []


def test_every_event_and_every_link_of_the_overview_has_a_danish_word():
    source = files("patientoverblik.overview").joinpath("moments.py").read_text(encoding="utf-8")
    named = set(re.findall(r'_period\("([a-z]+)"', source))
    events = {f"{name}-{end}" for name in named for end in ("start", "end")} | set(
        re.findall(r'\("([a-z-]+)", ', source)
    )
    assert [event for event in sorted(events - named) if not WORDS.word("event", event)] == []
    links = {*INVERSE.keys(), *INVERSE.values()}
    assert [link for link in sorted(links) if not WORDS.word("related", link)] == []
