"""The log's catalogue holds every line the program writes, and a line tells nothing but what the catalogue names."""

import ast
import json
import logging
from pathlib import Path

import patientoverblik
from patientoverblik.app.logs import EVENTS, JsonLines

SOURCE = Path(patientoverblik.__file__).parent


def written() -> set[str]:
    """The text of every call of a log in the program."""
    texts = (path.read_text() for path in SOURCE.rglob("*.py"))
    calls = (node for text in texts if "LOG." in text for node in ast.walk(ast.parse(text)))
    found = (node for node in calls if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    logs = (node for node in found if isinstance(node.func.value, ast.Name) and node.func.value.id == "LOG")
    return {node.args[0].value for node in logs}


def test_the_catalogue_holds_every_line_and_no_other():
    assert written() == set(EVENTS)


def test_every_value_of_a_line_has_a_name():
    for text, event in EVENTS.items():
        assert text.count("%s") == len(event.fields)


def line(text: str, *values: str, name: str = "patientoverblik.x") -> dict[str, object]:
    record = logging.LogRecord(name, logging.ERROR, "", 1, text, values, None)
    return json.loads(JsonLines().format(record))


def test_a_line_is_an_object_with_its_fields():
    told = line("a door failed: %s, request %s", "KeyError", "r1")
    assert (told["event"], told["error"], told["request"], told["level"]) == ("door-failed", "KeyError", "r1", "error")


def test_the_words_of_a_library_are_left_out():
    told = line("Nancy %s", "2512489996", name="uvicorn.error")
    assert (told["event"], told["library"]) == ("library", "uvicorn.error")
    assert "Nancy" not in str(told)
    assert "2512489996" not in str(told)
