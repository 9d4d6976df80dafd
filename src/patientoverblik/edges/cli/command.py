"""From words on the command line to the act they ask for."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence

from patientoverblik.edges.cli.arguments import parser
from patientoverblik.edges.cli.backup import backup, restore
from patientoverblik.edges.cli.check import check
from patientoverblik.edges.cli.copy import copy
from patientoverblik.edges.cli.doctor import doctor
from patientoverblik.edges.cli.documents import find, retrieve
from patientoverblik.edges.cli.erase import erase
from patientoverblik.edges.cli.explain import explain
from patientoverblik.edges.cli.explain_access import explain_access
from patientoverblik.edges.cli.handover import handover, worklist
from patientoverblik.edges.cli.heartbeat import heartbeat
from patientoverblik.edges.cli.log import log
from patientoverblik.edges.cli.migrate import migrate
from patientoverblik.edges.cli.outbox import outbox
from patientoverblik.edges.cli.output import NOT_DONE
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.edges.cli.read import read
from patientoverblik.edges.cli.register import register
from patientoverblik.edges.cli.replay import replay
from patientoverblik.edges.cli.sessions import sessions
from patientoverblik.edges.cli.show import show
from patientoverblik.edges.cli.submit import submit
from patientoverblik.edges.cli.token import token
from patientoverblik.edges.cli.trail import trail
from patientoverblik.edges.cli.use import use

Verb = Callable[[Namespace, Workshop], int]

VERBS: Mapping[str, Verb] = {
    "read": read,
    "check": lambda arguments, _: check(arguments),
    "submit": submit,
    "show": show,
    "find": find,
    "retrieve": retrieve,
    "explain": explain,
    "explain-access": explain_access,
    "replay": replay,
    "erase": erase,
    "serve": lambda _, workshop: workshop.serve(),
    "demo": lambda arguments, workshop: workshop.demo(arguments.load_only),
    "handover": handover,
    "worklist": worklist,
    "register": register,
    "doctor": doctor,
    "migrate": migrate,
    "copy": copy,
    "backup": backup,
    "restore": restore,
    "trail": trail,
    "log": log,
    "use": use,
    "outbox": outbox,
    "token": token,
    "sessions": sessions,
    "heartbeat": heartbeat,
}


def run(words: Sequence[str], workshop: Workshop) -> int:
    """Do what the words ask for; the exit code. Without any word the help is shown."""
    if not words:
        parser().print_help()
        return NOT_DONE
    arguments = parser().parse_args(words)
    return VERBS[arguments.command](arguments, workshop)
