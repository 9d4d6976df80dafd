"""Everything that is done says which request it came of, and what that request was by a hash nobody can turn round."""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode

import msgspec
import pytest

from patientoverblik.access import SecurityEvent
from patientoverblik.app.guarding import body_secret, refusing
from patientoverblik.app.issuing import make_token
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house
from patientoverblik.app.workshop import AppWorkshop, opened
from patientoverblik.edges.cli.ports import WantedToken
from patientoverblik.edges.guard import Guard, current_cause, guarded
from patientoverblik.edges.guard.cause import id_of
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.notify.audit_event import audit_event
from patientoverblik.notify.record import Ourselves, record_of
from patientoverblik.service.cause import Causing
from patientoverblik.service.outbox import Message
from patientoverblik.service.trail import done
from patientoverblik.storage.memory import MemoryStorage
from tests.doors.hardening.place import KEY, NANCY, Place, token
from tests.doors.soap.world import PATIENT, Door

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ASKED = "caller.request-1"


def hashed(secret: bytes, body: bytes) -> str:
    return b64encode(hmac.digest(secret, body, "sha256")).decode()


def last(place: Place, patient: int = KEY) -> SecurityEvent:
    return place.house.storage.reader().events(patient)[-1]


def test_a_page_and_its_form():
    place = Place()
    browser = place.browser("egen-laege")
    csrf = token(browser.get("/").text)
    found = browser.post("/patient", data={"cpr": NANCY, "csrf": csrf})
    assert found.status_code == 200
    event = last(place)
    assert (event.act, event.query) == ("look", "")  # the look is a GET, after the search was answered
    assert UUID.fullmatch(event.request)
    assert event.request == found.headers["x-request-id"]
    look = place.house.storage.reader().looks(KEY)[-1]
    assert look.request == event.request


def test_the_overview_as_data_by_a_session():
    place = Place()
    browser = place.browser("egen-laege")
    csrf = token(browser.get("/").text)
    body = b'{"patient": "%s"}' % NANCY.encode()
    answer = browser.post("/api/overblik", content=body, headers={"x-csrf-token": csrf, "x-request-id": ASKED})
    event = last(place)
    assert (answer.status_code, answer.headers["x-request-id"]) == (200, ASKED)
    assert (event.request, event.query) == (ASKED, hashed(body_secret(place.house), body))


def test_the_overview_as_data_by_a_token(tmp_path):
    place = Place(database=f"sqlite:///{tmp_path}/demo.sqlite3")
    body = b'{"patient": "%s"}' % NANCY.encode()
    bearer = make_token(place.settings, WantedToken("jwt", "egen-laege"))
    sent = {"authorization": f"Bearer {bearer}", "x-request-id": ASKED}
    assert place.ask("POST", "/api/overblik", content=body, headers=sent).status_code == 200
    assert (last(place).request, last(place).query) == (ASKED, hashed(body_secret(place.house), body))
    place.house.storage.close()


def test_a_message():
    door = Door()
    held = Causing(door.house.storage, current_cause)
    door.serve(msgspec.structs.replace(door.house, storage=held))
    inner, bodies = door.app, []

    async def told(scope, receive, send):
        async def hearing():
            message = await receive()
            bodies.append(message.get("body", b""))
            return message

        await guarded(inner, Guard(hosts=frozenset({"door"})), refusing(load_assets()), door.house.clock, b"s")(
            scope, hearing, send
        )

    door.app = told
    asked = ("$XDSDocumentEntryPatientId", f"'{PATIENT.value}^^^&{PATIENT.system}&ISO'")
    status = ("$XDSDocumentEntryStatus", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')")
    answer = door.query("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", asked, status)
    event = door.house.storage.reader().events(7)[-1]
    assert event.act == "list"
    assert (event.request, event.query) == (answer.headers["x-request-id"], hashed(b"s", b"".join(bodies)))


def test_a_command(tmp_path):
    settings = Settings(database=f"sqlite:///{tmp_path}/demo.sqlite3", demo=True)
    words = ("register", "file.jsonl")
    workshop = AppWorkshop(settings, words)

    async def act(house):
        event = done(house, workshop.operator(), KEY, "heartbeat", "maintenance")
        await house.wait(house.storage.act(lambda transaction: transaction.add_event(event)))
        return body_secret(house)

    secret = workshop.complete(act)
    with opened(settings) as house:
        event = house.storage.reader().events(KEY)[-1]
    assert UUID.fullmatch(event.request)
    assert event.query == hashed(secret, "\0".join(words).encode())


def test_what_nobody_asked_for_has_no_cause():
    house = open_house(Settings(database="memory:", demo=True), MemoryStorage())
    event = done(house, AppWorkshop(Settings()).operator(), KEY, "heartbeat", "maintenance")
    house.storage.act(lambda transaction: transaction.add_event(event)).result()
    assert (house.storage.reader().events(KEY)[-1].request, current_cause().request) == ("", "")


@pytest.mark.parametrize(
    "sent",
    ["", "short", "x" * 65, "with space", "line\nbreak", NANCY, f"a-{NANCY}-b", "251248-9996x", "æøåæøåæøå", "a" * 7],
)
def test_what_is_no_id_is_replaced(sent):
    assert UUID.fullmatch(id_of(sent))
    assert id_of(sent) != id_of(sent)


@pytest.mark.parametrize("sent", ["caller.request-1", "a" * 64, "0af7651916cd43dd8448eb211c80319c"])
def test_what_is_one_is_kept(sent):
    assert id_of(sent).replace("-", "") == sent.replace("-", "")


def test_the_audit_event_tells_the_id_and_a_hash_that_does_not_lead_back_to_the_number():
    place = Place()
    browser = place.browser("egen-laege")
    csrf = token(browser.get("/").text)
    body = b'{"patient": "%s"}' % NANCY.encode()
    browser.post("/api/overblik", content=body, headers={"x-csrf-token": csrf, "x-request-id": ASKED})
    event = last(place)
    message = Message(KEY, "atna", event.id, "event", msgspec.msgpack.encode(event), event.at)
    made = audit_event(record_of(place.house.storage.reader(), message), Ourselves())
    request, (query,) = made["entity"][-1], [each for each in made["entity"] if "query" in each]
    assert request["what"]["identifier"]["value"] == ASKED
    assert request["detail"] == [{"type": "hmac-sha-256", "valueBase64Binary": event.query}]
    assert b64decode(query["query"]).decode() == f"hmac-sha-256:{event.query}"
    plain = {hashlib.sha256(body).digest(), hmac.digest(b"", body, "sha256")}
    assert b64decode(event.query) not in plain
