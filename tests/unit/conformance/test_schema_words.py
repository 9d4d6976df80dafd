"""A union of lists of words is compiled as one list: it takes the words of its members and no other."""

import pytest

from patientoverblik.conformance.schema import united
from patientoverblik.conformance.values import form
from patientoverblik.formats.cda.facts import FACTS, SimpleType

UNIONS = [one for one in FACTS.simple.values() if one.members]
WORDS = sorted({word for one in FACTS.simple.values() for word in one.enumeration} | {"NOT_A_WORD", "EVN.", "evn"})


@pytest.mark.parametrize("one", UNIONS, ids=lambda one: one.name)
def test_one_list_takes_what_the_members_take(one: SimpleType) -> None:
    made = united(one, FACTS)
    if made.members:
        assert made == one
        return
    takes = form(one.name)
    assert [word for word in WORDS if takes(word)] == [word for word in WORDS if word in made.enumeration]


def test_a_union_that_takes_more_than_words_stays_one() -> None:
    assert united(FACTS.simple["uid"], FACTS).members == ("oid", "uuid", "ruid")
    assert any(not united(one, FACTS).members for one in UNIONS)
