"""What a plan no longer has is told to a reader exactly where they see it before and see that it is gone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, Block, Evidence, OrganisationRef, Question, Relation, decide, sift
from tests.unit.overview.make import NOW, SOR, act, at, held, look, plan

NAMES = "abc"
PLACE = OrganisationRef(SOR, "READER")
READER = Actor("professional", "reader", organisation=PLACE)
VERSIONS = st.lists(st.sets(st.sampled_from(NAMES)), min_size=1, max_size=5)


def document(number: int, names: set[str], of: int, anonymous: bool):
    """One version of a plan; ``of`` is the number of the newest. Acts without identifiers are known by their words."""
    entry = {
        "series": "set",
        "series_version": number,
        "status": "approved" if number == of else "deprecated",
        "replaced_by": "" if number == of else f"urn:uuid:{number + 1:032d}",
        "replaces": (f"urn:uuid:{number - 1:032d}",) if number > 1 else (),
    }
    acts = [act(name, place=f"{number}-{name}", **({"ids": ()} if anonymous else {})) for name in sorted(names)]
    return held(number, "GP", plan(), *acts, entry=entry)


def reads(documents, blocked: set[int]):
    """The documents that exist for a reader while some versions are blocked."""
    blocks = tuple(Block(str(number), document=f"1.2.3.{number}") for number in sorted(blocked))
    evidence = Evidence(relations=(Relation("contact", PLACE),), blocks=blocks)
    permit = decide(Question(READER, 1, "treatment", at(NOW)), evidence)
    left = {entry.uuid for entry in sift(permit, [entry for entry, _ in documents])[0]}
    return [(entry, care) for entry, care in documents if entry.uuid in left]


def expected(versions, blocked: set[int]) -> dict[str, int]:
    """The acts told as gone and the number of the version that left them out, by the plain meaning of the words."""
    newest = len(versions)
    seen = range(max(blocked, default=0) + 1, newest + 1)
    if newest not in seen:
        return {}
    had = {name for number in seen for name in versions[number - 1]} - versions[-1]
    return {f"Indsats {name}": 1 + max(n for n in seen if name in versions[n - 1]) for name in had}


@settings(max_examples=150, deadline=None)
@given(VERSIONS, st.sets(st.integers(1, 5)), st.booleans())
def test_a_line_is_told_as_gone_where_the_reader_sees_both_versions(versions, blocked, anonymous) -> None:
    newest = len(versions)
    blocked = {number for number in blocked if number <= newest}
    documents = [document(number, names, newest, anonymous) for number, names in enumerate(versions, 1)]
    seen = look(*reads(documents, blocked))
    came = at("2026-01-01T00:00:00Z")
    assert {one.last.value.words: one.at - came for one in seen.dropped} == expected(versions, blocked)
    assert all(one.plan in seen.lines and one.last.id not in seen.lines for one in seen.dropped)
