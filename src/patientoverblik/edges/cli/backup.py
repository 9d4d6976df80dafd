"""``backup FILE`` and ``restore FILE``: the whole database into one file and back, with everything checked."""

from argparse import Namespace

from patientoverblik.edges.cli.copy import say_report, tell
from patientoverblik.edges.cli.output import refuse
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import Fault


def backup(arguments: Namespace, workshop: Workshop) -> int:
    """Back up; exit 1 where what was written is not what is held."""
    try:
        return say_report(workshop.backup(arguments.file, tell), arguments.json)
    except Fault as fault:
        return refuse(fault.code)


def restore(arguments: Namespace, workshop: Workshop) -> int:
    """Restore; exit 1 where the database is not what was backed up."""
    try:
        return say_report(workshop.restore(arguments.file, tell), arguments.json)
    except Fault as fault:
        return refuse(fault.code)
