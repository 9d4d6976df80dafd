"""The parties that deliver, as rows of configuration, and how each stands now (DESIGN 5; DESIGN, Sources).

A party that pushes counts as retrieved only while a delivery or heartbeat came within its declared interval. The list
and its states are the same for every patient, so that they tell nothing of any of them (DESIGN 13).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.overview.model import SourceState

SILENT = "service.source-silent"


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """One party. ``organisations`` are those it delivers for, ``kinds`` the document kinds it shares, ``interval`` the
    longest time in milliseconds between two signs of life. ``kind`` "none" is a party that is not connected; ``since``
    is the day (ISO 8601) from which a connected one shares."""

    id: str
    name: str
    sector: str
    kind: Literal["push", "none"] = "push"
    organisations: tuple[OrganisationRef, ...] = ()
    kinds: tuple[str, ...] = ()
    interval: int = 24 * 60 * 60 * 1000
    since: str = ""


def source_states(sources: Sequence[Source], heard: Mapping[str, int], at: int) -> tuple[SourceState, ...]:
    """How every configured source stands at ``at`` (milliseconds UTC), in the order of the configuration."""
    return tuple(_state(source, heard.get(source.id, 0), at) for source in sources)


def source_of(sources: Iterable[Source], places: Iterable[OrganisationRef]) -> str:
    """The id of the first source that delivers for one of the organisations, the most specific first; empty if none."""
    known = {(place.system, place.value): source.id for source in sources for place in source.organisations}
    return next((known[key] for place in places if (key := (place.system, place.value)) in known), "")


def sources_of(sources: Iterable[Source], places: Collection[OrganisationRef]) -> tuple[str, ...]:
    """The ids of every source that delivers for one of the organisations, in the order of the configuration."""
    return tuple(
        source.id for source in sources if any(own.same(place) for own in source.organisations for place in places)
    )


def _state(source: Source, heard: int, at: int) -> SourceState:
    if source.kind == "none":
        return SourceState(source.id, source.name, source.sector, "not-connected", source.kinds)
    if heard > 0 and at - heard <= source.interval:
        return SourceState(source.id, source.name, source.sector, "retrieved", source.kinds, heard)
    return SourceState(source.id, source.name, source.sector, "not-retrieved", source.kinds, heard, SILENT)
