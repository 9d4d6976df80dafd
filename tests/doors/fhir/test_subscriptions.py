"""FHIR subscriptions: made, told to a real endpoint in order and signed, decided again when sent, and ended."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ssl
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from patientoverblik.app.hooks import hooks_of
from patientoverblik.conformance.fhir import structure
from patientoverblik.demo.wiring import system_of
from patientoverblik.edges.fhir.notified import BUNDLE_PROFILE, STATUS_PROFILE
from patientoverblik.edges.fhir.subscribed import PROFILE, SIGNED_WITH, TOPIC
from patientoverblik.formats.fhir.parsing import parse_fhir
from patientoverblik.notify import Delivered
from patientoverblik.service.hook import IN_ERROR, MOST_WAITING, OFF, Happened
from patientoverblik.service.notification import mind_subscriptions
from patientoverblik.service.withdraw import withdraw
from tests.doors.connectors.receivers import certificate, dripping_receiver
from tests.doors.fhir.hooks import (
    NAME,
    STORY,
    blocked,
    bundles,
    comes,
    endpoint,
    entry_ids,
    over,
    round_of,
    rounds,
    said,
    subscribed,
    subscribing,
    wish,
)
from tests.doors.fhir.world import OPAQUE, Door, codes, resources
from tests.generative.doors.worlds import KEY, whose
from tests.unit.service.make import run

HOUR = 3_600_000


def status_of(door: Door, made: dict) -> dict:
    """How a subscription stands, asked with a token that is new."""
    return said(Door(door.house).get(f"Subscription/{made['id']}/$status").json())


# what is told


def test_it_begins_with_a_handshake_and_then_tells_of_what_comes(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        assert (made["status"], made["meta"]["profile"], made["criteria"]) == ("requested", [PROFILE], TOPIC)
        comes(house, STORY[3])
        rounds(house, client, 3)
        now = door.get(f"Subscription/{made['id']}")
        assert (now.json()["status"], now.headers["etag"]) == ("active", 'W/"2"')
        (first, second) = bundles(heard)
        assert [said(one)["type"] for one in (first, second)] == ["handshake", "event-notification"]
        assert said(second)["events"] == [("1", entry_ids(house)[-1])]
        assert said(second)["events-since-subscription-start"] == "1"
        assert said(second)["subscription"]["reference"] == f"http://testserver/fhir/Subscription/{made['id']}"


def test_a_notification_is_what_the_guide_says(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url, content="full-resource")
        comes(house, STORY[3])
        rounds(house, client, 3)
        for body in (body for _, _, body in heard.requests):
            parsed = parse_fhir(body)
            assert [*structure(parsed.resource)] == []
            bundle = parsed.resource
            first = bundle["entry"][0]
            assert (bundle["type"], bundle["meta"]["profile"]) == ("history", [BUNDLE_PROFILE])
            assert (first["resource"]["resourceType"], first["resource"]["meta"]["profile"]) == (
                "Parameters",
                [STATUS_PROFILE],
            )
            assert (first["request"]["method"], first["response"]["status"]) == ("GET", "200")
            assert first["fullUrl"] == f"urn:uuid:{first['resource']['id']}"
        (told_,) = bundles(heard)[1]["entry"][1:]
        assert told_["resource"]["resourceType"] == "DocumentReference"
        assert told_["fullUrl"].endswith(said(bundles(heard)[1])["events"][0][1])


def test_ids_alone_are_told_unless_more_is_asked_for(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        for content in ("id-only", "empty"):
            subscribed(Door(house), heard.url, content=content)
        rounds(house, client, 1)
        comes(house, STORY[3])
        rounds(house, client, 1)
        number = whose(STORY).value
        entry = house.storage.reader().entries(KEY)[-1]
        for path, headers, body in heard.requests:
            assert number not in f"{path}{headers}{body!r}"
            assert entry.title.encode() not in body
        events = [said(one) for one in bundles(heard)[2:]]
        assert sorted(one["events"][0][1] for one in events) == ["", entry_ids(house)[-1]]
        (empty,) = [one for one in events if not one["events"][0][1]]
        assert "topic" not in empty


def test_it_is_signed_so_that_its_subscriber_knows_it(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url, header="Authorization: Bearer our-own")
        round_of(house, client)
    (told_secret,) = [one["valueString"] for one in made["channel"]["extension"] if one["url"] == SIGNED_WITH]
    key = base64.b64decode(told_secret.removeprefix("whsec_"))
    ((_, headers, body),) = heard.requests
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"
    assert headers["Authorization"] == "Bearer our-own"
    later = door.get(f"Subscription/{made['id']}").text
    assert told_secret not in later
    assert "our-own" not in later


def test_in_xml_where_that_is_asked_for(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url, media="application/fhir+xml")
        round_of(house, client)
    ((_, headers, body),) = heard.requests
    assert headers["Content-Type"] == "application/fhir+xml; charset=utf-8"
    assert parse_fhir(body).resource["resourceType"] == "Bundle"


def test_a_withdrawn_document_is_told_of_too(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url)
        rounds(house, client, 1)
        entry = house.storage.reader().entries(KEY)[0]
        run(withdraw(house, system_of(STORY[0].by), KEY, entry.uuid))
        rounds(house, client, 1)
        assert said(bundles(heard)[-1])["events"] == [("1", entry_ids(house)[0])]


def test_what_waits_together_is_told_together_as_far_as_asked(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url, most=2)
        for one in STORY[3:6]:
            comes(house, one)
        rounds(house, client)
        told_ = [said(one) for one in bundles(heard)]
        assert [[number for number, _ in one["events"]] for one in told_] == [[], ["1", "2"], ["3"]]
        assert [one["events-since-subscription-start"] for one in told_] == ["0", "2", "3"]


def test_a_heartbeat_comes_where_nothing_else_does(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url, heartbeat=3600)
        rounds(house, client, 9)
        comes(house, STORY[3])
        rounds(house, client, 5)
        assert [said(one)["type"] for one in bundles(heard)] == [
            "handshake",
            "heartbeat",
            "heartbeat",
            "event-notification",
            "heartbeat",
        ]
        assert said(bundles(heard)[-1])["events-since-subscription-start"] == "1"


# order, failures


def test_a_later_event_never_overtakes_an_earlier_one_and_numbers_have_no_gaps(tmp_path: Path) -> None:
    answers = [(200, b""), (500, b""), (500, b""), (200, b""), (503, b""), (200, b"")]
    with endpoint(tmp_path, *answers) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url, most=1)
        round_of(house, client)
        for one in STORY[3:6]:
            comes(house, one)
            round_of(house, client)
        rounds(house, client, 12)
        taken = [
            said(one)["events"]
            for one, (code, _) in zip(bundles(heard), [*answers, *[(200, b"")] * 9], strict=False)
            if code == 200
        ]
        assert taken[1:] == [[(str(n + 1), id_)] for n, id_ in enumerate(entry_ids(house)[3:6])]


def test_an_endpoint_that_fails_is_in_error_then_off_and_begins_again_when_asked(tmp_path: Path) -> None:
    with endpoint(tmp_path, *[(200, b"")], *[(500, b"")] * OFF, (200, b"")) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        round_of(house, client)
        comes(house, STORY[3])
        seen = []
        for _ in range(OFF + 3):
            round_of(house, client)
            house.clock.now += 2 * HOUR
            seen.append(status_of(door, made)["status"])
        assert seen[: IN_ERROR - 1] == ["active"] * (IN_ERROR - 1)
        assert seen[IN_ERROR - 1 : OFF - 1] == ["error"] * (OFF - IN_ERROR)
        assert seen[OFF - 1 :] == ["off"] * 4
        assert len(heard.requests) == 1 + OFF
        assert status_of(door, made)["events-since-subscription-start"] == "1"
        comes(house, STORY[4])
        door = Door(house)
        now = door.get(f"Subscription/{made['id']}")
        assert now.json()["error"]
        changed = {**wish(heard.url), "id": made["id"]}
        answer = door.ask("PUT", f"Subscription/{made['id']}", json=changed, headers={"if-match": now.headers["etag"]})
        assert (answer.status_code, answer.json()["status"]) == (200, "requested")
        rounds(house, client, 3)
        assert [said(one)["type"] for one in bundles(heard)[-2:]] == ["handshake", "event-notification"]
        assert said(bundles(heard)[-1])["events"] == [("1", entry_ids(house)[3]), ("2", entry_ids(house)[4])]
        assert status_of(door, made)["status"] == "active"


def test_one_that_is_paused_is_told_nothing_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        round_of(house, client)
        for status, etag in (("off", 'W/"2"'), ("requested", 'W/"3"')):
            changed = {**wish(heard.url), "id": made["id"], "status": status}
            answer = door.ask("PUT", f"Subscription/{made['id']}", json=changed, headers={"if-match": etag})
            assert answer.status_code == 200, answer.text
            if status == "off":
                comes(house, STORY[3])
                rounds(house, client, 3)
                assert len(heard.requests) == 1
        rounds(house, client, 3)
        assert said(bundles(heard)[-1])["events"] == [("1", entry_ids(house)[-1])]


def test_a_subscription_that_was_read_and_is_sent_back_keeps_the_header_that_is_not_told(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url, header="Authorization: Bearer our-own")
        address = f"Subscription/{made['id']}"
        for path, header in (("hook", "Bearer our-own"), ("other", None)):
            now = door.get(address)
            sent = {**now.json(), "status": "requested"}
            sent["channel"]["endpoint"] = f"{heard.url}/{path}"
            answer = door.ask("PUT", address, json=sent, headers={"if-match": now.headers["etag"]})
            assert answer.status_code == 200, answer.text
            round_of(house, client)
            assert heard.requests[-1][1].get("Authorization") == header


def test_a_worker_that_dies_while_it_sends_leaves_it_to_the_next(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url)
        round_of(house, client)
        comes(house, STORY[3])
        feed = hooks_of(house, OPAQUE, client, ())
        claimed = house.storage.act(
            lambda tx: tx.claim(feed.name, house.clock(), house.clock() + feed.lease, 9)
        ).result()
        assert feed._offered(claimed[0]) is not None
        assert round_of(house, client) == Delivered()
        house.clock.now += feed.lease
        comes(house, STORY[4])
        assert round_of(house, client).taken == 1
        assert said(bundles(heard)[-1])["events"] == [("1", entry_ids(house)[3]), ("2", entry_ids(house)[4])]


def test_a_queue_that_nobody_empties_ends_with_its_subscription() -> None:
    house = subscribing(NAME)
    subscribed(Door(house), NAME)
    (held,) = house.storage.reader().subscriptions(KEY)
    full = replace(held, hook=replace(held.hook, waiting=(Happened("urn:uuid:x", 1),) * MOST_WAITING))
    house.storage.act(lambda tx: tx.put_subscription(full)).result()
    comes(house, STORY[3])
    assert house.storage.reader().subscriptions(KEY) == ()
    event = [one for one in house.storage.reader().events(KEY) if one.act == "subscription-end"][-1]
    assert (event.outcome, event.rule) == ("refused", "subscription-room")


# decided again


def test_a_block_made_before_it_is_sent_is_met_and_leaves_no_gap(tmp_path: Path) -> None:
    hidden = next(n for n, one in enumerate(STORY) if n > 2 and one.by != "general-practice")
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url, before=hidden)
        door = Door(house)
        made = subscribed(door, heard.url)
        round_of(house, client)
        comes(house, STORY[hidden])
        assert status_of(door, made)["events-since-subscription-start"] == "1"
        blocked(house, STORY[hidden].by)
        assert status_of(door, made)["events-since-subscription-start"] == "0"
        own = next(one for one in STORY[hidden:] if one.by == "general-practice")
        comes(house, own)
        rounds(house, client, 3)
        assert [number for number, _ in said(bundles(heard)[-1])["events"]] == ["1"]
        assert len(heard.requests) == 2


def test_access_that_has_ended_ends_the_subscription_and_nothing_is_told(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        round_of(house, client)
        comes(house, STORY[3])
        over(house)
        rounds(house, client, 3)
        assert len(heard.requests) == 1
        assert house.storage.reader().subscriptions(KEY) == ()
        for path in ("", "/$status", "/$events"):
            assert codes(door.get(f"Subscription/{made['id']}{path}")) == ["rest.not-found"]


def test_access_that_has_ended_is_found_when_the_subscription_is_read(tmp_path: Path) -> None:
    house = subscribing(NAME)
    door = Door(house)
    made = subscribed(door, NAME)
    over(house)
    assert door.get("Subscription").json()["total"] == 0
    assert codes(door.get(f"Subscription/{made['id']}")) == ["rest.not-found"]
    assert house.storage.reader().queues()[0].waiting == 1
    assert asyncio.run(mind_subscriptions(house)) == 0


def test_being_told_is_a_look_written_once_however_often_it_is_tried(tmp_path: Path) -> None:
    with endpoint(tmp_path, (200, b""), (500, b""), (500, b""), (200, b"")) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url)
        round_of(house, client)
        comes(house, STORY[3])
        rounds(house, client, 4)
        assert len(heard.requests) == 4
        looks = [one for one in house.storage.reader().looks(KEY) if one.act == "list"]
        assert [[shown.entry for shown in one.documents] for one in looks] == [
            [house.storage.reader().entries(KEY)[-1].uuid]
        ]


# where to


@pytest.mark.parametrize("networks", [(), None])
def test_a_private_address_is_not_asked_unless_it_is_configured(tmp_path: Path, networks: tuple | None) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url)
        done = round_of(house, client, *([networks] if networks is not None else []))
        assert (done.later, done.taken, len(heard.requests)) == ((1, 0, 0) if networks == () else (0, 1, 1))


def test_an_endpoint_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with endpoint(tmp_path / "b") as (elsewhere, _), endpoint(tmp_path, (302, b"")) as (heard, client):
        heard.location = elsewhere.url
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url)
        assert round_of(house, client).later == 1
        assert (len(heard.requests), elsewhere.requests) == (1, [])


def test_an_endpoint_that_is_not_trusted_is_told_nothing(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, _), httpx.Client(trust_env=False) as client:
        house = subscribing(heard.url)
        subscribed(Door(house), heard.url)
        assert round_of(house, client).later == 1
        assert heard.requests == []


def test_an_endpoint_that_is_never_done_is_cut_off_in_time(tmp_path: Path) -> None:
    public, private = certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(public))
    with dripping_receiver((public, private)) as address, httpx.Client(verify=context, trust_env=False) as client:
        house = subscribing(address)
        subscribed(Door(house), address, timeout=1)
        assert round_of(house, client).later == 1


# who may subscribe, and what


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"criteria": "http://example.org/topic"}, "subscription.topic"),
        ({"filter": "Observation?patient=Patient/x"}, "subscription.filter"),
        ({"filter": "DocumentReference?patient.identifier=2512489996"}, "subscription.filter"),
        ({"status": "active"}, "subscription.status"),
        ({"content": "everything"}, "subscription.payload"),
        ({"media": "text/plain"}, "subscription.payload"),
        ({"header": "X-Patient: 2512489996"}, "subscription.header"),
        ({"header": "Authorization: a\r\nX: b"}, "subscription.header"),
        ({"header": f"Authorization: {'x' * 3000}"}, "subscription.header"),
        ({"heartbeat": 5}, "subscription.period"),
        ({"end": "2031-01-01T00:00:00Z"}, "service.subscription-end"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(change: dict, code: str) -> None:
    door = Door(subscribing(NAME))
    answer = door.post("Subscription", wish(NAME, **change))
    assert (codes(answer), answer.status_code) == ([code], 422)
    assert door.house.storage.reader().subscriptions(KEY) == ()


@pytest.mark.parametrize(
    "address",
    [
        "http://receiver.example",
        "https://a:b@receiver.example",
        "https://receiver.example/2512489996",
        "https://receiver.example/a-251248-9996x",
        "file:///etc",
        "",
    ],
)
def test_an_endpoint_is_https_and_tells_nobody_anything(address: str) -> None:
    door = Door(subscribing(NAME))
    answer = door.post("Subscription", wish(address))
    assert codes(answer) == ["subscription.endpoint"]


def test_an_endpoint_that_is_not_configured_for_the_organisation_is_refused() -> None:
    door = Door(subscribing(NAME, "hospital"))
    assert codes(door.post("Subscription", wish(NAME))) == ["service.consumer-unknown"]


def test_without_access_there_is_no_subscription_whoever_the_patient_is() -> None:
    house = subscribing(NAME, "general-practice", "stranger")
    stranger = Door(house, "stranger")
    known = stranger.post("Subscription", wish(NAME))
    unknown = stranger.post("Subscription", wish(NAME, filter=f"patient={OPAQUE.patient(99)}"))
    assert codes(known) == codes(unknown) == ["rest.refused"]
    assert codes(Door(house, scope="user/Subscription.cruds").post("Subscription", wish(NAME))) == [
        "subscription.scope"
    ]


def test_a_subscription_is_its_subscribers_alone() -> None:
    house = subscribing(NAME, "general-practice", "eye-clinic")
    made = subscribed(Door(house), NAME)
    other = Door(house, "eyes")
    for method, path in (("GET", ""), ("GET", "/$status"), ("GET", "/$events"), ("DELETE", "")):
        answer = other.ask(method, f"Subscription/{made['id']}{path}")
        assert (answer.status_code, codes(answer)) == (404, ["rest.not-found"])
    assert other.get("Subscription").json()["total"] == 0
    assert "entry" not in other.get(f"Subscription/$status?id={made['id']}").json()


def test_those_of_ones_own_are_found_by_their_status_and_address() -> None:
    door = Door(subscribing(NAME))
    made = subscribed(door, NAME)
    for query, number in (("", 1), ("?status=requested", 1), ("?status=off", 0), (f"?url={NAME}/hook", 1)):
        assert len(resources(door.get(f"Subscription{query}"))) == number, query
    posted = door.search("Subscription", _id=made["id"])
    assert [one["id"] for one in resources(posted)] == [made["id"]]
    (told_,) = door.get("Subscription/$status?status=requested").json()["entry"]
    assert told_["resource"]["parameter"][2] == {"name": "status", "valueCode": "requested"}


def test_one_that_is_deleted_tells_nothing_more(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        round_of(house, client)
        comes(house, STORY[3])
        assert door.ask("DELETE", f"Subscription/{made['id']}").status_code == 204
        rounds(house, client, 2)
        assert len(heard.requests) == 1
        assert door.get(f"Subscription/{made['id']}").status_code == 404


def test_a_change_needs_the_version_that_was_read_and_the_same_patient() -> None:
    door = Door(subscribing(NAME))
    made = subscribed(door, NAME)
    address = f"Subscription/{made['id']}"
    changed = {**wish(NAME), "id": made["id"]}
    assert codes(door.ask("PUT", address, json=changed)) == ["rest.version-needed"]
    answer = door.ask("PUT", address, json=changed, headers={"if-match": 'W/"9"'})
    assert (codes(answer), answer.status_code) == (["subscription.version-differs"], 412)
    other = {**wish(NAME, filter=f"patient={OPAQUE.patient(99)}"), "id": made["id"]}
    assert codes(door.ask("PUT", address, json=other, headers={"if-match": 'W/"1"'})) == ["subscription.fixed"]


# what was told, asked for


def test_events_are_asked_for_by_their_numbers(tmp_path: Path) -> None:
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        for one in STORY[3:6]:
            comes(house, one)
        rounds(house, client, 3)
        ids = entry_ids(house)[3:6]
        asked = f"Subscription/{made['id']}/$events"
        for query, numbers in (("", (1, 2, 3)), ("?eventsSinceNumber=2", (2, 3)), ("?eventsUntilNumber=1", (1,))):
            bundle = door.get(f"{asked}{query}").json()
            assert said(bundle)["type"] == "query-event"
            assert said(bundle)["events"] == [(str(number), ids[number - 1]) for number in numbers]
        body = {"resourceType": "Parameters", "parameter": [{"name": "eventsSinceNumber", "valueString": "3"}]}
        posted = door.post(asked, body)
        assert said(posted.json())["events"] == [("3", ids[2])]
        full = door.get(f"{asked}?eventsSinceNumber=3&content=full-resource").json()
        assert full["entry"][1]["resource"]["id"] == ids[2]
        assert codes(door.get(f"{asked}?eventsSinceNumber=x")) == ["rest.bad-value"]


def test_what_could_not_be_sent_is_told_to_who_asks_for_it_and_keeps_its_number(tmp_path: Path) -> None:
    with endpoint(tmp_path, (200, b""), (500, b""), (500, b""), (200, b"")) as (heard, client):
        house = subscribing(heard.url)
        door = Door(house)
        made = subscribed(door, heard.url)
        round_of(house, client)
        comes(house, STORY[3])
        rounds(house, client, 2)
        assert said(door.get(f"Subscription/{made['id']}/$events").json())["events"] == [("1", entry_ids(house)[3])]
        comes(house, STORY[4])
        rounds(house, client, 3)
        assert said(bundles(heard)[-1])["events"] == [("2", entry_ids(house)[4])]


def test_what_was_told_and_is_hidden_since_keeps_its_number_and_nothing_else(tmp_path: Path) -> None:
    hidden = next(n for n, one in enumerate(STORY) if n > 2 and one.by != "general-practice")
    with endpoint(tmp_path) as (heard, client):
        house = subscribing(heard.url, before=hidden)
        door = Door(house)
        made = subscribed(door, heard.url, content="full-resource")
        comes(house, STORY[hidden])
        rounds(house, client, 2)
        blocked(house, STORY[hidden].by)
        bundle = door.get(f"Subscription/{made['id']}/$events").json()
        assert said(bundle)["events"] == [("1", "")]
        assert len(bundle["entry"]) == 1
