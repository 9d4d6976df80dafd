"""Subscriptions in a database: they lie with their patient; found by id through a locator, and by when they are due."""

import msgspec

from patientoverblik.service.subscription import Subscription
from patientoverblik.storage.sql.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sql.packing import encode

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

    def _subscriptions(self, key: int) -> tuple[Subscription, ...]:
        rows = self._connection.all("select data from subscription where patient = ? order by id", (key,))
        return tuple(_decode(data) for (data,) in rows)


class SubscriptionWrites(SubscriptionReads, LocatorWrites):
    """Changing subscriptions inside an act."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Add a subscription, or replace the one with its id."""
        one = subscription
        self._connection.run(
            "insert into subscription (patient, id, due, data) values (?, ?, ?, ?)"
            " on conflict (patient, id) do update set due = excluded.due, data = excluded.data",
            (one.patient, one.id, one.due, encode(one)),
        )
        self._connection.run(
            "insert into subscription_locator (id, patient) values (?, ?) on conflict (id) do nothing",
            (one.id, one.patient),
        )

    def end_subscription(self, subscription: Subscription) -> None:
        """Forget a subscription; nothing where there is none."""
        key = (subscription.patient, subscription.id)
        self._connection.run("delete from subscription where patient = ? and id = ?", key)
        self._connection.run("delete from subscription_locator where id = ?", (subscription.id,))

    def subscriptions_due(self, at: int, most: int) -> tuple[Subscription, ...]:
        """Subscriptions whose ``due`` has come, earliest first."""
        rows = self._connection.all(
            "select data from subscription where due <= ? order by due, patient, id limit ?", (at, most)
        )
        return tuple(_decode(data) for (data,) in rows)
