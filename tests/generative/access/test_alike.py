"""Colleagues of whom the evidence says nothing are decided alike, and see the same documents."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block, Evidence, Permit, PersonFacts, Refusal, Relation, decide, visible
from patientoverblik.access.alike import anybody, is_named
from tests.generative.access import worlds

SLOTS = [name for name in Permit.__slots__ if name != "actor"]

BLOCKED = st.builds(
    lambda blocks: Evidence(relations=(Relation("contact", worlds.PLACES[0]),), blocks=tuple(blocks)),
    st.lists(worlds.blocks, min_size=1, max_size=2),
)
CASES = st.one_of(worlds.cases(), st.tuples(st.just(worlds.TREATING), BLOCKED))


def told(answer, shelf):
    """All that an answer says and lets its holder see, but whom it names."""
    if isinstance(answer, Refusal):
        return answer
    return [getattr(answer, name) for name in SLOTS], [entry.uuid for entry in shelf if visible(answer, entry)]


@settings(max_examples=200, deadline=None)
@given(CASES, worlds.shelves())
def test_who_is_not_named_is_decided_as_anybody(case, shelf) -> None:
    question, evidence = msgspec.structs.replace(case[0], override=None), case[1]
    if not is_named(question.actor, question.patient, evidence):
        general = msgspec.structs.replace(question, actor=anybody(question.actor))
        assert told(decide(question, evidence, worlds.POLICY), shelf) == told(
            decide(general, evidence, worlds.POLICY), shelf
        )


def test_who_is_named_is_decided_alone() -> None:
    actor = msgspec.structs.replace(worlds.TREATING.actor, person=9)
    relations = (Relation("contact", worlds.PLACES[0]),)
    assert not is_named(actor, 7, Evidence(relations=relations, blocks=(Block("b", origin=worlds.PLACES[1]),)))
    assert is_named(actor, 7, Evidence(relations=relations, blocks=(Block("b", person="ann"),)))
    assert is_named(actor, 7, Evidence(relations=relations, person=PersonFacts(family=(9,))))
    assert is_named(actor, 9, Evidence())
