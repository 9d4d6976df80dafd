"""``copy --from A --to B``: a whole database into an empty one, and whether both then hold the same."""

import sys
from argparse import Namespace

from patientoverblik.edges.cli.output import FAULTS, FINE, refuse, say, say_json, talk
from patientoverblik.edges.cli.ports import CopyReport, Workshop
from patientoverblik.problems import Fault


def copy(arguments: Namespace, workshop: Workshop) -> int:
    """Copy, or go on with a copy that was stopped; exit 1 where the two sides differ."""
    try:
        report = workshop.copy(arguments.source, arguments.target, tell)
    except Fault as fault:
        return refuse(fault.code)
    return say_report(report, arguments.json)


def say_report(report: CopyReport, as_json: bool) -> int:
    """Print what a copy came to; the exit code."""
    if as_json:
        say_json(report)
    else:
        _say(report)
    return FINE if report.whole else FAULTS


def tell(table: str, rows: int) -> None:
    """Say how far a table has come, to somebody who watches."""
    if sys.stderr.isatty():
        talk(f"{table}: {rows} rows")


def _say(report: CopyReport) -> None:
    for name, rows, size, digest, same in report.tables:
        say(f"{'same' if same else 'DIFFERS':<8} {name:<20} {rows:>10} rows {size:>14} bytes  {digest}")
    say(f"{report.copied} rows copied, {report.documents} documents held, {report.wrong} not what their hash says")
    say(f"{report.broken_chains} chains of the security trail are broken")
    say(f"copied in {report.copy_seconds:.1f} s, read again on both sides in {report.compare_seconds:.1f} s")
