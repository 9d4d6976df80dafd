"""May this actor do this now? The one place that makes permits (DESIGN 1, 2).

The decision is pure: the same question and evidence give the same answer, whoever asks and whatever is stored.
"""

from patientoverblik.access.changes import valid_until
from patientoverblik.access.model import Block, Evidence, Question, Refusal
from patientoverblik.access.permit import Permit, Terms, grant
from patientoverblik.access.rules import RULES, Rule, Scope
from patientoverblik.access.visible import against, within


def decide(question: Question, evidence: Evidence) -> Permit | Refusal:
    """Permit or refuse by the first rule that fits; both say which rule and which reason."""
    rule = _rule(question, evidence)
    return Refusal(rule.id, rule.code) if rule.scope is None else _permit(rule, rule.scope, question, evidence)


def _rule(question: Question, evidence: Evidence) -> Rule:
    return next(rule for rule in RULES if _fits(rule, question) and rule.when(question, evidence))


def _fits(rule: Rule, question: Question) -> bool:
    return rule.actor in (None, question.actor.kind) and question.purpose in rule.purposes


def _permit(rule: Rule, scope: Scope, question: Question, evidence: Evidence) -> Permit:
    return grant(
        Terms(
            patient=question.patient,
            actor=question.actor,
            on_behalf_of=question.patient if question.purpose == "on-behalf" else 0,
            purpose=question.purpose,
            rule=rule.id,
            code=rule.code,
            scope=scope(question, evidence),
            blocks=_blocks(question, evidence) if rule.blocked else (),
            may_read_withheld=rule.may_read_withheld,
            valid_until=valid_until(evidence, question.at),
        )
    )


def _blocks(question: Question, evidence: Evidence) -> tuple[Block, ...]:
    return tuple(
        block
        for block in evidence.blocks
        if within(question.at, block.valid_from, block.valid_until) and against(block, question.actor)
    )
