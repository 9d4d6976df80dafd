"""``handover`` and ``worklist``: what an organisation is asked to take over, and what it should know of."""

from argparse import Namespace

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.output import FINE, NOT_DONE, refuse, say, say_json
from patientoverblik.edges.cli.patient import acting, asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.edges.cli.submit import row
from patientoverblik.service.handover import Answer, Asked, answer_handover, handovers
from patientoverblik.service.model import Received, Refused
from patientoverblik.service.worklist import Item, Wanted, WorkList, work_list

ANSWERS: dict[str, Answer] = {"accept": "accepted", "decline": "declined", "start": "started"}


def handover(arguments: Namespace, workshop: Workshop) -> int:
    """List what the one who asks is asked to take over for a patient, or answer one of them by its line."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    answer = ANSWERS.get(arguments.what)
    if answer is None:
        found = workshop.complete(lambda house: handovers(house, asked.actor(house), asked.patient))
        return refuse(found.code) if isinstance(found, Refusal) else _say_asked(found, arguments.json)
    made = workshop.complete(
        lambda house: answer_handover(
            house, asked.actor(house), asked.patient, arguments.line, answer, arguments.reason
        )
    )
    return refuse(made.code) if isinstance(made, Refusal) else _say_answer(made, arguments.json)


def worklist(arguments: Namespace, workshop: Workshop) -> int:
    """Print the worklist of somebody's organisation."""
    who = acting(workshop, arguments.persona)
    if isinstance(who, int):
        return who
    if not workshop.has_database():
        return refuse("cli.no-database")
    wanted = Wanted(arguments.kind, arguments.unread, arguments.due, arguments.unit, arguments.after)
    answer = workshop.complete(lambda house: work_list(house, who.actor, wanted))
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json({"total": answer.total, "counts": answer.counts, "items": [_item(one) for one in answer.items]})
    else:
        _say_list(answer)
    return FINE


def _say_asked(found: tuple[Asked, ...], as_json: bool) -> int:
    if as_json:
        say_json(found)
        return FINE
    for one in found:
        say(f"{one.line}  {one.state:<10} {one.words} (asked by {one.sender})")
    if not found:
        say("nothing is asked of the organisation")
    return FINE


def _say_answer(made: Received | Refused, as_json: bool) -> int:
    if as_json:
        say_json(row("", made))
    elif isinstance(made, Refused):
        return refuse(made.code)
    else:
        say(f"answered: {made.receipts[0].unique_id}")
    return NOT_DONE if isinstance(made, Refused) else FINE


def _say_list(answer: WorkList) -> None:
    say(f"{answer.total} on the list, {answer.unread} unread, {answer.follow_ups} looks to account for")
    for one in answer.items:
        work, late = one.work, " OVERDUE" if one.overdue else ""
        say(f"{work.kind:<9} {one.state or '-':<14}{late} {one.name or '(protected)'}: {work.words or work.party}")


def _item(one: Item) -> dict[str, object]:
    """An item without the patient's key, which is never shown, and without what decides (DESIGN 14)."""
    told = msgspec.to_builtins(one.work)
    held = {name: told.get(name) for name in ("id", "kind", "words", "party", "at", "due", "law", "asked")}
    return {
        **held,
        "state": one.state,
        "overdue": one.overdue,
        "read": one.read,
        "name": one.name,
        "answer": one.reason,
    }
