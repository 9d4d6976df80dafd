"""Subscriptions in a database: they lie with their patient; found by id and by subscriber through
locators, and by when they are due."""

import msgspec

from patientoverblik.service.subscription import Subscription
from patientoverblik.storage.sql.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sql.packing import encode
from patientoverblik.storage.sql.putting import once

SUBSCRIPTIONS = "select data from subscription where patient = ? order by id"
_decode = msgspec.msgpack.Decoder(Subscription).decode


class SubscriptionReads(LocatorReads):
    """Reading subscriptions."""

    def subscriptions(self, patient: int) -> tuple[Subscription, ...]:
        """Every subscription about the patient, linked keys included, by patient key and id."""
        return tuple(one for key in self.linked_keys(patient) for one in self._subscriptions(key))

    def subscription(self, subscription: str) -> Subscription | None:
        """One subscription by its id."""
        found = self._connection.one("select patient from subscription_locator where id = ?", (subscription,))
        held = self._subscriptions(found[0]) if found else ()
        return next((one for one in held if one.id == subscription), None)

    def subscriptions_by(self, subscriber: str) -> tuple[Subscription, ...]:
        """Every subscription of a subscriber, by id."""
        statement = "select patient, id from subscriber_locator where subscriber = ? order by id"
        found = self._connection.all(statement, (subscriber,))
        return tuple(one for patient, id_ in found for one in self._subscriptions(patient) if one.id == id_)

    def _subscriptions(self, key: int) -> tuple[Subscription, ...]:
        rows = self._connection.all(SUBSCRIPTIONS, (key,))
        return tuple(_decode(data) for (data,) in rows)


class SubscriptionWrites(SubscriptionReads, LocatorWrites):
    """Changing subscriptions inside an act."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Add a subscription, or replace the one with its id."""
        one, data = subscription, encode(subscription)
        # One that is there is changed by who has its patient at hand: to ask for its locator as well would wait for an
        # act that came by the locator and waits for the patient.
        change = "update subscription set due = ?, data = ? where patient = ? and id = ?"
        if self._connection.run(change, (one.due, data, one.patient, one.id)):
            return
        later = self._connection.later
        later(once("subscription", "patient", "id", "due", "data"), (one.patient, one.id, one.due, data))
        later(once("subscription_locator", "id", "patient"), (one.id, one.patient))
        later(once("subscriber_locator", "subscriber", "id", "patient"), (one.actor.id, one.id, one.patient))

    def end_subscription(self, subscription: Subscription) -> None:
        """Forget a subscription; nothing where there is none."""
        key = (subscription.patient, subscription.id)
        self._connection.later("delete from subscription where patient = ? and id = ?", key)
        self._connection.later("delete from subscription_locator where id = ?", (subscription.id,))
        self._connection.later(
            "delete from subscriber_locator where subscriber = ? and id = ?", (subscription.actor.id, subscription.id)
        )

    def subscriptions_due(self, at: int, most: int) -> tuple[Subscription, ...]:
        """Subscriptions whose ``due`` has come, earliest first."""
        rows = self._connection.all(
            "select data from subscription where due <= ? order by due, patient, id limit ?", (at, most)
        )
        return tuple(_decode(data) for (data,) in rows)
