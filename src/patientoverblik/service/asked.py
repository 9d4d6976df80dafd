"""What a document asks other parties to take over, and how far they have come with it."""

from collections.abc import Iterator

import msgspec

from patientoverblik.care import (
    Contribution,
    Identifier,
    Intervention,
    Organisation,
    Period,
    Responsibility,
)
from patientoverblik.service.deadlines import Deadline, deadline

ASKED = frozenset({"requested", "accepted", "declined", "started"})


class Handover(msgspec.Struct, frozen=True):
    """Something asked of an organisation: the identifiers it is known by, for which period, and what it is in words.

    ``receiver`` is the organisation as the sender's document names it, ``commitment`` what that document says of its
    answer; ``acts`` are the interventions handed over, none for a whole plan; ``deadline`` when they must have begun.
    """

    covers: tuple[Identifier, ...]
    receiver: Organisation
    period: Period
    words: str
    commitment: str
    acts: tuple[Intervention, ...] = ()
    deadline: Deadline = Deadline()


def asked_of(care: Contribution) -> Iterator[Handover]:
    """Everything a document asks organisations to take over: stated responsibilities, and referrals that state none. A
    message asks for an answer alone."""
    stated = () if care.plan is None or care.plan.kind == "message" else care.plan.responsibilities
    covered = {identifier for each in stated for identifier in each.covers}
    for each in stated:
        if each.commitment in ASKED:
            yield _of_responsibility(care, each)
    for act in care.interventions:
        if act.requested_of is not None and act.ids and covered.isdisjoint(act.ids) and _is_waiting(act):
            period, acts = act.period or Period(), (act,)
            due = deadline(care, acts, period)
            yield Handover(act.ids[:1], act.requested_of, period, act.words, "requested", acts, due)


def _of_responsibility(care: Contribution, stated: Responsibility) -> Handover:
    plan = care.plan
    covers = stated.covers or (plan.ids if plan else ())
    acts = tuple(act for act in care.interventions if not set(act.ids).isdisjoint(covers))
    words = "; ".join(act.words for act in acts) or (plan.title if plan else "") or care.document.title
    due = deadline(care, acts, stated.period)
    return Handover(covers, stated.organisation, stated.period, words, str(stated.commitment), acts, due)


def _is_waiting(act: Intervention) -> bool:
    return act.activity in ("not-started", "scheduled") and act.authorisation not in ("declined", "revoked", "ended")
