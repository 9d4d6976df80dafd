"""``use``: how the service is used, counted without anybody's identity."""

from argparse import Namespace
from datetime import date

from patientoverblik.edges.cli.output import FINE, refuse, say, say_json
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.insight.report import Group


def use(arguments: Namespace, workshop: Workshop) -> int:
    """Print the report from a day on."""
    if arguments.since and not _is_day(arguments.since):
        return refuse("cli.bad-date")
    found = workshop.use(arguments.since)
    if found is None:
        return refuse("cli.no-use-file")
    if arguments.json:
        say_json(found)
        return FINE
    for group in found.groups:
        say(_line(group))
    if not found.groups:
        say("Nothing was counted")
    return FINE


def _line(group: Group) -> str:
    name = f"{group.kind}, {group.door.replace('-', ' ')}"
    if group.few:
        return f"{name}: fewer than 5 looks"
    people = f"{group.people} people by day" if group.people else "fewer than 5 people"
    times = f"first content after {group.median} ms (slowest tenth {group.slow} ms)"
    return f"{name}: {group.looks} looks, {people}, {times}, {group.complete} % with every source"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
