"""Handovers, messages and worklists about blocked documents, through every door: as if the documents had never come.

The story to the discharge: the hospital hands over to the general practice, and Nancy writes to both about what each of
them plans. Then the hospital is blocked for the practice, or it is not.
"""

from functools import cache

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, Block, Refusal, Relation
from patientoverblik.demo.organisations import organisation
from patientoverblik.service import House, list_documents
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.service.remark import Remark
from patientoverblik.service.remarks import answer_remark, put_remark
from tests.generative.doors.doors import Reader
from tests.generative.doors.every import every_answer
from tests.generative.doors.test_monotonic import contributions, documents, retrieved
from tests.generative.doors.test_non_interference import differing, lines_of
from tests.generative.doors.worlds import (
    CITIZEN,
    DOCTOR,
    KEY,
    RELATIVE,
    about,
    furnished,
    named,
    place,
    power,
    told,
)
from tests.unit.service.make import run

STORY = tuple(one for one in told("ABCDEF") if one.by in ("general-practice", "hospital"))
POWERS = (power("plans", "appointments", "psychiatry"),)
TREATING = (Relation("own-gp", place("general-practice")), Relation("contact", place("hospital")))
SURGEON = Reader("kirurg", Actor("professional", "kirurg", "Test Kirurg", "læge", place("hospital")))
ASKED, THEIRS, OURS = "Opfølgning hos egen læge inden 14 dage", "Genoptræning", "Daglig gåtur på 20 minutter"


def house_of(without: frozenset[str], **evidence: tuple) -> House:
    made = furnished(STORY, without, powers=POWERS, relations=TREATING, **evidence)
    return msgspec.structs.replace(made, keeps_own_words=organisation("citizen"))


def line(house: House, words: str) -> str:
    """The line that Nancy would see; nothing is written down of it."""
    asked = Asked(CITIZEN.actor, KEY, "own-overview", "citizen", house.clock())
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, asked)
    assert isinstance(seen, Picture)
    return next(one.id for one in seen.overview.lines.values() if getattr(one.value, "words", "") == words)


def write(house: House, about_words: str, words: str) -> None:
    """Nancy writes about a line, and the party it stands with answers."""
    house.ids.start(words)
    asked = Asked(CITIZEN.actor, KEY, "own-overview", "citizen", house.clock())
    made = run(put_remark(house, asked, line(house, about_words), "not-right", words))
    assert isinstance(made, Remark), made
    party = DOCTOR if about_words == OURS else SURGEON
    assert isinstance(
        run(answer_remark(house, party.actor, KEY, "treatment", made.id, f"Svar: {words}", False)), Remark
    )


@cache
def lived(without: frozenset[str] = frozenset()) -> object:
    """The state after what people did because of the documents that came: what is about none that came did not happen."""
    house = house_of(without)
    write(house, OURS, "Jeg går kun hver anden dag")
    if not without:
        write(house, THEIRS, "Jeg kan ikke komme om mandagen")
    return house.storage._state


def world(without: frozenset[str] = frozenset(), *blocks: Block) -> House:
    house = house_of(without)
    state = lived(without).draft()
    house.storage._state = state
    for block in blocks:
        house.storage.act(lambda tx, block=block: tx.put_block(KEY, block)).result()
    return house


BLOCK = Block("b", origin=place("hospital"))


@cache
def hidden() -> frozenset[str]:
    """The documents that the block hides from the practice."""
    listed = run(list_documents(house_of(frozenset(), blocks=(BLOCK,)), DOCTOR.actor, KEY, "treatment"))
    assert not isinstance(listed, Refusal)
    seen = {entry.uuid for entry in listed.entries}
    return frozenset(name for uuid, name in named(STORY).items() if uuid not in seen)


@pytest.mark.parametrize("reader", [DOCTOR, RELATIVE], ids=lambda reader: reader.name)
def test_what_was_handed_over_and_written_about_what_is_blocked_is_told_at_no_door(reader: Reader) -> None:
    questions = about(STORY, lines_of(STORY, reader, POWERS))
    ours = every_answer(world(frozenset(), BLOCK), reader, questions)
    theirs = every_answer(world(hidden()), reader, questions)
    assert not differing(ours, theirs, reader)


def test_the_comparison_can_fail() -> None:
    questions = about(STORY)
    ours, theirs = (every_answer(one, DOCTOR, questions) for one in (world(), world(hidden())))
    told_of = {"house /arbejdsliste", "part /overdragelser", "overview"}
    assert not [asked for asked in told_of if ours[asked] == theirs[asked]]


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.sampled_from(["hospital", "general-practice", "citizen"]), st.sampled_from([DOCTOR, SURGEON, RELATIVE]))
def test_a_block_adds_nothing_to_any_answer_about_handovers_and_messages(origin: str, reader: Reader) -> None:
    questions = about(STORY)
    more, left = (
        every_answer(one, reader, questions) for one in (world(), world(frozenset(), Block("b", origin=place(origin))))
    )
    assert contributions(left) <= contributions(more)
    assert documents(left) <= documents(more)
    assert retrieved(left) <= retrieved(more)
