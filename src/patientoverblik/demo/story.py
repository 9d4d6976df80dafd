"""A story as deliveries: who hands in which document when, and how a next version grows out of the one before.

A story is told in absolute times; :func:`moved` moves it by whole days and keeps every clock time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from patientoverblik.care import (
    COPENHAGEN,
    Appointment,
    Coding,
    Condition,
    Contact,
    Contribution,
    DocumentFacts,
    Goal,
    Identifier,
    Intervention,
    Measurement,
    Moment,
    Participation,
    Party,
    Patient,
    Period,
    Plan,
    parse_moment,
)
from patientoverblik.demo.identifiers import item_id
from patientoverblik.demo.organisations import organisation

DAY = 24 * 60 * 60 * 1000
WEEK = 7
T = TypeVar("T")
Items = Mapping[str, Sequence[Any]]
Changes = Mapping[Identifier, Mapping[str, Any] | None]
NORMAL = Coding(system="2.16.840.1.113883.5.25", code="N")
OWN_GOALS = "Mine mål"
HEADINGS: Mapping[type, str] = {
    Condition: "Diagnoser",
    Goal: "Mål",
    Intervention: "Indsatser",
    Contact: "Kontakter",
    Appointment: "Aftale",
}
ITEM_FIELDS = ("conditions", "goals", "interventions", "measurements", "contacts", "appointments", "card", "relatives")


class Delivery(msgspec.Struct, frozen=True):
    """One document handed in: in which step, by whom (key of the organisation), written with which profile."""

    step: str
    name: str
    by: str
    profile: str
    care: Contribution

    @property
    def at(self) -> Moment:
        """When it was written and handed in."""
        created = self.care.document.created
        if not isinstance(created, Moment):
            raise TypeError("a delivery has a time")
        return created


class Withdrawal(msgspec.Struct, frozen=True):
    """A document taken back without another in its place; ``document`` is its identifier."""

    step: str
    name: str
    by: str
    document: Identifier
    at: Moment


class Writer(msgspec.Struct, frozen=True):
    """Who writes: the author, and the key of the organisation that keeps the document."""

    party: Party
    by: str


Event = Delivery | Withdrawal


class Story(msgspec.Struct, frozen=True):
    """One patient's story; ``name`` is the root of every identifier in it."""

    name: str
    patient: Patient

    def id(self, short: str) -> Identifier:
        """The identifier of the item with a short name."""
        return item_id(self.name, short)

    def ids(self, *shorts: str) -> tuple[Identifier, ...]:
        """The identifiers of several items."""
        return tuple(self.id(short) for short in shorts)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What the first version of a document says of itself; ``at`` is ISO 8601, ``profile`` what it is written with.

    ``in_set`` False: the document stands alone, outside any set of versions.
    """

    step: str
    name: str
    profile: str
    title: str
    at: str
    writer: Writer
    period: Period | None = None
    recipients: tuple[Participation, ...] = ()
    requesters: tuple[Participation, ...] = ()
    in_set: bool = True


def first(story: Story, head: Head, plan: Plan | None = None, items: Items | None = None) -> Delivery:
    """The first version of a document, with its plan and its care items by field of the contribution."""
    period = plan.period if plan and plan.period else head.period
    document = DocumentFacts(
        id=item_id(story.name, head.name, "1"),
        series=item_id(story.name, head.name) if head.in_set else None,
        version=1 if head.in_set else None,
        title=head.title,
        created=parse_moment(head.at),
        authors=(_author(head.writer, head.at), *head.requesters),
        custodian=organisation(head.writer.by),
        recipients=head.recipients,
        language="da-DK",
        confidentiality=NORMAL,
        period=period,
        labels=plan.labels[:1] if plan else (),
    )
    care = _added(Contribution(document=document, patient=story.patient, plan=plan), items or {})
    return Delivery(step=head.step, name=head.name, by=head.writer.by, profile=head.profile, care=care)


def next_version(
    previous: Delivery,
    *,
    step: str,
    at: str,
    writer: Writer | None = None,
    plan: Mapping[str, Any] | None = None,
    changes: Changes | None = None,
    items: Items | None = None,
) -> Delivery:
    """The next version of a document: items changed by identifier (None leaves one out), others added by field."""
    changed = {
        field: tuple(other for item in getattr(previous.care, field) if (other := _changed(item, changes or {})))
        for field in ITEM_FIELDS
    }
    document = _next_document(previous.care.document, at, writer)
    if plan and "period" in plan:
        document = msgspec.structs.replace(document, period=plan["period"])
    care = msgspec.structs.replace(
        previous.care,
        document=document,
        plan=msgspec.structs.replace(previous.care.plan, **(plan or {})) if previous.care.plan else None,
        **changed,
    )
    by = writer.by if writer else previous.by
    return msgspec.structs.replace(previous, step=step, by=by, care=_added(care, items or {}))


def _author(writer: Writer, at: str) -> Participation:
    """The author of a document, whom the norm wants with organisation, address and telephone."""
    place = writer.party.organisation or organisation(writer.by)
    party = msgspec.structs.replace(
        writer.party, organisation=place, addresses=place.addresses, telecoms=place.telecoms
    )
    return Participation(role="author", party=party, time=parse_moment(at))


def _next_document(before: DocumentFacts, at: str, writer: Writer | None) -> DocumentFacts:
    version = (before.version or 0) + 1
    same = msgspec.structs.replace(before.authors[0], time=parse_moment(at))
    return msgspec.structs.replace(
        before,
        id=item_id(before.series.value if before.series else "", str(version)),
        version=version,
        created=parse_moment(at),
        authors=(_author(writer, at) if writer else same,),
        replaces=(before.id,),
    )


def _added(care: Contribution, items: Items) -> Contribution:
    added = {
        field: (*getattr(care, field), *(_placed(_signed(item, care.document.authors)) for item in new))
        for field, new in items.items()
    }
    return msgspec.structs.replace(care, **added)


def _signed(item: Any, authors: tuple[Participation, ...]) -> Any:
    if isinstance(item, (Goal, Condition)) and not item.documented_by:
        return msgspec.structs.replace(item, documented_by=authors)
    return item


def _placed(item: Any) -> Any:
    """The item under the heading its author would put it under."""
    if isinstance(item, Measurement):
        return msgspec.structs.replace(item, section=item.group)
    if isinstance(item, Goal) and item.kind == "patient":
        return msgspec.structs.replace(item, section=OWN_GOALS)
    section = HEADINGS.get(type(item))
    return msgspec.structs.replace(item, section=section) if section else item


def _changed(item: Any, changes: Changes) -> Any:
    """The item with the fields that change, or None if it is left out."""
    found = next((one for one in getattr(item, "ids", ()) if one in changes), None)
    if found is None:
        return item
    fields = changes[found]
    return None if fields is None else msgspec.structs.replace(item, **fields)


def days_until(now: int, last: Moment) -> int:
    """By how many days, in whole weeks, to move a story so that ``last`` lies in the week before ``now`` (ms UTC)."""
    return (now - last.latest) // (WEEK * DAY) * WEEK


def moved(event: Event, days: int) -> Event:
    """The same event ``days`` later, with every clock time kept."""
    return _moved(event, timedelta(days=days)) if days else event


def _moved(value: T, by: timedelta) -> T:
    if isinstance(value, Moment):
        return _moved_moment(value, by)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_moved(one, by) for one in value)  # type: ignore[return-value]
    if isinstance(value, msgspec.Struct) and not isinstance(value, Patient):
        told = {name: getattr(value, name) for name in value.__struct_fields__}
        other = {name: after for name, before in told.items() if (after := _moved(before, by)) is not before}
        return msgspec.structs.replace(value, **other) if other else value
    return value


def _moved_moment(moment: Moment, by: timedelta) -> Moment:
    if moment.is_date:
        return parse_moment((datetime.fromisoformat(moment.text) + by).date().isoformat())
    clock = moment.local()
    later = (clock.replace(tzinfo=None) + by).replace(tzinfo=COPENHAGEN, fold=clock.fold)
    return parse_moment(later.isoformat(timespec="seconds"))
