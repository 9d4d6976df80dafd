"""The author's words: narrative as plain lines, the parts of it that stand in no entry, and faults told once."""

import re
from functools import lru_cache
from html import unescape

from patientoverblik.care import Passage
from patientoverblik.formats.cda.derive.values import Notes, coding_of
from patientoverblik.formats.cda.documents import Heading
from patientoverblik.problems import Finding

_TAG = re.compile("</?([A-Za-z0-9]*)[^>]*>")
_EDGES = dict.fromkeys(("br", "tr", "paragraph", "item", "list", "table", "caption"), "\n") | {"td": " ", "th": " "}
"""What stands for the tags of an element when the markup goes: a new line, a blank beside a cell, else nothing."""
_HEADING = re.compile("<(?:th|caption)(?:[ /][^>]*)?>([^<]{1,60})</")


def joined(*texts: str) -> str:
    """The texts that are there, each once, a line each."""
    return "\n".join(dict.fromkeys(text for text in texts if text))


@lru_cache(maxsize=1)
def plain(markup: str) -> str:
    """Narrative without its markup: a line per row, paragraph, item and break; cells stand beside each other.

    The last is kept, as a section's narrative is asked for twice in a row: for its rows and for what nobody said.
    """
    pieces = _TAG.split(markup)
    pieces[1::2] = [_EDGES.get(name, "") for name in pieces[1::2]]
    lines = [" ".join(line.split()) for line in unescape("".join(pieces)).split("\n") if line]
    return "\n".join([line for line in lines if line])


def passage_of(heading: Heading, section: str, spoken: tuple[str, ...], place: str) -> Passage | None:
    """The narrative of a section as a passage, unless all of it stands in the entries' own words (``spoken``)."""
    if not heading.text:
        return None
    words = plain(heading.text)
    if not words or (spoken and not _unspoken(heading.text, words, spoken)):
        return None
    return Passage(place=place, title=heading.title or section, code=coding_of(heading.code), words=words)


def unknown_status(status: str, notes: Notes, place: str) -> None:
    """Tell of a status code that no table knows; an absent one is no fault."""
    if status:
        notes.append(Finding("derive.status-not-known", place))


def _unspoken(markup: str, words: str, spoken: tuple[str, ...]) -> bool:
    """Whether narrative says more than the entries do; a short heading of a column or table says no more."""
    rest = " ".join(words.split())
    for said in (*map(unescape, _HEADING.findall(markup)), *dict.fromkeys(spoken)):
        rest = rest.replace(" ".join(said.split()), "", 1)
    return any(map(str.isalnum, rest))
