"""``migrate``: bring the database's schema forward, or tell which steps that would take."""

from argparse import Namespace

from patientoverblik.edges.cli.output import FINE, refuse, say, say_json
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import Fault


def migrate(arguments: Namespace, workshop: Workshop) -> int:
    """Take every step that is left, each whole or not at all; with ``--dry-run`` only tell them."""
    try:
        before = workshop.schema()
        if before.found > before.newest:
            return refuse("storage.newer-schema")
        if not arguments.dry_run:
            workshop.migrate()
    except Fault as fault:
        return refuse(fault.code)
    steps = list(range(before.found + 1, before.newest + 1))
    if arguments.json:
        say_json({"from": before.found, "to": before.newest, "steps": steps, "taken": not arguments.dry_run})
    else:
        say(f"schema version {before.found}, this program's is {before.newest}")
        for step in steps:
            say(f"step {step} {'would be taken' if arguments.dry_run else 'taken'}")
    return FINE
