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

ASKED = frozenset({"requested", "accepted", "declined", "started"})


class Handover(msgspec.Struct, frozen=True):
    """Something asked of an organisation: the identifiers it is known by, for which period, and what it is in words.

    ``receiver`` is the organisation as the sender's document names it, ``commitment`` what that document says of its
    answer.
    """

    covers: tuple[Identifier, ...]
    receiver: Organisation
    period: Period
    words: str
    commitment: str


def asked_of(care: Contribution) -> Iterator[Handover]:
    """Everything a document asks of organisations: stated responsibilities, and referrals that state none."""
    stated = () if care.plan is None else care.plan.responsibilities
    covered = {identifier for each in stated for identifier in each.covers}
    for each in stated:
        if each.commitment in ASKED:
            yield _of_responsibility(care, each)
    for act in care.interventions:
        if act.requested_of is not None and act.ids and covered.isdisjoint(act.ids) and _is_waiting(act):
            yield Handover(act.ids[:1], act.requested_of, act.period or Period(), act.words, "requested")


def _of_responsibility(care: Contribution, stated: Responsibility) -> Handover:
    plan = care.plan
    covers = stated.covers or (plan.ids if plan else ())
    named_by = [act.words for act in care.interventions if not set(act.ids).isdisjoint(covers)]
    words = "; ".join(named_by) or (plan.title if plan else "") or care.document.title
    return Handover(covers, stated.organisation, stated.period, words, str(stated.commitment))


def _is_waiting(act: Intervention) -> bool:
    return act.activity in ("not-started", "scheduled") and act.authorisation not in ("declined", "revoked", "ended")
