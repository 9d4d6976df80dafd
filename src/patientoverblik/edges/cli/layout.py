"""A sheet as lines of text, indented so that each thing can be found again."""

from collections.abc import Iterator

from patientoverblik.edges.cli.output import say
from patientoverblik.edges.cli.ports import Part, Sheet, Told


def say_sheet(sheet: Sheet) -> None:
    """Print an overview: what must be known first, then part by part."""
    for line in (sheet.title, sheet.completeness, *(f"! {notice}" for notice in sheet.notices)):
        say(line)
    for part in sheet.parts:
        for line in _part(part):
            say(line)


def sentence(told: Told) -> str:
    """What it is and its facts, in one row."""
    return " · ".join(" ".join(text.split()) for text in (told.words, *told.facts) if text.strip())


def _part(part: Part) -> Iterator[str]:
    if part.notes or part.groups:
        yield f"\n{part.title}"
    for note in part.notes:
        yield f"  {note}"
    for group in part.groups:
        if group.title:
            yield f"  {group.title}"
        for told in group.told:
            yield from _told(told, "    " if group.title else "  ")


def _told(told: Told, margin: str) -> Iterator[str]:
    marks = f" [{', '.join(told.marks)}]" if told.marks else ""
    yield f"{margin}{' '.join(told.words.split())}{marks}"
    for fact in told.facts:
        yield f"{margin}  {' '.join(fact.split())}"
    source = " · ".join(text for text in (told.origin, told.line) if text)
    if source:
        yield f"{margin}  {source}"
