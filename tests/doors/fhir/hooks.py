"""Subscriptions of one subscriber, and what their endpoint hears: a real server behind TLS, told by the feed itself."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import msgspec

from patientoverblik.access import Block, Relation
from patientoverblik.app.hooks import hooks_of
from patientoverblik.demo.wiring import system_of
from patientoverblik.edges.fhir.subscribed import BACKPORT, TOPIC, VALUES
from patientoverblik.notify import Delivered, deliver
from patientoverblik.service import Delivery, Handed, House, Received
from patientoverblik.service import deliver as hand_in
from patientoverblik.service.subscription import Consumer
from patientoverblik.sharing.stated import Stated
from tests.doors.connectors.receivers import Heard, certificate, http_receiver
from tests.doors.fhir.world import OPAQUE, Door
from tests.generative.doors.worlds import KEY, Document, furnished, place, told
from tests.unit.service.make import run

HERE = (ip_network("127.0.0.0/8"),)
NAME = "https://receiver.example"
STORY = told("AB")


@contextmanager
def endpoint(folder: Path, *answers: tuple[int, bytes]) -> Iterator[tuple[Heard, httpx.Client]]:
    """An endpoint that answers so, and a client that trusts it."""
    public, private = certificate(folder)
    context = ssl.create_default_context(cafile=str(public))
    with (
        http_receiver(*(answers or ((200, b""),)), certified=(public, private)) as heard,
        httpx.Client(verify=context, trust_env=False) as client,
    ):
        yield heard, client


def subscribing(address: str, *organisations: str, before: int = 3, **evidence: Any) -> House:
    """A house with the first documents of the story, whose subscribers may be told at an address."""
    house = furnished(STORY[:before], **evidence)
    named = organisations or ("general-practice",)
    return msgspec.structs.replace(house, consumers=tuple(Consumer(place(one), address) for one in named))


def wish(address: str, **changes: Any) -> dict[str, Any]:
    """A Subscription as a client sends it; ``content``, ``heartbeat``, ``timeout``, ``most``, ``header``, ``media`` change it."""
    names = {"heartbeat": "heartbeat-period", "timeout": "timeout", "most": "max-count"}
    told_ = {name: changes.pop(each, 0) for each, name in names.items()}
    extensions = [{"url": BACKPORT + name, VALUES[name]: value} for name, value in told_.items() if value]
    content = changes.pop("content", "id-only")
    asked = changes.pop("filter", f"DocumentReference?patient=Patient/{OPAQUE.patient(KEY)}")
    channel: dict[str, Any] = {
        "type": "rest-hook",
        "endpoint": f"{address}/hook",
        "payload": changes.pop("media", "application/fhir+json"),
        "_payload": {"extension": [{"url": f"{BACKPORT}payload-content", "valueCode": content}]},
    }
    header = changes.pop("header", "")
    return {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Følger planen",
        "criteria": TOPIC,
        "_criteria": {"extension": [{"url": f"{BACKPORT}filter-criteria", "valueString": asked}]},
        "channel": channel
        | ({"extension": extensions} if extensions else {})
        | ({"header": [header]} if header else {}),
        **changes,
    }


def subscribed(door: Door, address: str, **changes: Any) -> dict[str, Any]:
    """The subscription, made."""
    answer = door.post("Subscription", wish(address, **changes))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def comes(house: House, one: Document) -> None:
    """A document of the story comes."""
    house.ids.start(one.name)
    said = Stated(shown_from=one.shown_from, message=one.beside.message if one.beside else None)
    answer = run(hand_in(house, system_of(one.by), Delivery((Handed(one.data, said),))))
    assert isinstance(answer, Received), answer


def round_of(house: House, client: httpx.Client, networks: Any = HERE) -> Delivered:
    """One round of the feed."""
    return deliver(house.storage, hooks_of(house, OPAQUE, client, networks), house.clock)


def rounds(house: House, client: httpx.Client, number: int = 6) -> None:
    """Rounds of the feed, a quarter of an hour between them."""
    for _ in range(number):
        round_of(house, client)
        house.clock.now += 900_000


def blocked(house: House, by: str, name: str = "b") -> None:
    """The patient blocks what an organisation wrote, for the practice."""
    block = Block(name, organisation=place("general-practice"), origin=place(by))
    house.storage.act(lambda transaction: transaction.put_block(KEY, block)).result()


def over(house: House) -> None:
    """The practice is the patient's no longer."""
    relation = Relation("own-gp", place("general-practice"), valid_until=house.clock() - 1)
    house.storage.act(lambda transaction: transaction.put_relation(KEY, relation)).result()


def bundles(heard: Heard) -> list[dict[str, Any]]:
    """What an endpoint was told, as values."""
    return [msgspec.json.decode(body) for _, _, body in heard.requests]


def said(bundle: dict[str, Any]) -> dict[str, Any]:
    """The status of a notification by name; its events as (number, what they are about)."""
    parameters = bundle["entry"][0]["resource"]["parameter"]
    events = [one["part"] for one in parameters if one["name"] == "notification-event"]
    plain = {
        one["name"]: next(v for k, v in one.items() if k.startswith("value")) for one in parameters if "part" not in one
    }
    return plain | {"events": [_event(parts) for parts in events]}


def _event(parts: list[dict[str, Any]]) -> tuple[str, str]:
    named = {part["name"]: part for part in parts}
    focus = named.get("focus", {}).get("valueReference", {}).get("reference", "")
    return named["event-number"]["valueString"], focus.rpartition("/")[2]


def entry_ids(house: House) -> list[str]:
    """The bare ids of the patient's entries, in the order registered."""
    return [one.logical_id.removeprefix("urn:uuid:") for one in house.storage.reader().entries(KEY)]
