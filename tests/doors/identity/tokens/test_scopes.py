"""SMART scopes: what is not exactly one is none, what permits less never permits more, and nothing adds up."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.edges.identity.scopes import (
    PURPOSES,
    Interaction,
    Scope,
    covers,
    granted,
    parse_scope,
    parse_scopes,
    permits,
)

CRUDS = "cruds"
LETTERS = ["".join(each) for each in chain.from_iterable(combinations(CRUDS, n) for n in range(1, 6))]
TYPES = ("*", "CarePlan", "Goal", "Appointment")
FILTERS = (("category", "a"), ("category", "b"), ("status", "active"))
ALL_PURPOSES = ("treatment", "own-overview", "on-behalf", "delivery", "maintenance", "replay")

scopes = st.builds(
    Scope, st.sampled_from(("patient", "user", "system")), st.sampled_from(TYPES), st.sampled_from(LETTERS),
    st.lists(st.sampled_from(FILTERS), unique=True, max_size=2).map(tuple),
)  # fmt: skip
interactions = st.builds(
    Interaction, st.sampled_from(TYPES[1:]), st.sampled_from(CRUDS), st.sampled_from(ALL_PURPOSES), st.booleans(),
    st.frozensets(st.sampled_from(FILTERS)),
)  # fmt: skip


def text(scope: Scope) -> str:
    asked = "&".join(f"{name}={value}" for name, value in scope.parameters)
    return f"{scope.context}/{scope.resource}.{scope.interactions}{'?' + asked if asked else ''}"


@settings(deadline=None)
@given(scopes)
def test_what_is_written_is_read(scope):
    assert parse_scope(text(scope)) == scope


@pytest.mark.parametrize("letters", LETTERS)
def test_every_set_of_letters_in_order_is_one(letters):
    assert parse_scope(f"patient/Goal.{letters}") == Scope("patient", "Goal", letters)


@pytest.mark.parametrize(
    "wrong",
    ["", "patient/", "patient/*", "patient/*.", "patient/*.*", "patient/*.read", "patient/*.write", "patient/*.sr",
     "patient/*.rr", "patient/*.RS", "patient/*.rs ", " patient/*.rs", "Patient/*.rs", "patient//.rs", "patient/goal.rs",
     "patient/Goal/1.rs", "patient/**.rs", "patient/*.rs?", "patient/*.rs?x", "patient/*.rs?=x", "patient/*.rs?x=", "patient/*.rs?a=b&x=",
     "patient/*.rs?a=b?c=d", "patient/*.rs#x", "patient/Gøal.rs", "patient/*.rs\n", "other/*.rs", "launch/patient", "openid",
     "patient/*.cruds.rs", "patient/*.x", "patient/Go%61l.rs", "patient/*.rs?" + "x=1&" * 11 + "x=1"],
)  # fmt: skip
def test_what_is_not_exactly_a_scope_is_none(wrong):
    assert parse_scope(wrong) is None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_one_scope_or_none(words):
    found = parse_scope(words)
    assert found is None or (found.interactions and set(found.interactions) <= set(CRUDS))


def test_what_is_not_understood_is_ignored_and_named():
    found = parse_scopes(["patient/*.rs", "openid", "noget", "patient/*.read", "noget"])
    assert found.unknown == ("noget", "patient/*.read")
    assert found.asking == {"openid"}
    assert found.resources == (Scope("patient", "*", "rs"),)


@settings(deadline=None)
@given(st.lists(scopes, max_size=4), interactions)
def test_an_interaction_is_within_exactly_when_one_scope_holds_all_of_it(held, asked):
    """The slow statement of the rule."""

    def alone(scope: Scope) -> bool:
        if asked.letter not in scope.interactions or (scope.resource != "*" and scope.resource != asked.resource):
            return False
        if any(each not in asked.filters for each in scope.parameters):
            return False
        if scope.context == "system":
            return asked.purpose == "delivery"
        person = asked.purpose in ("treatment", "own-overview", "on-behalf")
        return person and (scope.context == "user" or asked.bound)

    assert permits(parse_scopes(map(text, held)), asked) == any(map(alone, held))


@settings(deadline=None)
@given(st.lists(scopes, max_size=3), st.lists(scopes, max_size=3), interactions)
def test_more_scopes_never_permit_less_and_fewer_never_more(some, more, asked):
    few, many = parse_scopes(map(text, some)), parse_scopes(map(text, some + more))
    assert permits(few, asked) <= permits(many, asked)


@settings(deadline=None)
@given(scopes, scopes, interactions)
def test_what_covers_permits_everything_that_is_covered(wide, narrow, asked):
    if covers(wide, narrow):
        assert permits(parse_scopes([text(narrow)]), asked) <= permits(parse_scopes([text(wide)]), asked)


@settings(deadline=None)
@given(st.lists(scopes, max_size=3), st.lists(scopes, max_size=3), interactions)
def test_what_is_granted_is_of_what_was_asked_and_within_what_is_registered(registered, asked, act):
    given_ = granted(map(text, registered), map(text, asked))
    assert set(given_) <= set(map(text, asked))
    assert permits(parse_scopes(given_), act) <= permits(parse_scopes(map(text, registered)), act)
    assert permits(parse_scopes(given_), act) <= permits(parse_scopes(map(text, asked)), act)
    assert granted(map(text, registered), given_) == given_


@settings(deadline=None)
@given(scopes)
def test_no_scope_permits_a_purpose_that_no_scope_is_for(scope):
    open_ = {each for each in ALL_PURPOSES for letter in CRUDS
             if permits(parse_scopes([text(scope)]), Interaction("Goal", letter, each, True, frozenset(FILTERS)))}  # fmt: skip
    assert open_ <= set(PURPOSES[scope.context])
    assert not open_ & {"maintenance", "replay"}


@pytest.mark.parametrize(
    ("given_", "asked"),
    [("patient/*.rs?category=a", "patient/*.rs"), ("patient/*.rs?category=a", "patient/*.rs?category=b"),
     ("patient/*.r", "patient/*.rs"), ("patient/Goal.rs", "patient/*.rs"), ("patient/*.rs", "user/*.rs")],
)  # fmt: skip
def test_what_is_narrow_does_not_cover_what_is_wide(given_, asked):
    assert not covers(parse_scope(given_), parse_scope(asked))
    assert granted([given_], [asked]) == ()
