"""The author's words: narrative as plain lines, the parts of it that stand in no entry, and faults told once."""

import re
from html import unescape

from patientoverblik.care import Passage
from patientoverblik.formats.cda.derive.values import Notes, coding_of
from patientoverblik.formats.cda.documents import Heading
from patientoverblik.problems import Finding

_LINE = re.compile("</?(?:br|tr|paragraph|item|list|table|caption)(?:[ /][^>]*)?>")
_CELL = re.compile("</?t[dh](?:[ /][^>]*)?>")
_OTHER = re.compile("<[^>]*>")
_HEADING = re.compile("<(th|caption)(?:[ /][^>]*)?>[^<]{0,60}</\\1>")


def joined(*texts: str) -> str:
    """The texts that are there, each once, a line each."""
    return "\n".join(dict.fromkeys(text for text in texts if text))


def plain(markup: str) -> str:
    """Narrative without its markup: a line per row, paragraph, item and break; cells stand beside each other."""
    text = unescape(_OTHER.sub("", _CELL.sub(" ", _LINE.sub("\n", markup))))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


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
    bare = _HEADING.sub("", markup)
    rest = " ".join((words if len(bare) == len(markup) else plain(bare)).split())
    for said in dict.fromkeys(spoken):
        rest = rest.replace(" ".join(said.split()), "", 1)
    return any(map(str.isalnum, rest))
