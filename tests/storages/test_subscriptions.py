"""Subscriptions on every storage: they lie with their patient, are found by id, and by when they are due."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.service.hook import Channel, Happened, Hook
from patientoverblik.service.subscription import Subscription
from patientoverblik.sharing.find import Query
from patientoverblik.sharing.model import Code
from patientoverblik.sharing.stored_query import Wanted
from tests.storages.test_contract import did

PLACE = OrganisationRef("1.2.208.176.1.1", "242621000016001", "Afdelingen")
WANTED = Wanted("FindDocuments", Query(event_codes=((Code("a", "1.2"), Code("b", "1.2")),)), source_ids=("1.2.3",))


def subscription(name: str, patient: int = 1, due: int = 100) -> Subscription:
    return Subscription(
        id=f"urn:uuid:{name}",
        patient=patient,
        actor=Actor("professional", "ZZ999", organisation=PLACE, session=f"urn:uuid:{name}"),
        purpose="treatment",
        topic="FullDocumentEntry",
        wanted=WANTED,
        consumer="https://consumer.example/notify",
        reference=f"https://here.example/dsub/{name}",
        made=50,
        ends=1000,
        due=due,
    )


def test_a_subscription_comes_back_whole(storage: Any) -> None:
    one = subscription("a")
    did(storage, lambda tx: tx.put_subscription(one))
    assert storage.reader().subscriptions(1) == (one,)
    assert storage.reader().subscription(one.id) == one
    assert storage.reader().subscription("urn:uuid:other") is None


def test_subscriptions_belong_to_their_patient_and_links_unite_them(storage: Any) -> None:
    mine, theirs, linked = subscription("a"), subscription("b", patient=2), subscription("c", patient=3)
    did(storage, lambda tx: [tx.put_subscription(one) for one in (linked, mine, theirs)])
    assert storage.reader().subscriptions(1) == (mine,)
    did(storage, lambda tx: tx.link(1, 3))
    assert storage.reader().subscriptions(1) == storage.reader().subscriptions(3) == (mine, linked)
    did(storage, lambda tx: tx.unlink(1, 3))
    assert storage.reader().subscriptions(1) == (mine,)


def test_those_that_name_nobody_are_found_by_themselves(storage: Any) -> None:
    anybodys, mine = replace(subscription("a", patient=0), pulled=True), subscription("b", patient=1)
    did(storage, lambda tx: [tx.put_subscription(anybodys), tx.put_subscription(mine)])
    assert storage.reader().subscriptions(0) == (anybodys,)
    assert storage.reader().subscriptions(1) == (mine,)
    assert did(storage, lambda tx: tx.subscriptions(0)) == (anybodys,)
    assert storage.reader().subscription(anybodys.id) == anybodys
    assert storage.reader().subscriptions_by("ZZ999") == (anybodys, mine)
    did(storage, lambda tx: tx.put_subscription(replace(anybodys, ends=2000)))
    assert storage.reader().subscriptions(0) == (replace(anybodys, ends=2000),)
    did(storage, lambda tx: tx.end_subscription(anybodys))
    assert storage.reader().subscriptions(0) == ()


def test_a_subscription_is_replaced_by_its_id_and_ended(storage: Any) -> None:
    one, other = subscription("a"), subscription("b")
    later = replace(one, due=300)
    did(storage, lambda tx: [tx.put_subscription(one), tx.put_subscription(other), tx.put_subscription(later)])
    assert storage.reader().subscriptions(1) == (later, other)
    did(storage, lambda tx: tx.end_subscription(one))
    assert storage.reader().subscriptions(1) == (other,)
    assert storage.reader().subscription(one.id) is None
    did(storage, lambda tx: tx.end_subscription(one))


def test_those_that_are_due_are_found_earliest_first(storage: Any) -> None:
    made = [subscription("a", 2, 300), subscription("b", 1, 100), subscription("c", 3, 100), subscription("d", 1, 301)]
    did(storage, lambda tx: [tx.put_subscription(one) for one in made])
    assert did(storage, lambda tx: tx.subscriptions_due(300, 9)) == (made[1], made[2], made[0])
    assert did(storage, lambda tx: tx.subscriptions_due(300, 1)) == (made[1],)
    assert did(storage, lambda tx: tx.subscriptions_due(99, 9)) == ()


def test_a_subscribers_own_are_found_wherever_their_patients_lie(storage: Any) -> None:
    mine, other = subscription("a", patient=2), subscription("b", patient=1)
    theirs = replace(subscription("c"), actor=Actor("professional", "ZZ998", organisation=PLACE))
    did(storage, lambda tx: [tx.put_subscription(one) for one in (other, theirs, mine)])
    assert storage.reader().subscriptions_by("ZZ999") == (mine, other)
    did(storage, lambda tx: tx.put_subscription(replace(mine, due=7)))
    did(storage, lambda tx: tx.end_subscription(other))
    assert storage.reader().subscriptions_by("ZZ999") == (replace(mine, due=7),)
    assert storage.reader().subscriptions_by("nobody") == ()


def test_a_hook_comes_back_with_all_that_waits(storage: Any) -> None:
    channel = Channel("full-resource", "application/fhir+xml", "Bearer x", 5, 60, 10)
    happened = Happened("urn:uuid:d", 70, logged=True)
    hook = Hook(
        channel, "Følger planen", "error", 3, 60, 9, (happened,), (happened, Happened("urn:uuid:e", 80)), 1, 4, 99
    )
    one = replace(subscription("a"), hook=hook)
    did(storage, lambda tx: tx.put_subscription(one))
    assert storage.reader().subscription(one.id) == one
