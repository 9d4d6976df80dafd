"""What is shown to the patient later is, until then, at no door: to the patient, and to who acts for them, the bytes are
those of a world to which it never came. Professionals see it at once."""

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.generative.doors.doors import Reader
from tests.generative.doors.every import every_answer, every_written_answer
from tests.generative.doors.test_non_interference import EVERYTHING, STORIES, lines_of, seen_by
from tests.generative.doors.worlds import CITIZEN, DOCTOR, RELATIVE, Document, about, furnished, named, told

LATER = 1 << 45
POWERS = (EVERYTHING,)


def delayed(story: tuple[Document, ...], chosen: frozenset[int]) -> tuple[Document, ...]:
    """The story with some of its documents shown to the patient later, each in all its versions."""
    names, entries = named(story), furnished(story).storage.reader().entries(7)
    series = {names[one.uuid]: one.series or one.uuid for one in entries}
    wanted = {series[story[number].name] for number in chosen}
    return tuple(msgspec.structs.replace(one, shown_from=LATER) if series[one.name] in wanted else one for one in story)


def differing(ours: dict[str, bytes], theirs: dict[str, bytes]) -> list[str]:
    assert ours.keys() == theirs.keys()
    return [asked for asked in ours if ours[asked] != theirs[asked]]


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.sampled_from(range(len(STORIES))),
    st.sampled_from((CITIZEN, RELATIVE)),
    st.frozensets(st.integers(0, 60), min_size=1, max_size=4),
)
def test_until_then_it_might_as_well_not_have_come(number, reader, chosen):
    story = STORIES[number]
    later = delayed(story, frozenset(one % len(story) for one in chosen))
    seen = seen_by(furnished(later, powers=POWERS), reader, later)
    entries = furnished(later).storage.reader().entries(7)
    hidden = {one.uuid for one in entries} - seen
    never = frozenset(name for uuid, name in named(later).items() if uuid in hidden)
    questions = about(story, lines_of(story, reader, POWERS))
    for ask in (every_answer, every_written_answer):
        ours = ask(furnished(later, powers=POWERS), reader, questions)
        theirs = ask(furnished(later, never, powers=POWERS), reader, questions)
        assert not differing(ours, theirs)


@pytest.mark.parametrize("reader", [CITIZEN, RELATIVE], ids=lambda reader: reader.name)
def test_the_comparison_can_fail(reader: Reader):
    """Shown at once, it is told of at every door."""
    story = told("A")
    later = delayed(story, frozenset([0]))
    questions = about(story)
    now, then = (every_answer(furnished(one, powers=POWERS), reader, questions) for one in (story, later))
    told_of = set(differing(now, then))
    assert {"overview", "json", "token json", "documents", "show", "fhir DocumentReference"} <= told_of


def test_a_professional_sees_it_at_once():
    story = told("A")
    later = delayed(story, frozenset(range(len(story))))
    now, then = (seen_by(furnished(one), DOCTOR, one) for one in (story, later))
    assert now == then != frozenset()
    assert not seen_by(furnished(later, powers=POWERS), RELATIVE, later)
