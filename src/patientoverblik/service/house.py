"""Everything the acts of the service need from outside, as one frozen value made by the app."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from patientoverblik.access import Actor, OrganisationRef, Policy
from patientoverblik.care import Organisation
from patientoverblik.service.ports import Clock, Ids, Kept, OnDemandMaker, Storage, Wait
from patientoverblik.service.sources import Source
from patientoverblik.service.subscription import Consumer
from patientoverblik.service.use import Use, untold
from patientoverblik.sharing.metadata import Organisations, organisation_of

CITIZENS = ("citizen", "relative")


class Removers(msgspec.Struct, frozen=True):
    """Who may remove: systems of these organisations, and people with one of these national roles."""

    organisations: tuple[OrganisationRef, ...] = ()
    national_roles: frozenset[str] = frozenset()

    def hold(self, actor: Actor) -> bool:
        """Whether an actor is one of them."""
        own = actor.organisation if actor.kind == "system" else None
        named = own is not None and any(own.same(one) for one in self.organisations)
        return named or (actor.national_role != "" and actor.national_role in self.national_roles)


class House(msgspec.Struct, frozen=True):
    """The parts of one running service.

    ``delivers_for`` names, by the identifier (system, value) of a system actor's organisation, the others it may
    deliver for. ``kept`` holds contributions already decoded, by content and stamp; ``repository`` and ``home`` are our
    OIDs. ``organisations`` tells facility type and practice setting; ``successors`` are pairs (former organisation, the
    one that took over).

    ``policy`` is the configuration of access. ``block_notice``: whether readers are told that a block took something
    away. ``show_refused``: whether the citizen's log shows refused attempts of professionals. ``used`` counts use.
    ``override_lasts`` and ``follow_up_within`` are how long an override holds, and how long its account may take (ms).

    ``makes`` makes the documents that are registered as made on demand; without it they stand for what their
    organisation has newest here of the same kind. ``removers`` may take registry objects and documents away for good;
    nobody may unless named. ``consumers`` are the addresses that notifications may be sent to, each for one
    organisation's subscribers. ``keeps_own_words`` is the organisation that keeps what citizens, and whoever acts for
    them, write themselves; without one they cannot write.
    """

    storage: Storage
    clock: Clock
    ids: Ids
    wait: Wait
    kept: Kept
    repository: str
    home: str
    sources: tuple[Source, ...] = ()
    delivers_for: Mapping[tuple[str, str], tuple[OrganisationRef, ...]] = {}
    organisations: Organisations = {}
    successors: tuple[tuple[OrganisationRef, OrganisationRef], ...] = ()
    policy: Policy = Policy()
    block_notice: Literal["generic", "none"] = "generic"
    override_lasts: int = 60 * 60 * 1000
    show_refused: bool = False
    used: Use = untold
    follow_up_within: int = 14 * 24 * 60 * 60 * 1000
    removers: Removers = Removers()
    makes: OnDemandMaker | None = None
    consumers: tuple[Consumer, ...] = ()
    keeps_own_words: Organisation | None = None

    def speaks_for(self, actor: Actor) -> tuple[OrganisationRef, ...]:
        """The organisations an actor may deliver for: its own, and those configured for it; a citizen, and who acts for
        one, delivers for the organisation that keeps what they write."""
        if actor.kind in CITIZENS:
            keeper = organisation_of(self.keeps_own_words)
            return () if keeper is None else (keeper,)
        own = actor.organisation
        return () if own is None else (own, *self.delivers_for.get((own.system, own.value), ()))

    def may_tell(self, actor: Actor, address: str) -> bool:
        """Whether what an actor subscribes to may be sent to an address: only to one configured for their place."""
        return any(one.takes(actor.organisation, address) for one in self.consumers)
