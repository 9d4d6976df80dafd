"""``sessions``: who is logged in, and all sessions of one of them ended."""

from argparse import Namespace
from datetime import UTC, datetime
from functools import partial

from patientoverblik.access import Refusal, Session
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.service.sessions import end_sessions, open_sessions

SHORT = 16


def sessions(arguments: Namespace, workshop: Workshop) -> int:
    """Print the sessions that are open, or end those of the person one of them is of."""
    if not workshop.has_database():
        return refuse("cli.no-database")
    found = workshop.complete(partial(open_sessions, actor=workshop.operator()))
    if isinstance(found, Refusal):
        return refuse(found.code)
    return _end(arguments.end, found, workshop) if arguments.end else _tell(found, arguments.json)


def _end(wanted: str, found: tuple[Session, ...], workshop: Workshop) -> int:
    meant = [each.id for each in found if len(wanted) >= SHORT and each.id.startswith(wanted)]
    if len(meant) != 1:
        return refuse("service.no-session")
    ended = workshop.complete(partial(end_sessions, actor=workshop.operator(), session=meant[0]))
    if isinstance(ended, Refusal):
        return refuse(ended.code)
    say(f"{ended.sessions} sessions of {ended.actor.name or ended.actor.id} ended")
    return FINE


def _tell(found: tuple[Session, ...], as_json: bool) -> int:
    if as_json:
        say_json([_row(each) for each in found])
    for row in [] if as_json else map(_row, found):
        say("  ".join(row.values()))
    return FINE


def _row(session: Session) -> dict[str, str]:
    """What tells people apart: never the secret, of which the id is only a hash."""
    started = datetime.fromtimestamp(session.started / 1000, UTC).isoformat(timespec="seconds")
    actor = session.actor
    return {"session": session.id[:SHORT], "since": started, "kind": actor.kind, "id": actor.id, "name": actor.name}
