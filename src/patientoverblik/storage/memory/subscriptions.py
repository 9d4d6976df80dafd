"""Subscriptions in the memory storage."""

from collections.abc import Callable

from patientoverblik.service.subscription import Subscription
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.union import reachable


class SubscriptionReads:
    """Reading subscriptions of the state that ``_now`` gives."""

    _now: Callable[[], State]

    def subscriptions(self, patient: int) -> tuple[Subscription, ...]:
        """Every subscription about the patient, linked keys included, by patient key and id."""
        links = self._now().links
        keys = reachable(patient, lambda key: (other for pair in links if key in pair for other in pair))
        held = (one for one in self._now().subscriptions.values() if one.patient in keys)
        return tuple(sorted(held, key=lambda one: (one.patient, one.id)))

    def subscription(self, subscription: str) -> Subscription | None:
        """One subscription by its id."""
        return self._now().subscriptions.get(subscription)

    def subscriptions_by(self, subscriber: str) -> tuple[Subscription, ...]:
        """Every subscription of a subscriber, by id."""
        held = (one for one in self._now().subscriptions.values() if one.actor.id == subscriber)
        return tuple(sorted(held, key=lambda one: one.id))


class SubscriptionWrites(SubscriptionReads):
    """Changing subscriptions inside an act."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Add a subscription, or replace the one with its id."""
        self._now().subscriptions[subscription.id] = subscription

    def end_subscription(self, subscription: Subscription) -> None:
        """Forget a subscription; nothing where there is none."""
        self._now().subscriptions.pop(subscription.id, None)

    def subscriptions_due(self, at: int, most: int) -> tuple[Subscription, ...]:
        """Subscriptions whose ``due`` has come, earliest first."""
        due = (one for one in self._now().subscriptions.values() if one.due <= at)
        return tuple(sorted(due, key=lambda one: (one.due, one.patient, one.id)))[:most]
