"""``heartbeat``: how the sources stand, and the operator's word for one that is there and had nothing to deliver."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.output import FAULTS, FINE, refuse, say, say_json
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.overview.model import SourceState
from patientoverblik.service import heartbeat as note


def heartbeat(arguments: Namespace, workshop: Workshop) -> int:
    """Note that the sources named are there, and print how they stand; without a name print how every one does. Exit 1
    where one is silent."""
    if not workshop.has_database():
        return refuse("cli.no-database")
    named = arguments.sources
    answer = workshop.complete(lambda house: note(house, workshop.operator(), *named)) if named else ()
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    return _tell([one for one in workshop.sources() if not named or one.id in named], arguments.json)


def _tell(sources: Sequence[SourceState], as_json: bool) -> int:
    if as_json:
        say_json([_row(one) for one in sources])
    for one in sources if not as_json else ():
        say("  ".join((one.id, one.state.replace("-", " "), _heard(one) or "never", one.name)))
    if not sources and not as_json:
        say("No sources are named (PATIENTOVERBLIK_PARTIES_FILE)")
    return FAULTS if any(one.state == "not-retrieved" for one in sources) else FINE


def _row(source: SourceState) -> dict[str, str | None]:
    return {"source": source.id, "name": source.name, "state": source.state, "heard": _heard(source)}


def _heard(source: SourceState) -> str | None:
    """When a source was last heard from; None where it never was."""
    return datetime.fromtimestamp(source.at / 1000, UTC).isoformat(timespec="seconds") if source.at else None
