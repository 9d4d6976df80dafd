"""Everything the acts of the service need from outside, as one frozen value made by the app."""

from collections.abc import Mapping

import msgspec

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.service.ports import Clock, Ids, Kept, Storage, Wait
from patientoverblik.service.sources import Source
from patientoverblik.sharing.metadata import Organisations


class House(msgspec.Struct, frozen=True):
    """The parts of one running service.

    ``delivers_for`` names, by the identifier value of a system actor's organisation, the other organisations it may
    deliver for. ``kept`` holds contributions already decoded, by content and stamp; ``repository`` and ``home`` are our
    OIDs. ``organisations`` tells facility type and practice setting; ``successors`` are pairs (former organisation, the
    one that took over).
    """

    storage: Storage
    clock: Clock
    ids: Ids
    wait: Wait
    kept: Kept
    repository: str
    home: str
    sources: tuple[Source, ...] = ()
    delivers_for: Mapping[str, tuple[OrganisationRef, ...]] = {}
    organisations: Organisations = {}
    successors: tuple[tuple[OrganisationRef, OrganisationRef], ...] = ()

    def speaks_for(self, actor: Actor) -> tuple[OrganisationRef, ...]:
        """The organisations an actor may deliver for: its own, and those configured for it."""
        own = actor.organisation
        return () if own is None else (own, *self.delivers_for.get(own.value, ()))
