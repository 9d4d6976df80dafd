"""``show``: one patient's overview as text or JSON, seen as somebody may see it; the look is logged like any other."""

from argparse import Namespace

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.layout import say_sheet
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
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
        say_sheet(workshop.sheet(answer.overview))
        say(f"\nLook {answer.look}")
    return FINE
