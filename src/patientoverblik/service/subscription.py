"""What a subscription to a patient's metadata is, what waits to be told by it, and how it is kept (IHE DSUB, ITI-52).

A subscription is a stored query that is asked anew, for its subscriber, whenever something is registered. One made at
the FHIR door is the same thing with a hook of its own.
"""

from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Actor, OrganisationRef, Purpose
from patientoverblik.service.hook import Hook
from patientoverblik.service.outbox import PULLED
from patientoverblik.sharing.stored_query import Wanted

FEED = "dsub"
"""The feed of the outbox that notifications wait in."""

Topic = Literal["FullDocumentEntry", "MinimalDocumentEntry", "SubmissionSetMetadata", "FolderMetadata"]


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who is told of what is registered, where, and until when (milliseconds UTC). ``patient`` 0 means everybody whom
    the subscriber's organisation treats.

    ``actor`` is the subscriber, in a session that is the subscription's own, so that no override reaches into it;
    ``wanted`` is the query, ``consumer`` the address that is told, and ``reference`` the one the subscription is known
    by. ``due`` is when the subscriber's right is tested next, whether or not anything happens. ``hook`` is how it is
    told where it was made at the FHIR door. ``pulled``: what it tells waits until the subscriber fetches it.
    """

    id: str
    patient: int
    actor: Actor
    purpose: Purpose
    topic: Topic
    wanted: Wanted
    consumer: str
    reference: str
    made: int
    ends: int
    due: int
    hook: Hook | None = None
    pulled: bool = False

    @property
    def feed(self) -> str:
        """The feed of the outbox that what it tells waits in."""
        return f"{PULLED}{self.id}" if self.pulled else FEED


class Event(msgspec.Struct, frozen=True, gc=False):
    """One object registered that a subscription is about: their ids. It says nothing of the object itself."""

    subscription: str
    uuid: str


class Consumer(msgspec.Struct, frozen=True):
    """Where an organisation may have notifications sent: the address itself, and all below it."""

    organisation: OrganisationRef
    address: str

    def takes(self, organisation: OrganisationRef | None, address: str) -> bool:
        """Whether it is this organisation's, and ``address`` is it or lies below it."""
        below = address.startswith(f"{self.address.rstrip('/')}/") and not _climbs(address)
        return organisation is not None and self.organisation.same(organisation) and (address == self.address or below)


def _climbs(address: str) -> bool:
    """Whether an address could mean another place than it seems to: steps upwards, escapes, a query or a fragment."""
    return ".." in address or any(mark in address for mark in "\\%?#@ \t\r\n")


class SubscriptionReader(Protocol):
    """The subscriptions that are in force, and those that have run out and are not yet ended."""

    def subscriptions(self, patient: int) -> tuple[Subscription, ...]:
        """Every subscription about the patient, linked keys included, by patient key and id; of patient 0 those that
        name nobody."""

    def subscription(self, subscription: str) -> Subscription | None:
        """One subscription by its id."""

    def subscriptions_by(self, subscriber: str) -> tuple[Subscription, ...]:
        """Every subscription of a subscriber, known by the id of its actor, by subscription id."""


class SubscriptionKeeper(SubscriptionReader, Protocol):
    """Subscriptions inside a transaction."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Add a subscription, or replace the one with its id."""

    def end_subscription(self, subscription: Subscription) -> None:
        """Forget a subscription; nothing where there is none."""

    def subscriptions_due(self, at: int, most: int) -> tuple[Subscription, ...]:
        """At most so many subscriptions whose ``due`` is at or before ``at``, earliest first."""
