"""The header that lets us in at a subscriber's: kept so that the database alone does not give it, and for one endpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from patientoverblik.app.hooks import hooks_of
from patientoverblik.edges.fhir.opaque import SECRET_LENGTH, Opaque
from patientoverblik.notify import deliver
from patientoverblik.service.hook import IN_ERROR
from tests.doors.fhir import world
from tests.doors.fhir.hooks import HERE, endpoint, round_of, subscribed, subscribing, wish
from tests.doors.fhir.world import Door, codes, people

HEADER = "Authorization: Bearer our-own"
HOUR = 3_600_000


def test_a_header_is_not_in_the_database_in_clear_and_is_of_no_use_for_another_endpoint(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url, header=HEADER)
        (held,) = house.storage.reader().subscriptions_by(people()["doctor"].id)
        assert "our-own" not in repr(held)
        moved = replace(held, consumer=f"{heard.url}/elsewhere")
        house.storage.act(lambda transaction: transaction.put_subscription(moved)).result()
        round_of(house, client)
    assert heard.requests == []


def test_a_header_that_cannot_be_read_any_more_is_a_delivery_that_failed(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        made = subscribed(Door(house), heard.url, header=HEADER)
        feed = hooks_of(house, Opaque(bytes(range(SECRET_LENGTH)), b"another secret"), client, HERE)
        for _ in range(IN_ERROR):
            deliver(house.storage, feed, house.clock)
            house.clock.now += HOUR
        assert heard.requests == []
        assert Door(house).get(f"Subscription/{made['id']}").json()["status"] == "error"


def test_without_a_secret_outside_the_database_a_header_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "OPAQUE", Opaque(bytes(range(SECRET_LENGTH))))
    with endpoint(tmp_path) as (heard, _):
        asked = Door(subscribing(heard.url))
        answer = asked.post("Subscription", wish(heard.url, header=HEADER))
        assert (answer.status_code, codes(answer)) == (422, ["subscription.no-lock"])
        assert asked.post("Subscription", wish(heard.url)).status_code == 201
