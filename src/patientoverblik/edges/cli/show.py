"""``show``: one patient's overview as text or JSON, seen as somebody may see it; the look is logged like any other."""

from argparse import Namespace
from datetime import datetime

from patientoverblik.access import Refusal
from patientoverblik.care import COPENHAGEN, Concept, Unknown
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.overview import load_view, text_of
from patientoverblik.overview.model import Line, Overview
from patientoverblik.service.look import look

VIEWS = {"professional": "professional", "citizen": "citizen", "relative": "relative"}


def show(arguments: Namespace, workshop: Workshop) -> int:
    """Print the overview."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    view = VIEWS[asked.acting.actor.kind]
    answer = workshop.complete(lambda house: look(house, asked.actor(house), asked.patient, asked.acting.purpose, view))
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json(answer.overview)
    else:
        say_overview(answer.overview)
        say(f"\nLook {answer.look}")
    return FINE


def say_overview(overview: Overview) -> None:
    """The overview as lines of text: sources first, then each section with its lines and where they come from."""
    view = load_view(overview.view.split("/")[0])
    say(f"{view.title} · {_clock(overview.at)}")
    for source in overview.sources:
        say(f"  {source.state:<14} {source.name}")
    titles = {section.id: section.title for section in view.sections}
    for section in overview.sections:
        if section.lines:
            say(f"\n{titles.get(section.id, section.id)}")
        for line in section.lines:
            _say_line(overview.lines[line])
    for difference in overview.differences:
        say(f"\nBør drøftes: {text_of(difference.rule, difference.about)}")
        for line in difference.lines:
            _say_line(overview.lines[line])


def _say_line(line: Line) -> None:
    told = line.attribution
    flags = "".join(f" · {text_of(flag.code, flag.about)}" for flag in line.flags)
    also = "".join(f", også hos {wording.attribution.organisation}" for wording in line.wordings[1:])
    say(f"  [{line.phase}] {words(line)}{flags}")
    say(f"      Fra {told.organisation}{also} · {line.id}")


def words(line: Line) -> str:
    """What a line says in one row: the author's words, else the code's text."""
    value = line.value
    for name in ("words", "title", "text"):
        if words := getattr(value, name, ""):
            return " ".join(str(words).split())
    for name in ("code", "reason", "concept", "relation"):
        concept = getattr(value, name, None)
        if isinstance(concept, Concept):
            return concept.text or next((coding.display or coding.code for coding in concept.codings), "")
        if isinstance(concept, Unknown):
            return "Ikke oplyst"
    return str(getattr(value, "field", line.kind))


def _clock(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, COPENHAGEN).isoformat(timespec="minutes")
