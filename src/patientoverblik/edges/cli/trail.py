"""``trail``: the security trail verified, sealed, shortened by the retention period, and the key that signs it."""

from argparse import Namespace

from patientoverblik.edges.cli.output import FAULTS, FINE, finding_rows, refuse, say, say_findings, say_json
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import Fault, Finding

MOST_TOLD = 1000


def trail(arguments: Namespace, workshop: Workshop) -> int:
    """Do what is asked of the trail; exit 0 where it is whole, 1 where it is not, 2 where it cannot be told."""
    if not workshop.has_database():
        return refuse("cli.no-database")
    try:
        return DOES[arguments.what](arguments, workshop)
    except Fault as fault:
        return refuse(fault.code)


def verify(arguments: Namespace, workshop: Workshop) -> int:
    """Walk the trail; each fault is told with the handle of its chain and the number of its entry, never a patient."""
    found: list[Finding] = []
    faults = 0

    def tell(finding: Finding) -> None:
        nonlocal faults
        faults += 1
        if len(found) < MOST_TOLD:
            found.append(finding)

    seen = workshop.verify_trail(tell)
    if arguments.json:
        say_json({"whole": not faults, "seen": seen, "faults": faults, "findings": finding_rows(found)})
    else:
        say_findings(found)
        say(f"{seen.entries} entries, {seen.checkpoints} checkpoints, {seen.open_chains} chains with newer entries")
        say(f"{faults} faults" if faults else "The trail is whole")
    return FAULTS if faults else FINE


def seal(_: Namespace, workshop: Workshop) -> int:
    """Seal what was written since the last checkpoint."""
    say(f"{workshop.seal_trail()} checkpoints made")
    return FINE


def remove_old(_: Namespace, workshop: Workshop) -> int:
    """Remove what is older than the retention period."""
    say(f"{workshop.remove_old_entries()} entries removed")
    return FINE


def key(_: Namespace, workshop: Workshop) -> int:
    """Print the public half of the signing key."""
    say(workshop.trail_key().rstrip())
    return FINE


DOES = {"verify": verify, "seal": seal, "remove-old": remove_old, "key": key}
