"""The task study's reader: the same steps cost the same whatever page they are on, and nothing is found unseen."""

import pytest
from tools.study.__main__ import patients
from tools.study.reading import CLICK, KEY, SCREEN, WORDS_A_SECOND, Block, Task, Walk, read, worth_reading

from tests.conftest import PROJECT

TASK = Task("Mål", "Hvad er målet?", ("mål",), ("plan",), "gå", ("gå ture", "hver dag"))


def lines(*texts: str) -> list[Block]:
    return [Block(text, top=20 * at, bottom=20 * at + 20) for at, text in enumerate(texts)]


def test_a_reader_stops_where_the_last_fact_stands_in_view():
    walk = read(Walk(), TASK, lines("Vil gerne gå ture", "og det hver dag", "mere tekst her"))
    assert walk.seen == {0, 1}
    assert walk.words == 8
    assert walk.seconds == pytest.approx(8 / WORDS_A_SECOND)


def test_a_fact_over_two_lines_is_not_found():
    walk = read(Walk(), TASK, lines("Vil gerne gå", "ture hver", "dag"))
    assert not walk.seen


def test_nothing_is_read_twice_and_everything_costs():
    walk = read(Walk(clicks=2, keys=3, waited=0.5), TASK, lines("en linje", "en linje", "og en til"))
    assert walk.words == 5
    assert walk.seconds == pytest.approx(2 * CLICK + 3 * KEY + 0.5 + 5 / WORDS_A_SECOND)


def test_what_is_further_down_takes_a_scroll_for_each_screen():
    walk = read(
        Walk(), TASK, [Block("nede", top=2 * SCREEN + 10, bottom=2 * SCREEN + 30), Block("oppe", top=0, bottom=20)]
    )
    assert walk.keys == 2 + 1


def test_a_reader_looks_behind_headings_with_the_tasks_words_and_under_them():
    page = [
        Block("før"), Block("Aftaler", 2), Block("nej"), Block("Mål", 2), Block("ja"), Block("Andet", 3), Block("ja også"),
        Block("Planer", 2), Block("nej igen"), Block("Mål i planen", 3), Block("ja der"),
    ]  # fmt: skip
    at_once = [block.text for block, told in worth_reading(page, TASK) if told and not block.level]
    assert at_once == ["før", "ja", "ja også", "ja der"]


def test_every_patient_is_asked_the_same_five_kinds_and_the_form_asks_the_same():
    asked = patients()
    kinds = [[task.kind for task in tasks] for _, _, tasks in asked]
    assert len(asked) == 3
    assert kinds == [kinds[0]] * 3
    assert len(set(kinds[0])) == 5
    form = (PROJECT / "docs" / "study-form.md").read_text(encoding="utf-8")
    result = (PROJECT / "docs" / "study.md").read_text(encoding="utf-8")
    for _, name, tasks in asked:
        for task in tasks:
            assert f"| {name} | {task.question} |" in form
            assert f"| {name} | {task.question} |" in result
