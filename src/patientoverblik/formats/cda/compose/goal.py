"""Goals as goal observations (CPD-DK, section 61146-7), with our constructs for what the norm has no place for."""

import msgspec

from patientoverblik.care import Evaluation, Goal, Party, Text, Unknown
from patientoverblik.care import Target as CareTarget
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.compose.party import wire_authors, wire_participations, wire_party, wire_relative_party
from patientoverblik.formats.cda.compose.values import (
    NO_INFORMATION,
    flavor,
    statement,
    wire_amount,
    wire_concept,
    wire_concept_or_null,
    wire_ids,
    wire_moment,
    wire_period,
    wire_text,
)
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD, II
from patientoverblik.formats.cda.derive.goal import implied_kind
from patientoverblik.formats.cda.derive.meaning import GOAL_STATUS

_STATUS = {value: code for code, value in reversed(GOAL_STATUS.items())}


def wire_goal(goal: Goal, group: CD | None) -> record.Goal:
    """A goal as it is written in a sub-section with the code ``group``."""
    status = _STATUS.get(goal.lifecycle, "active") if isinstance(goal.lifecycle, str) else "active"
    main, more = _split_targets(goal)
    wire = record.Goal(
        ids=wire_ids(goal.ids),
        code=wire_concept(goal.code),
        words=goal.words,
        status=status,
        time=wire_period(goal.period),
        value=None if main is None else wire_amount(main.amount),
        performers=wire_participations(goal.helpers, "performer"),
        authors=wire_authors(goal.documented_by),
        informants=_informants(goal.expressed_by),
        relatives=_relatives(goal.expressed_by),
        lifecycle=statement(goal.lifecycle, "lifecycle", GOAL_STATUS.get(status)),
        achievement=statement(goal.achievement, "achievement", None),
        importance=wire_text(goal.importance),
        horizon=statement(goal.horizon, "horizon", None),
        due=wire_moment(goal.due),
        targets=tuple(map(_target, more)),
        evaluations=tuple(map(_evaluation, goal.evaluations)),
        concerns=wire_ids(goal.addresses),
        supports=wire_ids(goal.supports),
        part_of=wire_ids(goal.part_of),
        note=wire_text(goal.note),
    )
    if implied_kind(wire, group) == goal.kind:
        return wire
    return msgspec.structs.replace(wire, kind=coded(f"goal-kind.{goal.kind}"))


def _split_targets(goal: Goal) -> tuple[CareTarget | None, tuple[CareTarget, ...]]:
    """The first target is the observation's own value where it measures what the goal's code says."""
    if not goal.targets:
        return None, ()
    first = goal.targets[0]
    own = first.measure == (goal.code if goal.code is not None else Unknown())
    fits = own and first.due is None and not isinstance(first.amount, Text | Unknown)
    return (first, goal.targets[1:]) if fits else (None, goal.targets)


def _target(of: CareTarget) -> record.Target:
    return record.Target(code=wire_concept_or_null(of.measure), time=wire_moment(of.due), value=wire_amount(of.amount))


def _evaluation(of: Evaluation) -> record.Evaluation:
    return record.Evaluation(
        words=of.words,
        time=wire_moment(of.time),
        value=statement(of.achievement, "achievement", None),
        performers=() if of.by is None else (wire_party(of.by),),
    )


def _informants(of: Party | Unknown) -> tuple[record.Party, ...]:
    if isinstance(of, Unknown):
        return (
            ()
            if of.reason == "no-information"
            else (record.Party(ids=(II(null=NO_INFORMATION),), code=CD(null=flavor(of))),)
        )
    return () if of.kind == "relative" else (wire_party(of),)


def _relatives(of: Party | Unknown) -> tuple[record.Relative, ...]:
    return (wire_relative_party(of),) if isinstance(of, Party) and of.kind == "relative" else ()
