"""Interventions and contacts as they are written (CPD-DK, section 62387-6)."""

import msgspec

from patientoverblik.care import Contact, Intervention
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.compose.party import wire_authors, wire_participations, wire_place
from patientoverblik.formats.cda.compose.values import (
    statement,
    wire_concept,
    wire_ids,
    wire_moment,
    wire_period,
    wire_text,
)
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD
from patientoverblik.formats.cda.derive.contact import implied_setting, is_contact
from patientoverblik.formats.cda.derive.intervention import implied_kind
from patientoverblik.formats.cda.derive.meaning import CONTACT_STATUS, INTENT, INTERVENTION_STATUS

_ACTIVITY = {
    "completed": ("EVN", "completed"),
    "in-progress": ("EVN", "active"),
    "stopped": ("EVN", "aborted"),
    "on-hold": ("INT", "suspended"),
    "cancelled": ("INT", "cancelled"),
    "entered-in-error": ("INT", "nullified"),
}
_CONTACT = {
    "completed": ("EVN", "completed"),
    "in-progress": ("EVN", "active"),
    "planned": ("INT", "active"),
    "cancelled": ("EVN", "cancelled"),
    "entered-in-error": ("EVN", "nullified"),
}
_PLANNED = ("INT", "active")
_DONE = ("EVN", "completed")


def wire_intervention(of: Intervention, group: CD | None) -> record.Intervention:
    """An intervention as it is written in a sub-section with the code ``group``."""
    mood, status = _ACTIVITY.get(of.activity, _PLANNED) if isinstance(of.activity, str) else _PLANNED
    wire = record.Intervention(
        mood=mood,
        ids=wire_ids(of.ids),
        code=wire_concept(of.code),
        words=of.words,
        status=status,
        time=wire_period(of.period, "both"),
        performers=wire_participations(of.performers, "performer"),
        authors=wire_authors(of.documented_by),
        intent=statement(of.intent, "intent", INTENT.get(mood)),
        authorisation=statement(of.authorisation, "authorisation", None),
        activity=statement(of.activity, "activity", INTERVENTION_STATUS.get((mood, status))),
        status_reason=wire_text(of.status_reason),
        instruction=wire_text(of.instruction),
        start_by=wire_moment(of.start_by),
        repetition=wire_text(of.repetition),
        next_due=wire_moment(of.next_due),
        responsible=wire_place(of.responsible),
        requested_of=wire_place(of.requested_of),
        reasons=wire_ids(of.reasons),
        goals=wire_ids(of.goals),
        realises=wire_ids(of.realises),
        replaces=wire_ids(of.replaces),
        note=wire_text(of.note),
    )
    if implied_kind(wire, group) == of.kind and not is_contact(wire):
        return wire
    return msgspec.structs.replace(wire, kind=coded(f"intervention-kind.{of.kind}"))


def wire_contact(of: Contact) -> record.Intervention:
    """A contact as it is written among the interventions."""
    mood, status = _CONTACT.get(of.status, _DONE) if isinstance(of.status, str) else _DONE
    wire = record.Intervention(
        mood=mood,
        ids=wire_ids(of.ids),
        code=wire_concept(of.code),
        words=of.words,
        status=status,
        time=wire_period(of.period, "both"),
        performers=wire_participations(of.performers, "performer"),
        authors=wire_authors(of.documented_by),
        kind=coded("intervention-kind.contact"),
        activity=statement(of.status, "contact-status", CONTACT_STATUS.get((mood, status))),
        where=wire_place(of.organisation),
        appointments=wire_ids(of.appointment),
        note=wire_text(of.note),
    )
    if implied_setting(wire) == of.setting:
        return wire
    return msgspec.structs.replace(wire, setting=coded(f"setting.{of.setting}"))
