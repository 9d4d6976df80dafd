"""``replay``: what a look showed, recreated from what was written down then; itself a look."""

from argparse import Namespace

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.layout import say_sheet
from patientoverblik.edges.cli.output import FAULTS, FINE, finding_rows, refuse, say, say_findings, say_json
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.service.replay import replay as replay_look


def replay(arguments: Namespace, workshop: Workshop) -> int:
    """Print the overview as it was shown; exit 1 where it can no longer be recreated exactly."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    answer = workshop.complete(lambda house: replay_look(house, asked.actor(house), asked.patient, arguments.look))
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json({"exact": answer.exact, "changed": finding_rows(answer.changed), "overview": answer.overview})
    else:
        say(f"Shown to {answer.original.actor.name or answer.original.actor.kind}, {answer.original.purpose}")
        say_findings(answer.changed)
        say_sheet(workshop.sheet(answer.overview))
    return FINE if answer.exact else FAULTS
