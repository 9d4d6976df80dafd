"""No log of the whole test run holds a patient's number, name or words: what tests plant is searched for in all of them.

The plugin listens at the root of Python's logging through every test; tests that start a process of their own hand over
what it wrote to its standard error (:func:`untold`).
"""

import logging
import re
from collections.abc import Iterator

import pytest

# A Danish person number as anyone writes it (test persons carry day + 60), the marks that tests plant in documents
# (tests/generative/doors), and the official test person's name.
NUMBER = r"(?<![\w.-])(?:[0-3]\d|[6-9]\d)(?:0[1-9]|1[0-2])\d\d-?\d{4}(?![\w-])"
MARK = r"MÆRKE\d{3}X|Hemmeligtmaerke"
NAME = r"Nancy Ann|Ann Berggren|Nancy Berggren"
PLANTED = re.compile(f"{NUMBER}|{MARK}|{NAME}")
# The tests' own tools, which may say what a test asked for.
TOOLS = ("httpx", "httpcore", "hypothesis", "playwright", "asyncio")


def told(text: str) -> list[str]:
    """Every planted value in a text."""
    return PLANTED.findall(text)


def untold(text: str) -> str:
    """The text, which must hold no planted value; what it was is not repeated."""
    number = len(told(text))
    if number:
        pytest.fail(f"{number} planted values were told in a log", pytrace=False)
    return text


class Listening(logging.Handler):
    """Keeps where in the program a record with a planted value was made."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(message)s"))
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in TOOLS:
            return
        if told(self.format(record)):
            self.heard.append(f"{record.name}, {record.pathname} line {record.lineno}")


LISTENING = Listening()


@pytest.fixture(autouse=True)
def no_planted_value_is_logged() -> Iterator[None]:
    """Whatever a test does, nothing planted is in what was logged meanwhile, by any thread."""
    LISTENING.heard.clear()
    yield
    assert LISTENING.heard == []


def pytest_configure() -> None:
    """Listen from the beginning, to our own rooms from DEBUG on."""
    logging.getLogger().addHandler(LISTENING)
    logging.getLogger("patientoverblik").setLevel(logging.DEBUG)


def pytest_unconfigure() -> None:
    """Listen no longer."""
    logging.getLogger().removeHandler(LISTENING)
