"""``heartbeat``: the operator sees how the sources stand, and says for one that it is there."""

import re
from pathlib import Path

import msgspec
import pytest

from patientoverblik.access import SecurityEvent
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from tests.conftest import PROJECT
from tests.doors.cli.program import NANCY, Ended, call

PARTIES = (PROJECT / "docs" / "operation.md").read_text(encoding="utf-8").split("## Parties")[1]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def block(language: str) -> str:
    """The first block of a language in the manual's section about parties."""
    return PARTIES.split(f"```{language}\n")[1].split("```")[0]


@pytest.fixture
def parties(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation of its own, with the parties of the manual and an empty database."""
    path = tmp_path / "parties.toml"
    path.write_text(block("toml"), encoding="utf-8")
    made = {"PATIENTOVERBLIK_DEMO": "false", "PATIENTOVERBLIK_PARTIES_FILE": str(path)}
    assert call("migrate", database=tmp_path / "own.sqlite3", **made).code == 0
    return made


@pytest.fixture
def asked(tmp_path: Path, parties: dict[str, str]):
    """The command, asked of that installation."""

    def ask(*words: str) -> Ended:
        return call("heartbeat", *words, database=tmp_path / "own.sqlite3", **parties)

    return ask


def test_it_answers_as_the_manual_says(asked):
    parts = block("console").split("$ patientoverblik heartbeat")[1:]
    words, told = zip(*(part.split("\n", 1) for part in parts), strict=True)
    said = [asked(*one.split()).out for one in words]
    assert [TIME.sub("then", one) for one in said] == [TIME.sub("then", one) for one in told]
    assert len(said) == 2


def test_every_source_is_listed_with_how_it_stands(asked):
    assert asked().code == 1
    assert asked("--json").json == [
        {"source": "testby", "name": "Testby Kommune", "state": "not-retrieved", "heard": None},
        {"source": "naboby", "name": "Naboby Kommune", "state": "not-connected", "heard": None},
    ]


def test_a_source_that_is_there_counts_as_heard_from_now(asked):
    said = asked("testby")
    assert (said.code, said.err) == (0, "")
    assert TIME.sub("then", said.out) == "testby  retrieved  then  Testby Kommune\n"
    listed = asked("--json")
    assert (listed.code, [one["state"] for one in listed.json]) == (0, ["retrieved", "not-connected"])
    assert listed.json[0]["heard"] in said.out


@pytest.mark.parametrize("named", [("naboby",), ("ingen",), ("testby", "ingen"), (NANCY,)])
def test_one_that_is_not_there_is_refused_without_its_name_and_none_is_noted(asked, named):
    said = asked(*named)
    assert (said.code, said.out, said.err.split(":")[0]) == (2, "", "service.no-source")
    assert not any(name in said.err for name in named)
    assert asked("--json").json[0]["heard"] is None


def test_who_said_it_is_in_the_trail(asked, tmp_path):
    asked("testby")
    with opened(Settings(database=f"sqlite:///{tmp_path / 'own.sqlite3'}")) as house:
        (entry,) = house.storage.reader().trail()
    event = msgspec.msgpack.decode(entry.data, type=SecurityEvent)
    assert (event.act, event.outcome, event.rule) == ("heartbeat", "done", "job-maintains")
    assert event.subjects == ("testby",)
    assert event.actor.id.startswith("cli:")
    assert event.request


def test_where_nobody_is_named_to_share_it_says_so(tmp_path, parties):
    own = {**parties, "PATIENTOVERBLIK_PARTIES_FILE": ""}
    listed = call("heartbeat", database=tmp_path / "own.sqlite3", **own)
    assert (listed.code, listed.out) == (0, "No sources are named (PATIENTOVERBLIK_PARTIES_FILE)\n")
    assert call("heartbeat", "--json", database=tmp_path / "own.sqlite3", **own).json == []


def test_without_a_database_there_is_nothing_to_note_it_in(tmp_path):
    said = call("heartbeat", "kommune", database=tmp_path / "none.sqlite3")
    assert (said.code, said.err.split(":")[0]) == (2, "cli.no-database")
    assert not (tmp_path / "none.sqlite3").exists()
