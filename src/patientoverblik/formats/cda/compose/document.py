"""``compose``: what a party contributes to the record of a document, by the profile it is to be written with."""

from typing import Any, TypeVar

from patientoverblik.care import Contribution
from patientoverblik.formats.cda.compose.appointment import appointment_title, authors_of, interval_event, visit_section
from patientoverblik.formats.cda.compose.header import (
    APPOINTMENT,
    CARE_PLAN,
    consents_of,
    header_of,
    in_header,
    team_event,
)
from patientoverblik.formats.cda.compose.plan import management_of
from patientoverblik.formats.cda.compose.sections import (
    concern_section,
    goal_section,
    intervention_section,
    outcome_section,
    passage_section,
)
from patientoverblik.formats.cda.derive.profiles import nature_of
from patientoverblik.formats.cda.documents import AppointmentDocument, CarePlanDocument, Document

D = TypeVar("D", bound=Document)


def compose(contribution: Contribution, profile: str) -> CarePlanDocument | AppointmentDocument:
    """The record of a contribution. What the profile cannot carry is named, with the reason, by ``lost_in``."""
    if contribution.appointments:
        return _appointment(contribution)
    return _care_plan(contribution, profile)


def _care_plan(contribution: Contribution, profile: str) -> CarePlanDocument:
    plan = contribution.plan if nature_of(profile).has_plan else None
    said = () if in_header(contribution) else contribution.relatives
    body: dict[str, Any] = {
        "concerns": concern_section(contribution.conditions),
        "goals": goal_section(contribution.goals),
        "interventions": intervention_section(contribution.interventions, contribution.contacts),
        "outcomes": outcome_section(contribution.measurements),
        "management": management_of(plan, said),
        "others": tuple(map(passage_section, contribution.passages)),
    }
    if plan is not None:
        body |= {
            "services": team_event(plan.participants),
            "consents": consents_of(plan),
        }
    return _with(CarePlanDocument, header_of(contribution, CARE_PLAN, contribution.document.title), body)


def _appointment(contribution: Contribution) -> AppointmentDocument:
    """The norm forbids recipients, informants, a legal authenticator and further sections (APD-DK 2.0.1)."""
    body: dict[str, Any] = {
        "visit": visit_section(contribution.appointments),
        "period": interval_event(contribution.appointments),
        "authors": authors_of(contribution),
        "relatives": (),
        "recipients": (),
        "legal_authenticator": None,
    }
    return _with(AppointmentDocument, header_of(contribution, APPOINTMENT, appointment_title(contribution)), body)


def _with(of: type[D], header: Document, body: dict[str, Any]) -> D:
    return of(**{name: getattr(header, name) for name in header.__struct_fields__} | body)
