"""What was drawn before is shown again only while nothing it rests on is otherwise: kept and drawn anew are the same."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from patientoverblik.care import Place
from patientoverblik.edges.portal.encoded import overview_json
from patientoverblik.overview import Held, Overview, SourceState, build, load_view
from patientoverblik.overview.build import Asked, _overview, draw
from patientoverblik.overview.now import Now
from tests.generative.overview.patient import patient
from tests.generative.overview.test_laws import patients
from tests.unit.overview.make import ANSWERED, NOW, act, at, charge, goal, held, plan, visit

VIEWS = ("professional", "citizen", "relative")
ARITHMETIC = ("add", "sub", "mul", "floordiv", "truediv", "mod", "neg", "abs", "divmod", "eq")


class Strict(Now):
    """A moment that may be compared in order and nothing else."""


def _refuse(*_: object) -> None:
    raise AssertionError("the moment of looking was calculated with")


for name in ARITHMETIC:
    setattr(Strict, f"__{name}__", _refuse)
    setattr(Strict, f"__r{name}__", _refuse)


def charged(number: int) -> Held:
    """A plan whose responsibility begins and ends, with deadlines, and appointments of which one is at a home not to be
    told."""
    return held(
        number,
        "KOM",
        plan(
            f"plan{number}",
            responsibilities=(
                charge("KOM", "2026-05-02", "2026-05-20"),
                charge("HOSP", "2026-05-20T12:00:00+02:00", "2026-07-01"),
                charge("GP", "2026-06-10", commitment="requested"),
            ),
        ),
        goal(f"g{number}", due=visit("x", "2026-06-15").period.start),
        act(f"a{number}", start_by=visit("x", "2026-05-30").period.start, activity="not-started"),
        visit(f"h{number}", "2026-06-06T09:00:00+02:00", place_of=Place(name="Hos datteren", at_home=True)),
        *[
            visit(f"v{number}{day}", f"2026-06-0{day}T09:00:00+02:00", f"2026-06-0{day}T10:00:00+02:00")
            for day in "1234"
        ],
        entry={"withheld": ("protected-address",)},
    )


def withdrawn(document: Held) -> Held:
    entry, care = document
    return structs.replace(entry, status="deprecated", deprecated_at=at(NOW)), care


def asked_of(documents: list[Held], view: str = "professional") -> Asked:
    return Asked(tuple(documents), ANSWERED, load_view(view), False)


def turning(documents: list[Held]) -> list[int]:
    """The moments about which something changes, and those beside them."""
    now = Now(at(NOW))
    _overview(asked_of(documents), now)
    return sorted({at(NOW), *(each + step for each in now.noted for step in (-1, 0, 1))})


@settings(max_examples=100, deadline=None)
@given(patients(), st.booleans(), st.data())
def test_what_is_kept_is_what_would_be_drawn_now(some: list[Held], with_charges: bool, data: st.DataObject) -> None:
    documents = [*some, charged(9)] if with_charges else some
    moments = turning(documents)
    histories = [documents, documents[1:], [withdrawn(documents[0]), *documents[1:]]]
    for _ in range(8):
        history = data.draw(st.sampled_from(histories))
        sources = data.draw(st.sampled_from([ANSWERED, (structs.replace(ANSWERED[0], at=7),), silent()]))
        view, whole, moment = data.draw(st.tuples(st.sampled_from(VIEWS), st.booleans(), st.sampled_from(moments)))
        shown = build(history, sources, load_view(view), moment, whole=whole, filtered=whole)
        assert shown == anew(history, sources, view, moment, whole)
        assert overview_json(shown) == msgspec.json.encode(shown)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_right_at_every_moment_at_which_anything_changes(seed: int) -> None:
    documents = [*patient(documents=4, items=24, seed=seed), charged(9)]
    for moment in turning(documents):
        shown = build(documents, ANSWERED, load_view("professional"), moment)
        assert shown == anew(documents, ANSWERED, "professional", moment, False)


@settings(max_examples=60, deadline=None)
@given(patients())
def test_the_moment_is_only_ever_compared(documents: list[Held]) -> None:
    drawn = _overview(asked_of([*documents, charged(9)]), Strict(at(NOW)))
    assert all(type(value) is not Strict for value in msgspec.structs.asdict(drawn).values())


def test_nothing_is_drawn_again_while_nothing_changes_but_signs_of_life() -> None:
    documents = [charged(1)]
    first = build(documents, ANSWERED, load_view("professional"), at(NOW))
    later = build(documents, (structs.replace(ANSWERED[0], at=9),), load_view("professional"), at(NOW) + 1)
    assert later.lines is first.lines
    assert (later.at, later.sources[0].at) == (at(NOW) + 1, 9)


def silent() -> tuple[SourceState, ...]:
    return (structs.replace(ANSWERED[0], state="not-retrieved", code="service.source-silent"),)


def anew(history: list[Held], sources: tuple[SourceState, ...], view: str, moment: int, whole: bool) -> Overview:
    resting = tuple(structs.replace(source, at=0) for source in sources)
    drawn = draw(Asked(tuple(history), resting, load_view(view), whole), moment).overview
    return structs.replace(drawn, at=moment, sources=sources, filtered=whole)
