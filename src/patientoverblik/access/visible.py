"""Which documents a permit lets its holder see: parts permitted, and no block in the way (nsp.md §7)."""

from patientoverblik.access.model import ALL_PARTS, Actor, Block, OrganisationRef, Part, Shareable
from patientoverblik.access.permit import Permit


def visible(permit: Permit, entry: Shareable) -> bool:
    """Whether the document exists for this reader; one that does not leaves no trace in any answer (DESIGN 13)."""
    return in_scope(permit.scope, entry.parts) and not any(covers(block, entry) for block in permit.blocks)


def in_scope(scope: frozenset[Part], parts: tuple[Part, ...]) -> bool:
    """Whether every part of a document is permitted; a document whose parts are unknown needs all of them."""
    return scope.issuperset(parts or ALL_PARTS)


def covers(block: Block, entry: Shareable) -> bool:
    """Whether the document comes from the place and the period of the block; any origin and any time of it will do."""
    return _from_place(block.origin, entry.origins) and any(
        within(at, block.origin_from, block.origin_until) for at in entry.origin_times
    )


def against(block: Block, actor: Actor) -> bool:
    """Whether the block names this actor: all it names must fit; one that names nobody is against everyone."""
    return _names_organisation(block.organisation, actor.organisation) and block.person in ("", actor.id)


def within(at: int, start: int, end: int) -> bool:
    """Whether start ≤ at < end, in milliseconds UTC; 0 is an open end."""
    return start <= at and (end == 0 or at < end)


def _from_place(origin: OrganisationRef | None, origins: tuple[OrganisationRef, ...]) -> bool:
    return origin is None or any(origin.same(place) for place in origins)


def _names_organisation(named: OrganisationRef | None, organisation: OrganisationRef | None) -> bool:
    return named is None or (organisation is not None and named.same(organisation))
