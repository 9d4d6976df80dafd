"""``outbox``: what waits to be told to other services, and what was given up."""

from argparse import Namespace
from collections import Counter

from patientoverblik.edges.cli.output import FAULTS, FINE, refuse, say, say_json
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import CATALOGUE

MOST = 1000


def outbox(arguments: Namespace, workshop: Workshop) -> int:
    """Print how each feed stands, or let what was given up be tried again; exit 1 where anything was given up."""
    if not workshop.has_database():
        return refuse("cli.no-database")
    if arguments.retry:
        say(f"{workshop.retry(arguments.retry)} messages are tried again")
        return FINE
    queues = workshop.queues()
    failed = {queue.feed: Counter(workshop.given_up(queue.feed, MOST)) for queue in queues}
    if arguments.json:
        say_json([{"feed": one.feed, "waiting": one.waiting, "failed": failed[one.feed]} for one in queues])
    for one in queues if not arguments.json else ():
        say(f"{one.feed}: {one.waiting} waiting, {one.failed} given up")
        for code, number in failed[one.feed].items():
            say(f"  {number} {code}: {CATALOGUE[code].en}")
    return FAULTS if any(one.failed for one in queues) else FINE
