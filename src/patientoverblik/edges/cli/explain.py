"""``explain LINE``: where a line of the overview comes from, to the place in the document and the mapping's line."""

from argparse import Namespace

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.layout import sentence
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.edges.cli.show import VIEWS
from patientoverblik.overview import text_of
from patientoverblik.service.explain import explain as explain_line
from patientoverblik.service.model import Explained
from patientoverblik.service.picture import Asked


def explain(arguments: Namespace, workshop: Workshop) -> int:
    """Print every wording of a line and where it stands."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    view, acting = VIEWS[asked.acting.actor.kind], asked.acting
    answer = workshop.complete(
        lambda house: explain_line(
            house, Asked(asked.actor(house), asked.patient, acting.purpose, view, house.clock()), arguments.line
        )
    )
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json(answer)
    else:
        _say(answer, workshop, view)
    return FINE


def _say(answer: Explained, workshop: Workshop, view: str) -> None:
    say(sentence(workshop.told(answer.line.value, view)))
    if answer.line.rule:
        say(f"  one line by  {answer.line.rule}: {text_of(answer.line.rule)}")
    for wording, explanation in zip(answer.line.wordings, answer.origins, strict=True):
        told = wording.attribution
        say(f"  from         {told.organisation}{', ' if told.author else ''}{told.author} · {told.updated_text}")
        say(f"  document     {told.document_title} · {explanation.entry}")
        say(f"  place        {explanation.path or 'no longer found in the document'}")
        say(f"  mapping      {told.profile} · {explanation.mapping}")
