"""``doctor``: whether the installation is in order, in one row per thing looked at."""

from argparse import Namespace

from patientoverblik.edges.cli.output import FAULTS, FINE, say, say_json
from patientoverblik.edges.cli.ports import Workshop


def doctor(arguments: Namespace, workshop: Workshop) -> int:
    """Print what was looked at; exit 1 where something is not fine."""
    found = workshop.diagnose()
    if arguments.json:
        say_json(found)
    for diagnosis in found if not arguments.json else ():
        say(f"{'fine' if diagnosis.fine else 'FAULT':<6} {diagnosis.what}: {diagnosis.found}")
    return FINE if all(diagnosis.fine for diagnosis in found) else FAULTS
