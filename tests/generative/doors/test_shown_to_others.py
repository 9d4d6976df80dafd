"""What others are shown of a reader's sight tells no more than the reader saw (DESIGN 13): a citizen's preview, the look
shown again to an officer and to the citizen, and the lists of what must be accounted for."""

import re

import pytest

from patientoverblik.access import Actor, Block, Relation
from patientoverblik.service.follow_up import follow_ups
from tests.generative.doors.doors import Reader, Visit, certain, cli_answers, command, name_ids
from tests.generative.doors.test_non_interference import EVERYTHING, READERS, unnoticed
from tests.generative.doors.worlds import CITIZEN, DOCTOR, KEY, about, furnished, named, place, synthetic, whose
from tests.unit.service.make import run

STORY = synthetic(0)
BLOCK = Block("b", origin=place("hospital"))
INCOMPLETE = (Relation("contact", place("general-practice"), level="incomplete"),)
OFFICER = Reader("kontrol", Actor("officer", "kontrol", "Kim Kontrol", "replay-officer"))
FROM_HOSPITAL = frozenset(one.name for one in STORY if one.by == "hospital")
WORLDS = {"blocked": {"blocks": (BLOCK,)}, "never": {"without": FROM_HOSPITAL}, "open": {}}


def world(name: str, **more):
    """A store where the hospital's documents are blocked, never came, or are open."""
    made = {**WORLDS[name], **more}
    return furnished(STORY, made.pop("without", frozenset()), powers=(EVERYTHING,), **made)


def preview(house) -> bytes:
    """The citizen's page of how the practice sees the overview today."""
    visit = Visit(house, CITIZEN, whose(STORY))
    with certain():
        list(visit.enter())
        page = visit.ask("GET", f"{visit.base}/spaerringer").decode()
        party = re.search(r'<option value="([^"]+)"[^>]*>[^<]*Lægehuset Testparken', page)[1]
        return re.sub(rb"secret-\d+", b"", visit.form("/spaerringer/vis", party=party))


def test_a_preview_is_the_same_as_if_the_blocked_had_never_come():
    blocked, never, opened = (unnoticed(preview(world(name)), DOCTOR) for name in WORLDS)
    assert blocked == never
    assert opened != never
    assert blocked.startswith(b"200")


def test_a_preview_shows_the_words_that_the_practice_is_shown():
    house = world("blocked")
    shown = {name: text(page) for name, page in (("theirs", overview(house)), ("preview", preview(house)))}
    assert len(shown["theirs"]) > 1000
    assert shown["theirs"] == shown["preview"]


def overview(house) -> bytes:
    """The practice's own page."""
    visit = Visit(house, DOCTOR, whose(STORY))
    with certain():
        list(visit.enter())
        return visit.ask("GET", visit.base)


def text(page: bytes) -> str:
    """The words of the columns of an overview."""
    columns = page.decode().partition('<div class="columns">')[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", columns).split())


def followed(name: str, reader: Reader) -> dict[str, bytes]:
    """A practice whose relation is not confirmed looks; what the reader is told of it afterwards."""
    house = world(name, relations=INCOMPLETE)
    for asked in ("look", "list"):
        name_ids(house, asked)
        command(house, DOCTOR, whose(STORY).value, "show" if asked == "look" else "find")
    visit = Visit(house, reader, whose(STORY))
    with certain():
        list(visit.begin())
        told = {"list": visit.ask("GET", "/opfoelgning")}
        for one in run(follow_ups(house, OFFICER.actor)):
            told[f"look {one.kind}"] = visit.ask("GET", f"/opfoelgning/{one.id}")
        told["no look"] = visit.ask("GET", "/opfoelgning/none")
        unit = house.storage.reader().entries(KEY)[0].uuid
        told["readers"] = visit.ask(
            "POST", "/opfoelgning/laesere", data={"cpr": whose(STORY).value, "document": unit, "csrf": visit.csrf}
        )
    return told


@pytest.mark.parametrize("reader", [OFFICER, DOCTOR], ids=lambda reader: reader.name)
def test_follow_up_lists_and_what_they_open_are_as_if_the_blocked_had_never_come(reader):
    blocked, never, opened = (followed(name, reader) for name in WORLDS)
    assert {name: unnoticed(one, DOCTOR) for name, one in blocked.items()} == {
        name: unnoticed(one, DOCTOR) for name, one in never.items()
    }
    assert blocked["list"].startswith(b"200")
    assert len(blocked) > 3
    if reader is OFFICER:
        assert blocked["look unconfirmed-relation"].startswith(b"200")
        assert opened["look unconfirmed-relation"] != never["look unconfirmed-relation"]


@pytest.mark.parametrize("reader", READERS[:2], ids=lambda reader: reader.name)
def test_a_look_shown_again_to_the_citizen_shows_what_the_reader_saw(reader):
    """No document that was blocked for the reader stands in their look as it is shown again."""
    replayed = {}
    for name in WORLDS:
        house = world(name)
        cli_answers(house, reader, about(STORY, most=1))
        look = next(one.id for one in house.storage.reader().looks(KEY) if one.act == "overview")
        name_ids(house, "replay")
        replayed[name] = command(house, CITIZEN, whose(STORY).value, "replay", look, "--json").whole
    blocked, never = (unnoticed(replayed[name], reader) for name in ("blocked", "never"))
    hidden = [uuid for uuid, name in named(STORY).items() if name in FROM_HOSPITAL]
    assert not [uuid for uuid in hidden if uuid.encode() in blocked]
    assert [uuid for uuid in hidden if uuid.encode() in replayed["open"]]
    assert never.startswith(b"0")
