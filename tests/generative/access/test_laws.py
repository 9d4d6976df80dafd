"""The laws of access: it agrees with its slow statement, it is monotonic, and no permit outlives its inputs (DESIGN 1, 13, 21)."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Evidence, Permit, decide, sift, visible
from tests.generative.access import oracle, worlds
from tests.generative.access.worlds import AT, LASTING, POLICY, UNITS


def seen(question, evidence, shelf):
    """The ids the actor sees; none where the answer is no."""
    answer = decide(question, evidence, POLICY)
    return {entry.uuid for entry in sift(answer, shelf)[0]} if isinstance(answer, Permit) else set()


@settings(max_examples=400)
@given(worlds.cases(), worlds.shelves())
def test_agrees_with_the_slow_statement(case, shelf):
    question, evidence = case
    answer = decide(question, evidence, POLICY)
    for entry in shelf:
        mine = isinstance(answer, Permit) and visible(answer, entry)
        asked = (question.actor, question.patient, question.purpose, AT, evidence, entry)
        assert mine == oracle.sees(*asked, UNITS, question.override)


@settings(max_examples=200)
@given(worlds.cases(), worlds.shelves(), worlds.blocks)
def test_adding_a_block_never_adds(case, shelf, block):
    question, evidence = case
    block = msgspec.structs.replace(block, kind="block")
    blocked = msgspec.structs.replace(evidence, blocks=(*evidence.blocks, block))
    assert seen(question, blocked, shelf) <= seen(question, evidence, shelf)


BASES = ["powers", "relations", "custodies", "guardians"]


@settings(max_examples=300)
@given(worlds.questions(), worlds.evidences, worlds.shelves(), st.data())
def test_losing_a_basis_never_adds(question, evidence, shelf, data):
    """A power, a relation, custody, a guardianship, a consent: whatever ends, nothing new is seen."""
    kind = data.draw(st.sampled_from([*BASES, "consents"]))
    if kind == "consents":
        less = msgspec.structs.replace(evidence, blocks=tuple(row for row in evidence.blocks if row.kind == "block"))
    else:
        left = tuple(row for row in getattr(evidence, kind) if data.draw(st.booleans()))
        less = msgspec.structs.replace(evidence, **{kind: left})
    assert seen(question, less, shelf) <= seen(question, evidence, shelf)


LOST = [{"national_role": ""}, {"authorisation": ""}, {"organisation": None}, {"role": ""}, {"person": 0}]


@settings(max_examples=200)
@given(worlds.questions(), worlds.evidences, worlds.shelves(), st.sampled_from(LOST))
def test_losing_a_role_or_the_override_never_adds(question, evidence, shelf, lost):
    blocks = tuple(row for row in evidence.blocks if row.organisation is None and row.person == "" and not row.relative)
    evidence = msgspec.structs.replace(evidence, blocks=blocks)
    less = msgspec.structs.replace(question, actor=msgspec.structs.replace(question.actor, **lost))
    assert seen(less, evidence, shelf) <= seen(question, evidence, shelf)
    plain = msgspec.structs.replace(question, override=None)
    assert seen(plain, evidence, shelf) <= seen(question, evidence, shelf)


@settings(max_examples=200)
@given(worlds.questions(), worlds.evidences)
def test_a_wider_organisation_tree_never_lifts_a_block(question, evidence):
    """A unit more under a blocked place is a unit more that is blocked; only what may be related grows with it."""
    evidence = msgspec.structs.replace(
        evidence, relations=(), blocks=tuple(b for b in evidence.blocks if b.kind == "block")
    )
    narrow, wide = decide(question, evidence), decide(question, evidence, POLICY)
    if isinstance(narrow, Permit):
        assert isinstance(wide, Permit)
        assert {block.id for block in narrow.blocks} <= {block.id for block in wide.blocks}


@settings(max_examples=200)
@given(worlds.questions(), worlds.evidences, worlds.shelves())
def test_death_never_adds(question, evidence, shelf):
    dead = msgspec.structs.replace(evidence, person=msgspec.structs.replace(evidence.person, died=AT))
    assert seen(question, dead, shelf) <= seen(question, evidence, shelf) | seen(question, _alive(evidence), shelf)


def _alive(evidence: Evidence) -> Evidence:
    return msgspec.structs.replace(evidence, person=msgspec.structs.replace(evidence.person, died=0))


@settings(max_examples=300)
@given(worlds.questions(), worlds.evidences, st.floats(0, 1, exclude_max=True))
def test_no_permit_outlives_its_inputs(question, evidence, share):
    permit = decide(question, evidence, POLICY)
    if isinstance(permit, Permit):
        later = AT + int((permit.valid_until - AT) * share)
        again = decide(msgspec.structs.replace(question, at=later), evidence, POLICY)
        assert isinstance(again, Permit)
        assert all(getattr(again, name) == getattr(permit, name) for name in LASTING)


@settings(max_examples=200)
@given(worlds.cases(), worlds.shelves(), st.floats(0, 1, exclude_max=True))
def test_an_older_permit_never_shows_more_than_a_fresh_one(case, shelf, share):
    question, evidence = case
    permit = decide(question, evidence, POLICY)
    if isinstance(permit, Permit):
        later = AT + int((permit.valid_until - AT) * share)
        again = decide(msgspec.structs.replace(question, at=later), evidence, POLICY)
        assert isinstance(again, Permit)
        assert all(visible(again, entry) for entry in shelf if visible(permit, entry))


@settings(max_examples=200)
@given(worlds.cases(), worlds.shelves())
def test_nothing_shown_refers_to_what_is_hidden(case, shelf):
    question, evidence = case
    permit = decide(question, evidence, POLICY)
    if isinstance(permit, Permit):
        left, filtered = sift(permit, shelf)
        ids = {entry.uuid for entry in left}
        hidden = {entry.uuid for entry in shelf} - ids
        assert not any(entry.replaced_by in hidden or hidden & set(entry.replaces) for entry in left)
        assert hidden or not filtered


@settings(max_examples=200)
@given(worlds.cases(), worlds.shelves())
def test_what_is_hidden_might_as_well_never_have_been(case, shelf):
    """The shelf without the hidden documents gives the same entries, but for the notice."""
    question, evidence = case
    permit = decide(question, evidence, POLICY)
    if isinstance(permit, Permit):
        left, _ = sift(permit, shelf)
        assert sift(permit, left) == (left, False)
