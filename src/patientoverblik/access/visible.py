"""Which documents a permit lets its holder see: parts permitted, nothing hidden from them, and no block in the way.

Blocks and consents (nsp.md §7, docs/adr/0011): a block hits a document if any place and any time of it are blocked; a
consent reaches one whose own place and all of whose times are shared; a consent wins over every block.
"""

from typing import Literal

from patientoverblik.access.model import ALL_PARTS, Actor, Block, OrganisationRef, Part, Shareable
from patientoverblik.access.permit import Permit
from patientoverblik.access.units import Units, belongs, related

AT_WORK = ("professional", "system")
FROM_CUSTODY: Literal["custody-holder"] = "custody-holder"


def visible(permit: Permit, entry: Shareable) -> bool:
    """Whether the document exists for this reader; one that does not leaves no trace in any answer (DESIGN 13)."""
    return in_scope(permit.scope, entry.parts) and not kept_from(permit, entry) and not blocked(permit, entry)


def kept_from(permit: Permit, entry: Shareable) -> bool:
    """Whether the document is hidden from holders of custody, and the actor one who acts for the patient; or is not yet
    shown to either of them; or is a message to others. Of none of them is anything said."""
    if permit.actor.kind == "relative" and FROM_CUSTODY in entry.withheld:
        return True
    return is_delayed(permit, entry) or is_to_others(permit, entry)


def is_to_others(permit: Permit, entry: Shareable) -> bool:
    """Whether the document is a message to other organisations than the one the reader works at, and the units around
    it."""
    place = permit.actor.organisation
    if entry.message is None or permit.actor.kind not in AT_WORK:
        return False
    return place is None or not any(related(place, one, permit.units) for one in entry.message.to)


def is_delayed(permit: Permit, entry: Shareable) -> bool:
    """Whether the party has asked that the patient, and who acts for them, see the document later (issue 7.4)."""
    return permit.actor.kind in ("citizen", "relative") and permit.at < entry.shown_from


def blocked(permit: Permit, entry: Shareable) -> bool:
    """Whether a block hits the document, its type can be blocked, and no consent wins."""
    if not permit.blocks or _type(entry) in permit.unblockable:
        return False
    hit = any(covers(block, entry, permit.units) for block in permit.blocks)
    return hit and not any(shares(consent, entry, permit.units) for consent in permit.consents)


def in_scope(scope: frozenset[Part], parts: tuple[Part, ...]) -> bool:
    """Whether every part of a document is permitted; a document whose parts are unknown needs all of them."""
    return scope.issuperset(parts or ALL_PARTS)


def covers(block: Block, entry: Shareable, units: Units) -> bool:
    """Whether a block hits the document: any place of origin and any stretch of time of it will do."""
    return (
        _named(block, entry)
        and any(_from_place(block, place, units) for place in entry.origins or (None,))
        and any(overlaps(span, block.origin_from, block.origin_until) for span in entry.origin_spans)
    )


def shares(consent: Block, entry: Shareable, units: Units) -> bool:
    """Whether a consent reaches the document: its own place (the first named), and all of its time."""
    return (
        _named(consent, entry)
        and _from_place(consent, next(iter(entry.origins), None), units)
        and all(within(at, consent.origin_from, consent.origin_until) for span in entry.origin_spans for at in span)
    )


def against(block: Block, actor: Actor, units: Units) -> bool:
    """Whether a block or consent names this actor: all it names must fit; one that names nobody means everyone.

    One who acts for a principal is named where the principal is. Behind a system may be anybody of its organisation and
    the units around it: a block against any of them names it, a consent to a person never does.
    """
    return (
        _names_organisation(block, actor, units)
        and _names_person(block, actor)
        and (block.relative == 0 or (actor.kind == "relative" and actor.person == block.relative))
        and not (block.by and actor.kind == "relative")
    )


def is_total(block: Block) -> bool:
    """Whether a block or consent reaches every document."""
    limits = (block.origin, block.origin_from, block.origin_until, block.types, block.document, block.parts)
    return not any(limits)


def within(at: int, start: int, end: int) -> bool:
    """Whether start ≤ at < end, in milliseconds UTC; 0 is an open end."""
    return start <= at and (end == 0 or at < end)


def overlaps(span: tuple[int, int], start: int, end: int) -> bool:
    """Whether a stretch (first and last instant) has a moment in start ≤ t < end; 0 is an open end."""
    return start <= span[1] and (end == 0 or span[0] < end)


def _named(block: Block, entry: Shareable) -> bool:
    by_type = not block.types or _type(entry) in block.types
    within_parts = not block.parts or in_scope(frozenset(block.parts), entry.parts)
    return by_type and within_parts and (not block.document or block.document in (entry.unique_id, entry.series))


def _type(entry: Shareable) -> str:
    return entry.type_code.code if entry.type_code else ""


def _from_place(block: Block, place: OrganisationRef | None, units: Units) -> bool:
    if block.origin is None:
        return True
    return place is not None and belongs(place, block.origin, units, block.origin_with_units)


def _names_organisation(block: Block, actor: Actor, units: Units) -> bool:
    named, organisation = block.organisation, actor.organisation
    if named and organisation and actor.kind == "system" and block.kind == "block":
        return related(organisation, named, units)
    return named is None or (organisation is not None and belongs(organisation, named, units, block.with_units))


def _names_person(block: Block, actor: Actor) -> bool:
    if actor.kind == "system" and block.person:
        return block.kind == "block"
    return not block.person or not {block.person, block.authorisation}.isdisjoint(_known_as(actor))


def _known_as(actor: Actor) -> tuple[str, ...]:
    principal = actor.principal
    known = (actor.id, actor.authorisation, *((principal.id, principal.authorisation) if principal else ()))
    return tuple(name for name in known if name)
