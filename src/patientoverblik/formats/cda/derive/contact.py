"""Contacts: done interventions that are contacts, and the hospital stay that the header tells of."""

from typing import cast

from patientoverblik.care import Contact, ContactClass, Period
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.derive.meaning import CONTACT_CODE, CONTACT_SETTING, CONTACT_STATUS
from patientoverblik.formats.cda.derive.party import organisation_at, organisation_of, participations_of
from patientoverblik.formats.cda.derive.values import (
    Notes,
    concept_of,
    identifiers_of,
    period_of,
    stated,
    text_of,
    value_of,
)


def is_contact(wire: record.Intervention) -> bool:
    """Whether an intervention is a contact: by our construct, or done and coded as one."""
    if wire.kind is not None:
        return value_of(wire.kind, "intervention-kind") == "contact"
    return wire.mood == "EVN" and wire.code is not None and wire.code.code in CONTACT_CODE


def contact_of(wire: record.Intervention, section: str, notes: Notes, place: str) -> Contact:
    """A contact that stands among the interventions."""
    return Contact(
        place=place,
        ids=identifiers_of(wire.ids),
        words=wire.words,
        section=section,
        documented_by=participations_of(wire.authors, "author", notes, f"{place}.authors"),
        note=text_of(wire.note),
        status=stated(wire.activity, "contact-status", CONTACT_STATUS.get((wire.mood, wire.status))),
        setting=cast(ContactClass, value_of(wire.setting, "setting") or implied_setting(wire)),
        code=concept_of(wire.code),
        period=period_of(wire.time, notes, f"{place}.time", "both"),
        organisation=organisation_at(wire.where),
        performers=participations_of(wire.performers, "performer", notes, f"{place}.performers"),
        appointment=identifiers_of(wire.appointments),
    )


def implied_setting(wire: record.Intervention) -> str:
    """The setting by the contact's code, else other."""
    return CONTACT_CODE.get(wire.code.code, "other") if wire.code is not None else "other"


def stay_of(wire: record.Stay, notes: Notes) -> Contact:
    """The stay that the header tells of."""
    code = wire.code.code if wire.code is not None else ""
    parties = (wire.responsible,) if wire.responsible is not None else ()
    return Contact(
        place="stay",
        ids=identifiers_of(wire.ids),
        setting=cast(ContactClass, CONTACT_SETTING.get(code, "other")),
        code=None if code in CONTACT_SETTING else concept_of(wire.code),
        period=period_of(wire.time, notes, "stay.time"),
        organisation=organisation_of(wire.place),
        performers=participations_of(parties, "responsible", notes, "stay.responsible"),
    )


def with_stay(contacts: tuple[Contact, ...], stay: Contact | None) -> tuple[Contact, ...]:
    """The contacts with the header's stay: the one of the same setting and time is that stay, told twice."""
    if stay is None:
        return contacts
    same = next((each for each in contacts if _same(each, stay)), None)
    return (*contacts, stay) if same is None else contacts


def _same(contact: Contact, stay: Contact) -> bool:
    return contact.setting == stay.setting and contact.period == stay.period and contact.period not in (None, Period())
