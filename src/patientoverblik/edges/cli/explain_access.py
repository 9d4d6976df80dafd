"""``explain-access``: which rule decides on somebody's access to a patient, and what would change it."""

from argparse import Namespace

from patientoverblik.access import Refusal
from patientoverblik.edges.cli.output import FAULTS, FINE, refuse, say, say_json
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.why import CanSee, Decided, who_can_see
from patientoverblik.service.why import explain_access as explain_own


def explain_access(arguments: Namespace, workshop: Workshop) -> int:
    """Print the decision on one's own access, or (``--who``, a citizen) who can see and why; exit 1 where it is no."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    if arguments.who:
        told = workshop.complete(
            lambda house: who_can_see(house, asked.actor(house), asked.patient, arguments.document)
        )
        return refuse(told.code) if isinstance(told, Refusal) else _say_who(told, arguments.json)
    purpose = asked.acting.purpose
    answer = workshop.complete(lambda house: explain_own(house, asked.actor(house), asked.patient, purpose))
    if arguments.json:
        say_json(answer)
    else:
        _say(answer)
    return FINE if answer.permitted else FAULTS


def _say(answer: Decided) -> None:
    say(f"{'yes' if answer.permitted else 'no'}: {CATALOGUE[answer.code].en}")
    say(f"  rule         {answer.rule}")
    say(f"  basis        {answer.basis.provision or 'decided locally'} {answer.basis.mark}: {answer.basis.note}")
    if answer.scope:
        say(f"  parts        {', '.join(answer.scope)}")
    for code in answer.changes:
        say(f"  changed by   {CATALOGUE[code].en}")


def _say_who(told: tuple[CanSee, ...], as_json: bool) -> int:
    if as_json:
        say_json([{**_row(one), "sees": one.sees} for one in told])
        return FINE
    for one in told:
        sees = {None: one.outcome, True: "sees it", False: "does not see it"}[one.sees]
        name = one.organisation.name or one.organisation.value if one.organisation else "a person acting for you"
        say(f"{name}: {CATALOGUE[one.decided.code].en} ({sees})")
    return FINE


def _row(one: CanSee) -> dict[str, object]:
    """Who it is without the patient key of a person, which is never shown (DESIGN 14)."""
    return {"organisation": one.organisation, "decided": one.decided, "outcome": one.outcome}
