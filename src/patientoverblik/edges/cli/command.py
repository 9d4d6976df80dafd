"""From words on the command line to the act they ask for."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from patientoverblik.edges.cli.arguments import parser
from patientoverblik.edges.cli.check import check
from patientoverblik.edges.cli.doctor import doctor
from patientoverblik.edges.cli.documents import find, retrieve
from patientoverblik.edges.cli.explain import explain
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.edges.cli.read import read
from patientoverblik.edges.cli.replay import replay
from patientoverblik.edges.cli.show import show
from patientoverblik.edges.cli.submit import submit

Verb = Callable[[Namespace, Workshop], int]

VERBS: Mapping[str, Verb] = {
    "read": lambda arguments, _: read(arguments),
    "check": lambda arguments, _: check(arguments),
    "submit": submit,
    "show": show,
    "find": find,
    "retrieve": retrieve,
    "explain": explain,
    "replay": replay,
    "serve": lambda _, workshop: workshop.serve(),
    "demo": lambda arguments, workshop: workshop.demo(arguments.load_only),
    "doctor": doctor,
}


def run(words: Sequence[str], workshop: Workshop) -> int:
    """Do what the words ask for; the exit code."""
    arguments = parser().parse_args(words)
    return VERBS[arguments.command](arguments, workshop)
