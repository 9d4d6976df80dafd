"""Sections: items under one title become one sub-section, in their order; a passage is a section of its own."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TypeVar

from patientoverblik.care import Condition, Contact, Goal, Intervention, Item, Measurement, Passage
from patientoverblik.formats.cda.compose.condition import concern_of
from patientoverblik.formats.cda.compose.goal import wire_goal
from patientoverblik.formats.cda.compose.intervention import wire_contact, wire_intervention
from patientoverblik.formats.cda.compose.measurement import wire_measurement
from patientoverblik.formats.cda.compose.values import wire_coding
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.formats.cda.derive.meaning import writing
from patientoverblik.formats.cda.documents import (
    ConcernGroup,
    ConcernSection,
    GoalGroup,
    GoalSection,
    Heading,
    InterventionGroup,
    InterventionSection,
    OutcomeGroup,
    OutcomeSection,
)
from patientoverblik.formats.cda.record import Concern

T = TypeVar("T", bound=Item)
CONCERNS, GOALS = "Tilstande, diagnoser mm.", "Mål"
ACTS, RESULTS = "Udførte eller planlagte interventioner", "Resultater"
LOINC = "2.16.840.1.113883.6.1"
_OWN_GOALS = writing("goal_kind")["patient"]
_GROUP_OF_KIND = {"early-sign-response": coded("early-signs"), "agreement": coded("agreed-actions")}


def concern_section(conditions: Sequence[Condition]) -> ConcernSection:
    """Tilstande, diagnoser mm.; the norm wants an entry also where there is nothing to tell."""
    none = ConcernGroup(title="Ingen helbredsforhold", items=(Concern(code=coded("note"), status="completed"),))
    groups = tuple(
        ConcernGroup(title=title, items=tuple(map(concern_of, items)))
        for title, items in _by_title(conditions, CONCERNS)
    )
    return ConcernSection(code=_loinc("75310-3", "Health Concerns"), title=CONCERNS, groups=groups or (none,))


def goal_section(goals: Sequence[Goal]) -> GoalSection:
    """Mål; the patient's own stand in a sub-section that says so."""
    groups = tuple(_goal_group(title, items) for title, items in _by_title(goals, GOALS))
    return GoalSection(code=_loinc("61146-7", "Goals"), title=GOALS, groups=groups or (GoalGroup(title="Ingen mål"),))


def intervention_section(interventions: Sequence[Intervention], contacts: Sequence[Contact]) -> InterventionSection:
    """Indsatser, then contacts."""
    planned = tuple(_intervention_group(title, items) for title, items in _by_title(interventions, ACTS))
    met = tuple(
        InterventionGroup(title=title, items=tuple(map(wire_contact, items)))
        for title, items in _by_title(contacts, ACTS)
    )
    return InterventionSection(
        code=_loinc("62387-6", "Interventions"),
        title=ACTS,
        groups=(*planned, *met) or (InterventionGroup(title="Ingen indsatser"),),
    )


def outcome_section(measurements: Sequence[Measurement]) -> OutcomeSection | None:
    """Resultater; no section where there are none."""
    if not measurements:
        return None
    groups = tuple(
        OutcomeGroup(title=title, items=tuple(map(wire_measurement, items)))
        for title, items in _by_title(measurements, RESULTS)
    )
    return OutcomeSection(code=_loinc("11383-7", "Patient Problem Outcome Section"), title=RESULTS, groups=groups)


def passage_section(passage: Passage) -> Heading:
    """A passage as a section of its own."""
    return Heading(code=wire_coding(passage.code), title=passage.title, text=markup(passage.words))


def markup(words: str) -> str:
    """Words as narrative: a paragraph per line."""
    return "".join(f"<paragraph>{escape(line, quote=False)}</paragraph>" for line in words.split("\n"))


def _goal_group(title: str, goals: tuple[Goal, ...]) -> GoalGroup:
    code = _OWN_GOALS if all(goal.kind == "patient" for goal in goals) else None
    return GoalGroup(title=title, code=code, items=tuple(wire_goal(goal, code) for goal in goals))


def _intervention_group(title: str, items: tuple[Intervention, ...]) -> InterventionGroup:
    kinds = {each.kind for each in items}
    code = _GROUP_OF_KIND.get(kinds.pop()) if len(kinds) == 1 else None
    return InterventionGroup(title=title, code=code, items=tuple(wire_intervention(each, code) for each in items))


def _by_title(items: Sequence[T], section: str) -> list[tuple[str, tuple[T, ...]]]:
    """Runs of items under one title; items without a title stand under the section's."""
    return [(title, tuple(run)) for title, run in groupby(items, key=lambda item: item.section or section)]


def _loinc(code: str, display: str) -> CD:
    return CD(code=code, system=LOINC, system_name="LOINC", display=display)
