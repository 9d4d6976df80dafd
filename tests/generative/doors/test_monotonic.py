"""Monotonic through every door (DESIGN 21): a block, an ended power, consent or relation adds no line, document or word."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block
from patientoverblik.edges.portal.dates import MONTHS, WEEKDAYS
from patientoverblik.problems import CATALOGUE
from tests.generative.doors.doors import About, Reader
from tests.generative.doors.every import every_answer
from tests.generative.doors.test_non_interference import CITIZEN, DOCTOR, RELATIVE, STORIES, blocks
from tests.generative.doors.worlds import RELATIONS, about, furnished, place, power, whose

WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
PARTS = ("plans", "appointments", "card", "measurements", "psychiatry")


stories = st.sampled_from(range(len(STORIES))).flatmap(lambda one: st.tuples(st.just(one), blocks(STORIES[one])))
kept_parts = st.lists(st.sampled_from(PARTS[:4]), unique=True, max_size=2).map(tuple)
taken = st.sampled_from(["block", "power", "part", "relation", "consent"])


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(stories, st.sampled_from((DOCTOR, RELATIVE, CITIZEN)), taken, kept_parts)
def test_taking_away_adds_nothing_at_any_door(told, reader, what, kept):
    story = STORIES[told[0]]
    first = {"powers": (power(*PARTS[:4]), power("plans", "psychiatry", name="q")), "relations": RELATIONS}
    if what == "consent":
        first["blocks"] = (*told[1], Block("c", kind="consent", origin=place("hospital")))
    fewer = {
        "consent": {"blocks": told[1]},
        "block": {"blocks": told[1]},
        "power": {"powers": first["powers"][:1] if kept else ()},
        "part": {"powers": (power(*kept),)},
        "relation": {"relations": ()},
    }
    less = first | fewer[what]
    more, left = (answers(story, reader, evidence) for evidence in (first, less))
    assert contributions(left) <= contributions(more)
    assert documents(left) <= documents(more)
    assert retrieved(left) <= retrieved(more)
    assert words(left) - words(more) <= own_words(reader)


def test_the_words_can_fail():
    """With nothing taken away there are words that are the documents' own."""
    for reader in (DOCTOR, RELATIVE, CITIZEN):
        told = answers(STORIES[0], reader, {"powers": (power(*PARTS),)})
        assert "Langtidsblodsukkeret" in words(told) or len(words(told) - own_words(reader)) > 30
        assert len(contributions(told)) > 10
        assert len(documents(told)) > 10
        assert retrieved(told)


def answers(story, reader: Reader, evidence: dict) -> dict[str, bytes]:
    """Every answer of every door."""
    return every_answer(furnished(story, **evidence), reader, about(story))


def contributions(told: dict[str, bytes]) -> set[tuple[str, str]]:
    """Every wording of the overview as JSON: which document said it, and where in it; and what was unreadable."""
    status, _, body = told["json"].split(b"\n", 2)
    shown = msgspec.json.decode(body) if status == b"200" else {"lines": {}}
    wordings = [one["attribution"] for line in shown["lines"].values() for one in line["wordings"]]
    unread = {(one["entry"], "unread") for one in shown.get("unread", ())}
    return unread | {(one["entry"], one["place"]) for one in wordings}


def documents(told: dict[str, bytes]) -> set[str]:
    """Every document that is named or linked to anywhere."""
    named_in = (
        told[asked] for asked in ("overview", "documents", "json", "find", "find --json", "show", "show --json")
    )
    return {uuid for answer in named_in for uuid in re.findall(r"urn:uuid:[0-9a-f-]{36}", answer.decode())} - looks(
        told
    )


def looks(told: dict[str, bytes]) -> set[str]:
    """The ids of the looks themselves, which are told where they are made."""
    return set(re.findall(r"Look (urn:uuid:[0-9a-f-]{36})", told["show"].decode()))


def retrieved(told: dict[str, bytes]) -> set[str]:
    """The questions that were answered with a document's bytes or its page."""
    return {
        asked for asked, answer in told.items() if asked.startswith(("document ", "retrieve")) and answer[:1] in b"02"
    }


def words(told: dict[str, bytes]) -> set[str]:
    """Every word of every answer."""
    return {word for answer in told.values() for word in WORD.findall(answer.decode(errors="replace"))}


@cache
def own_words(reader: Reader) -> frozenset[str]:
    """The words that are nobody's: those of the pages, the views and the catalogue, and of an empty store."""
    package = files("patientoverblik")
    folders = (
        *("edges/portal/texts", "edges/portal/layouts", "edges/portal/templates", "edges/portal/present"),
        *("edges/portal", "edges/cli", "overview/views", "app"),
    )
    texts = [one.read_text() for folder in folders for one in package.joinpath(folder).iterdir() if one.is_file()]
    texts += [f"{row.code} {row.da} {row.en}" for row in CATALOGUE.values()]
    texts += [" ".join((*MONTHS, *WEEKDAYS)), package.joinpath("overview/model.py").read_text()]
    empty = every_answer(furnished(()), reader, About(whose(STORIES[0])))
    return frozenset(WORD.findall(" ".join(texts).replace("_", " "))) | words(empty)
