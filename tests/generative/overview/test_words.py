"""The short ways of reading words give what the long ways give."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from patientoverblik.overview.wording import is_written, number_readings, numbers, plain

WORDS = st.text("0159.,-/: aB", max_size=14)
NUMBERS = st.text("0159.", max_size=5)


@given(NUMBERS, WORDS)
@example(".5", "under .5 nu")
@example("5.", "under 5. nu")
@example("12.05.26", "den 12.05.26")
@example("5", "kl 5:30")
@example("5.5", "under 5,5 nu")
def test_a_number_that_is_written_plainly_is_among_the_numbers_of_the_words(number: str, words: str) -> None:
    if is_written(number, words):
        assert not numbers(words).isdisjoint(number_readings(number))


def test_a_number_between_spaces_is_written_with_point_or_comma() -> None:
    assert is_written("53", "HbA1c under 53 mmol/mol")
    assert is_written("5.5", "LDL 5,5")
    assert not is_written("53", "HbA1c under 153")
    assert not is_written("1" * 40, "1" * 40)


@given(st.one_of(st.text("aB1 _.-\u00a0æØß", max_size=14), st.text(max_size=14)))
@example("a  b")
@example(" a b ")
@example("a_b")
@example("STRASSE ß")
def test_plain_words_have_neither_case_nor_punctuation_nor_spacing(words: str) -> None:
    assert plain(words) == re.sub(r"[\W_]+", " ", words).strip().casefold()
