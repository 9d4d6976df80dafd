"""The plan's own statement, responsibilities and relatives (our section Planens ansvar og status)."""

import msgspec

from patientoverblik.care import Plan, Relative, Responsibility
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.compose.party import wire_authors, wire_organisation, wire_party, wire_stated_relative
from patientoverblik.formats.cda.compose.values import (
    NO_INFORMATION,
    statement,
    wire_coding,
    wire_ids,
    wire_interval,
    wire_moment,
    wire_text,
)
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import II
from patientoverblik.formats.cda.documents import ManagementSection

MANAGEMENT = coded("management")


def management_of(plan: Plan | None, relatives: tuple[Relative, ...]) -> ManagementSection | None:
    """The section of what the plan says of itself; none where there is nothing to say."""
    if plan is None and not relatives:
        return None
    return ManagementSection(
        code=MANAGEMENT,
        title=MANAGEMENT.display,
        plan=None if plan is None else _statement(plan),
        responsibilities=() if plan is None else tuple(map(_responsibility, plan.responsibilities)),
        relatives=tuple(map(wire_stated_relative, relatives)),
    )


def _statement(plan: Plan) -> record.PlanStatement:
    return record.PlanStatement(
        ids=wire_ids(plan.ids),
        words=plan.words,
        status=statement(plan.status, "plan-status", None),
        authors=wire_authors(plan.documented_by),
        kind=coded(f"plan-kind.{plan.kind}"),
        review=wire_moment(plan.review),
        labels=tuple(code for code in map(wire_coding, plan.labels[1:]) if code is not None),
        note=wire_text(plan.note),
    )


def _responsibility(of: Responsibility) -> record.ResponsibilityStatement:
    organisation = wire_organisation(of.organisation)
    bare = record.Party(ids=(II(null=NO_INFORMATION),), organisation=organisation)
    party = bare if of.party is None else msgspec.structs.replace(wire_party(of.party), organisation=organisation)
    return record.ResponsibilityStatement(
        words=of.words,
        time=wire_interval(of.period),
        performers=(msgspec.structs.replace(party, organisation=organisation),),
        commitment=statement(of.commitment, "commitment", None),
        covers=wire_ids(of.covers),
    )
