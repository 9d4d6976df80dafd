"""Monotonic through every door (DESIGN 21): a block, an ended power, consent or relation adds no line, document or word."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block, Custody, Guardian, Opening, Relation
from patientoverblik.edges.portal.dates import MONTHS, WEEKDAYS
from patientoverblik.problems import CATALOGUE
from tests.generative.doors.doors import About, Reader
from tests.generative.doors.every import every_answer, every_written_answer
from tests.generative.doors.fhir_door import OPAQUE, PATIENT_KEY
from tests.generative.doors.test_non_interference import CITIZEN, DOCTOR, RELATIVE, STORIES, blocks
from tests.generative.doors.worlds import HOLDER, RELATIONS, about, furnished, place, power, whose

WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
RESOURCE = re.compile(r'"fullUrl":"http://testserver/fhir/(\w+)/([^"]+)"')
EVERYTHING = f"fhir everything {OPAQUE.patient(PATIENT_KEY)}"
PARTS = ("plans", "appointments", "card", "measurements", "psychiatry")


stories = st.sampled_from(range(len(STORIES))).flatmap(lambda one: st.tuples(st.just(one), blocks(STORIES[one])))
kept_parts = st.lists(st.sampled_from(PARTS[:4]), unique=True, max_size=2).map(tuple)
taken = st.sampled_from(["block", "power", "part", "relation", "consent"])


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
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
    assert words(left) - words(more) <= own_words(reader) | named_by(reader, less.get("blocks", ()))
    more, left = (written(story, reader, evidence) for evidence in (first, less))
    assert found_after(left) <= found_after(more)
    assert all(count <= total(more, asked) for asked, count in totals(left).items())


UNCONFIRMED = (Relation("contact", place("general-practice"), level="insufficient"),)
WITH_ROLE, WITHOUT_ROLE = (
    msgspec.structs.replace(DOCTOR, actor=msgspec.structs.replace(DOCTOR.actor, national_role=role, authorisation=""))
    for role in ("SundAssistR2", "")
)
# An override is its session's own: here that of the access token.
OPENING = Opening("o", DOCTOR.actor.id, "t-1", DOCTOR.actor.organisation, 1, 1 << 50, "consent", "Patienten sagde ja")
BLOCK = Block("b", origin=place("hospital"))
CUSTODY, GUARDIAN = Custody("c", HOLDER), Guardian("g", HOLDER, ("plans", "card"))
BASES = {
    "custody": ((RELATIVE, {"born": "2016-05-01", "custodies": (CUSTODY,)}), (RELATIVE, {"born": "2016-05-01"})),
    "custody beside a power": (
        (RELATIVE, {"born": "2016-05-01", "custodies": (CUSTODY,), "powers": (power("plans"),)}),
        (RELATIVE, {"born": "2016-05-01", "powers": (power("plans"),)}),
    ),
    "guardianship": (
        (RELATIVE, {"guardians": (GUARDIAN,), "powers": (power("appointments"),), "blocks": (BLOCK,)}),
        (RELATIVE, {"powers": (power("appointments"),), "blocks": (BLOCK,)}),
    ),
    "role": ((WITH_ROLE, {"relations": UNCONFIRMED}), (WITHOUT_ROLE, {"relations": UNCONFIRMED})),
    "override": ((DOCTOR, {"blocks": (BLOCK,), "openings": (OPENING,)}), (DOCTOR, {"blocks": (BLOCK,)})),
    "override without relation": (
        (DOCTOR, {"relations": (), "openings": (OPENING,)}),
        (DOCTOR, {"relations": ()}),
    ),
}


@pytest.mark.parametrize("what", BASES)
def test_losing_any_basis_adds_nothing_at_any_door(what):
    """What each basis gives is gone with it, and nothing comes instead."""
    story = STORIES[0]
    (reader, before), (later, after) = BASES[what]
    more, left = answers(story, reader, before), answers(story, later, after)
    assert contributions(left) <= contributions(more)
    assert documents(left) <= documents(more)
    assert retrieved(left) <= retrieved(more)
    assert (contributions(left), retrieved(left)) != (contributions(more), retrieved(more))
    assert words(left) - words(more) <= own_words(reader)


def test_the_words_can_fail():
    """With nothing taken away there are words that are the documents' own."""
    for reader in (DOCTOR, RELATIVE, CITIZEN):
        told = answers(STORIES[0], reader, {"powers": (power(*PARTS),)})
        made = written(STORIES[0], reader, {"powers": (power(*PARTS),)})
        assert len(found_after(made)) > 10
        assert sum(totals(made).values()) > 10
        assert "Langtidsblodsukkeret" in words(told) or len(words(told) - own_words(reader)) > 30
        assert len(contributions(told)) > 10
        assert len(documents(told)) > 10
        assert retrieved(told)


def written(story, reader: Reader, evidence: dict) -> dict[str, bytes]:
    """Every answer to one who writes."""
    return every_written_answer(furnished(story, **evidence), reader, about(story))


def found_after(told: dict[str, bytes]) -> set[tuple[str, str]]:
    """The resources that one who has written finds, those of their own among them."""
    searched = (answer for asked, answer in told.items() if asked.startswith(("fhir write found", "fhir write tasks")))
    return {one for answer in searched for one in RESOURCE.findall(answer.decode())}


def totals(told: dict[str, bytes]) -> dict[str, int]:
    """How many of each type one who has written is told that there are."""
    return {asked: total(told, asked) for asked in told if asked.startswith("fhir write count")}


def total(told: dict[str, bytes], asked: str) -> int:
    """The total of one search; 0 where it is refused."""
    found = re.search(rb'"total":(\d+)', told[asked])
    return int(found[1]) if found else 0


def answers(story, reader: Reader, evidence: dict) -> dict[str, bytes]:
    """Every answer of every door."""
    return every_answer(furnished(story, **evidence), reader, about(story))


def contributions(told: dict[str, bytes]) -> set[tuple[str, str, str]]:
    """Every wording of the overview as JSON, by whom it was asked: which document said it, and where in it; and what was
    unreadable; and every resource of everything there is by FHIR."""
    resources = {("fhir", kind, name) for kind, name in RESOURCE.findall(told[EVERYTHING].decode())}
    return resources | {(door, *one) for door in ("json", "token json") for one in _contributions(told[door])}


def _contributions(answer: bytes) -> set[tuple[str, str]]:
    status, _, body = answer.split(b"\n", 2)
    shown = msgspec.json.decode(body) if status == b"200" else {"lines": {}}
    lines = (*shown["lines"].values(), *(one["last"] for one in shown.get("dropped", ())))
    wordings = [one["attribution"] for line in lines for one in line["wordings"]]
    unread = {(one["entry"], "unread") for one in shown.get("unread", ())}
    return unread | {(one["entry"], one["place"]) for one in wordings}


def documents(told: dict[str, bytes]) -> set[str]:
    """Every document that is named or linked to anywhere."""
    named_in = (
        told[asked] for asked in ("overview", "documents", "json", "find", "find --json", "show", "show --json")
    )
    listed = {uuid for answer in named_in for uuid in re.findall(r"urn:uuid:[0-9a-f-]{36}", answer.decode())}
    registered = re.findall(rb'<rim:\w+ id="(urn:uuid:[0-9a-f-]{36})"', told["GetAll LeafClass"])
    return (listed - looks(told)) | {uuid.decode() for uuid in registered}


def looks(told: dict[str, bytes]) -> set[str]:
    """The ids of the looks themselves, which are told where they are made."""
    return set(re.findall(r"Look (urn:uuid:[0-9a-f-]{36})", told["show"].decode()))


def retrieved(told: dict[str, bytes]) -> set[str]:
    """The questions that were answered with a document's bytes or its page."""
    pages = {
        asked for asked, answer in told.items() if asked.startswith(("document ", "retrieve")) and answer[:1] in b"02"
    }
    parts = {asked for asked, answer in told.items() if asked.startswith("Retrieve") and b"<x:Document>" in answer}
    return pages | parts


def words(told: dict[str, bytes]) -> set[str]:
    """Every word of every answer; what stands in a UUID is none."""
    texts = (UUID.sub(" ", answer.decode(errors="replace")) for answer in told.values())
    return {word for text in texts for word in WORD.findall(text)}


@cache
def named_by(reader: Reader, made: Iterable[Block]) -> frozenset[str]:
    """The words of the places that a patient's blocks are for, which are read to the patient alone."""
    places = (each.origin.name for each in made if each.origin)
    return frozenset(WORD.findall(" ".join(places))) if reader is CITIZEN else frozenset()


@cache
def own_words(reader: Reader) -> frozenset[str]:
    """The words that are nobody's: those of the pages, the views and the catalogue, and of an empty store."""
    package = files("patientoverblik")
    folders = (
        *("edges/portal/texts", "edges/portal/layouts", "edges/portal/templates", "edges/portal/present"),
        *("edges/portal", "edges/cli", "overview/views", "app", "edges/soap", "edges/soap/ebrim", "access/tables"),
        "edges/fhir",
    )
    texts = [one.read_text() for folder in folders for one in package.joinpath(folder).iterdir() if one.is_file()]
    texts += [f"{row.code} {row.da} {row.en}" for row in CATALOGUE.values()]
    texts += [" ".join((*MONTHS, *WEEKDAYS)), package.joinpath("overview/model.py").read_text()]
    empty = every_answer(furnished(()), reader, About(whose(STORIES[0])))
    return frozenset(WORD.findall(" ".join(texts).replace("_", " "))) | words(empty)
