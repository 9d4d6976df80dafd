"""The sections of a care plan and their sub-sections: entries become items, narrative beyond them becomes passages."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from patientoverblik.care import (
    Concept,
    Condition,
    Contact,
    Contribution,
    Goal,
    Intervention,
    Item,
    Measurement,
    Passage,
    Relative,
)
from patientoverblik.formats.cda.derive.condition import conditions_of
from patientoverblik.formats.cda.derive.contact import contact_of, is_contact, stay_of, with_stay
from patientoverblik.formats.cda.derive.goal import goal_of
from patientoverblik.formats.cda.derive.header import facts_of, patient_of, relatives_of
from patientoverblik.formats.cda.derive.intervention import intervention_of
from patientoverblik.formats.cda.derive.measurement import measurement_of
from patientoverblik.formats.cda.derive.party import stated_relative_of
from patientoverblik.formats.cda.derive.plan import plan_of
from patientoverblik.formats.cda.derive.profiles import nature_of
from patientoverblik.formats.cda.derive.results import with_rows
from patientoverblik.formats.cda.derive.values import Notes
from patientoverblik.formats.cda.derive.words import passage_of
from patientoverblik.formats.cda.documents import (
    CarePlanDocument,
    ConcernSection,
    GoalSection,
    Heading,
    InterventionSection,
    OutcomeSection,
)

G = TypeVar("G", bound=Heading)
Act = Intervention | Contact


class Parts(NamedTuple):
    """What the sections of a care plan give, each list in the order of the document."""

    conditions: list[Condition]
    goals: list[Goal]
    acts: list[Act]
    measurements: list[Measurement]
    passages: list[Passage]


def care_plan(record: CarePlanDocument, profile: str, notes: Notes) -> Contribution:
    """The contribution of a care plan, or of a document of its shape that carries no plan."""
    nature = nature_of(profile)
    parts = _parts(record, notes)
    contacts = tuple(act for act in parts.acts if isinstance(act, Contact))
    return Contribution(
        document=facts_of(record, profile, notes),
        patient=patient_of(record.patient, notes),
        plan=plan_of(record, nature, notes) if nature.has_plan else None,
        conditions=tuple(parts.conditions),
        goals=tuple(parts.goals),
        interventions=tuple(act for act in parts.acts if isinstance(act, Intervention)),
        measurements=tuple(parts.measurements),
        contacts=with_stay(contacts, stay_of(record.stay, notes) if record.stay is not None else None),
        relatives=(*relatives_of(record), *_stated_relatives(record, notes)),
        passages=tuple(parts.passages),
    )


def _parts(record: CarePlanDocument, notes: Notes) -> Parts:
    parts = Parts([], [], [], [], [])
    _add_conditions(parts, record.concerns, notes)
    _add_goals(parts, record.goals, notes)
    _add_acts(parts, record.interventions, notes)
    _add_results(parts, record.outcomes, notes)
    if record.management is not None:
        _add_passage(parts, record.management, "", _management_words(record), "management")
    for at, other in enumerate(record.others):
        _add_passage(parts, other, "", (), f"others[{at}]")
    return parts


def _sub_sections(section: G, groups: tuple[G, ...], name: str) -> Iterator[tuple[G, str, str]]:
    """The section itself and its sub-sections, each with its place and the title its entries stand under."""
    yield section, name, section.title
    for at, group in enumerate(groups):
        yield group, f"{name}.groups[{at}]", group.title or section.title


def _add_conditions(parts: Parts, section: ConcernSection | None, notes: Notes) -> None:
    if section is None:
        return
    for group, place, title in _sub_sections(section, section.groups, "concerns"):
        found = tuple(conditions_of(group, title, notes, place))
        parts.conditions.extend(found)
        _add_passage(parts, group, title, _words(found), place)


def _add_goals(parts: Parts, section: GoalSection | None, notes: Notes) -> None:
    if section is None:
        return
    for group, place, title in _sub_sections(section, section.groups, "goals"):
        found = [goal_of(one, group.code, title, notes, f"{place}.items[{at}]") for at, one in enumerate(group.items)]
        parts.goals.extend(found)
        _add_passage(parts, group, title, _words(found), place)


def _add_acts(parts: Parts, section: InterventionSection | None, notes: Notes) -> None:
    if section is None:
        return
    for group, place, title in _sub_sections(section, section.groups, "interventions"):
        found: list[Act] = []
        for at, one in enumerate(group.items):
            where = f"{place}.items[{at}]"
            if is_contact(one):
                found.append(contact_of(one, title, notes, where))
            else:
                found.append(intervention_of(one, group.code, title, notes, where))
        parts.acts.extend(found)
        _add_passage(parts, group, title, _words(found), place)


def _add_results(parts: Parts, section: OutcomeSection | None, notes: Notes) -> None:
    if section is None:
        return
    for group, place, title in _sub_sections(section, section.groups, "outcomes"):
        coded = tuple(
            measurement_of(one, group.title, title, notes, f"{place}.items[{at}]") for at, one in enumerate(group.items)
        )
        found = with_rows(coded, group.text, notes)
        parts.measurements.extend(found)
        _add_passage(parts, group, title, _words(found), place)


def _words(items: Iterable[Item]) -> tuple[str, ...]:
    """What the items say: their words, and the codes and names of what they are."""
    texts: list[str] = []
    for item in items:
        texts.append(item.words)
        concept = getattr(item, "code", None)
        if isinstance(concept, Concept):
            for coding in concept.codings:
                texts += (coding.code, coding.display)
            texts.append(concept.text)
    return tuple([text for text in texts if text])


def _add_passage(parts: Parts, heading: Heading, title: str, spoken: tuple[str, ...], place: str) -> None:
    passage = passage_of(heading, title, spoken, place)
    if passage is not None:
        parts.passages.append(passage)


def _management_words(record: CarePlanDocument) -> tuple[str, ...]:
    said = record.management
    if said is None:
        return ()
    plan = (said.plan.words,) if said.plan is not None else ()
    words = (*plan, *(each.words for each in said.responsibilities), *(each.words for each in said.relatives))
    return tuple(text for text in words if text)


def _stated_relatives(record: CarePlanDocument, notes: Notes) -> tuple[Relative, ...]:
    said = record.management.relatives if record.management is not None else ()
    return tuple(stated_relative_of(each, notes, f"management.relatives[{at}]") for at, each in enumerate(said))
