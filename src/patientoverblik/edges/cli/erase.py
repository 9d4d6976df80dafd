"""``erase``: documents taken away for good by whoever has the installation in hand; first told, then done.

Whoever runs it answers for it as an officer, by the name they are logged in to the machine with.
"""

from argparse import Namespace

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.output import FINE, NOT_DONE, refuse, say, say_json
from patientoverblik.edges.cli.patient import given
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.service.erase import Erasure, erase_documents, what_would_go


def erase(arguments: Namespace, workshop: Workshop) -> int:
    """Tell what would go with a code of it; with that code and a ground, take it away."""
    if not workshop.has_database():
        return refuse("cli.no-database")
    patient = given(arguments)
    if isinstance(patient, int):
        return patient
    actor = msgspec.structs.replace(workshop.operator(), kind="officer")
    named = frozenset(arguments.documents)
    if arguments.code:
        answer = workshop.complete(
            lambda house: erase_documents(house, actor, patient, named, arguments.ground, arguments.code)
        )
    else:
        answer = workshop.complete(lambda house: what_would_go(house, actor, patient, named))
    return refuse(answer.code) if isinstance(answer, Refusal) else _tell(arguments, answer)


def _tell(arguments: Namespace, answer: Erasure) -> int:
    if arguments.json:
        rows = [{"entry": one.uuid, "document": one.unique_id, "title": one.title} for one in answer.documents]
        say_json({"documents": rows, "others": answer.others, "code": answer.code, "scrubbed": answer.scrubbed})
    else:
        for one in answer.documents:
            say(f"{one.uuid}  {one.unique_id}  {one.title}")
        say(f"{len(answer.documents)} documents, and {answer.others} sets, folders and associations with them")
        say(_last_line(arguments, answer))
    return FINE if answer.scrubbed or not arguments.code else NOT_DONE


def _last_line(arguments: Namespace, answer: Erasure) -> str:
    if not arguments.code:
        return f"Nothing was changed. To erase this: --ground GROUND --code {answer.code}"
    if answer.scrubbed:
        return "Erased. Nothing of it is left in the database; copies and backups are not reached from here"
    return "Erased from the registry. The disk may still hold it: see docs/security/data-protection.md"
