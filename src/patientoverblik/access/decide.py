"""May this actor do this now? The one place that makes permits (DESIGN 1, 2).

The decision is pure: the same question, evidence and configuration give the same answer, whoever asks and whatever is
stored.
"""

from collections.abc import Iterator
from functools import cache

from patientoverblik.access.bases import Case, has_relation
from patientoverblik.access.changes import asked_again_at, is_dead, valid_until
from patientoverblik.access.model import ActorKind, Block, Evidence, FollowUpKind, Outcome, Purpose, Question, Refusal
from patientoverblik.access.permit import Permit, Terms, grant
from patientoverblik.access.policy import DEFAULT, Policy
from patientoverblik.access.rules import RULES, Rule, Scope
from patientoverblik.access.units import related
from patientoverblik.access.visible import against, is_total, within

# Systems are hidden nothing, because they are shown nothing; jobs must see what they mend.
SHOWN_TO = ("professional", "citizen", "relative", "officer")


def decide(question: Question, evidence: Evidence, policy: Policy = DEFAULT) -> Permit | Refusal:
    """Permit or refuse by the first rule that fits; both say which rule and which reason."""
    case = Case(question, evidence, policy)
    rule = rule_of(case)
    return Refusal(rule.id, rule.code) if rule.scope is None else _permit(rule, rule.scope, case)


def rule_of(case: Case) -> Rule:
    """The first rule that fits."""
    rows = rules_about(case.question.actor.kind, case.question.purpose)
    return next(rule for rule in rows if _fits(rule, case))


def _fits(rule: Rule, case: Case) -> bool:
    for holds in rule.when:  # noqa: SIM110 - a generator would cost more than the conditions
        if not holds(case):
            return False
    return True


@cache
def rules_about(kind: ActorKind, purpose: Purpose) -> tuple[Rule, ...]:
    """The rules that speak of an actor kind and purpose, in order."""
    return tuple(rule for rule in RULES if rule.actor in (None, kind) and purpose in rule.purposes)


def _permit(rule: Rule, scope: Scope, case: Case) -> Permit:
    question, evidence, policy = case.question, case.evidence, case.policy
    blocks = _in_force(case, "block") if rule.blocked else ()
    consents = _in_force(case, "consent") if blocks else ()
    until = valid_until(evidence, policy, question.at)
    return grant(
        Terms(
            patient=question.patient,
            actor=question.actor,
            on_behalf_of=question.patient if question.purpose == "on-behalf" else 0,
            purpose=question.purpose,
            rule=rule.id,
            code=rule.code,
            scope=scope(case),
            blocks=blocks,
            may_read_withheld=rule.may_read_withheld,
            valid_until=until,
            asked_again_at=asked_again_at(question, evidence, policy, until),
            consents=consents,
            outcome=_outcome(blocks, consents),
            override=question.override if rule.id == "professional-override" else None,
            follow_ups=tuple(_follow_ups(rule, case)),
            dead=is_dead(evidence, question.at),
            hides_home=_hides_home(case),
            hides_relatives=_somebody_near(case) and question.actor.kind in SHOWN_TO,
            own_blocks=_has_own_blocks(case),
            unblockable=_unblockable(case),
            units=policy.units,
            at=question.at,
        )
    )


def _in_force(case: Case, kind: str) -> tuple[Block, ...]:
    actor, units = case.question.actor, case.policy.units
    return tuple(
        block
        for block in case.evidence.blocks
        if block.kind == kind and within(case.at, block.valid_from, block.valid_until) and against(block, actor, units)
    )


def _outcome(blocks: tuple[Block, ...], consents: tuple[Block, ...]) -> Outcome:
    """What blocks and consents come to for the actor, whatever documents there are (nsp.md §2.3)."""
    if not blocks or any(map(is_total, consents)):
        return "positive"
    return "negative" if any(map(is_total, blocks)) and not consents else "data-specific"


def _follow_ups(rule: Rule, case: Case) -> Iterator[FollowUpKind]:
    actor, person = case.question.actor, case.evidence.person
    if actor.kind != "professional" or case.question.purpose != "treatment":
        return
    if rule.id == "professional-override":
        yield "override"
    if not rule.confirmed or (rule.id == "professional-override" and not has_relation(case)):
        yield "unconfirmed-relation"
    if actor.person and actor.person == case.question.patient:
        yield "own-data"
    if actor.person and actor.person in person.family:
        yield "family"
    if actor.organisation and any(related(actor.organisation, one, case.policy.units) for one in person.employers):
        yield "colleague"


def _has_own_blocks(case: Case) -> bool:
    return case.question.actor.kind == "citizen" and any(
        block.kind == "block" and within(case.at, block.valid_from, block.valid_until) for block in case.evidence.blocks
    )


def _hides_home(case: Case) -> bool:
    """Whether the patient's name and address are hidden: they are protected, or those of somebody near them are."""
    if case.question.actor.kind not in SHOWN_TO or case.question.actor.kind == "citizen":
        return False
    person = case.evidence.person
    own = person.protected and within(case.at, person.protected_from, person.protected_until)
    return own or _somebody_near(case)


def _somebody_near(case: Case) -> bool:
    return any(within(case.at, one.valid_from, one.valid_until) for one in case.evidence.protections)


def _unblockable(case: Case) -> frozenset[str]:
    """The types that no block reaches: a rule about professionals; whom the citizen lets act for them is their own."""
    if case.question.actor.kind != "professional":
        return frozenset()
    rules = case.policy.types
    return frozenset(
        one.type_code for one in rules if not one.blockable and within(case.at, one.valid_from, one.valid_until)
    )
