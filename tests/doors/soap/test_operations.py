"""What operators and integrators meet: descriptions, status, limits, faults by their protocols' own codes."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from lxml import etree

from patientoverblik.edges.guard import Incoming, answering, current_cause
from patientoverblik.edges.identity.soap.names import MEDCOM
from patientoverblik.edges.soap.names import RIM, SOAP_12
from patientoverblik.edges.soap.received import Patience
from patientoverblik.edges.soap.transactions import BY_PATH, RUNS
from patientoverblik.problems import Fault
from patientoverblik.service.cause import Causing
from tests.doors.soap.test_transactions import ALL, FIND, fetch, found, stored, update
from tests.doors.soap.world import ENTRY, Door, body_of, envelope

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.mark.parametrize("path", BY_PATH)
def test_each_address_describes_itself(door: Door, path: str) -> None:
    answer = door.get(f"{path}?wsdl")
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    (address,) = root.iter("{http://schemas.xmlsoap.org/wsdl/soap12/}address")
    assert address.get("location") == f"http://door{path}"
    actions = {one.get("{http://www.w3.org/2007/05/addressing/metadata}Action") for one in root.iter() if one.attrib}
    assert {action for row in BY_PATH[path] for action in (row.action, row.answer)} <= actions


def test_the_address_from_outside_stands_in_the_description(door: Door) -> None:
    door.serve(door.house, origin="https://overblik.example")
    assert 'location="https://overblik.example/ddsregistry"' in door.get("/ddsregistry?WSDL").text


def test_a_browser_is_told_what_the_address_is_for(door: Door) -> None:
    answer = door.get("/ddsregistry")
    assert (answer.status_code, "soap.get" in answer.text) == (400, True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_answered_in_soap_too(door: Door, method: str) -> None:
    answer = asyncio.run(_by(door, method))
    assert (answer.status_code, "soap.get" in answer.text) == (400, True)


async def _by(door: Door, method: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=door.app), base_url="http://door") as client:
        return await client.request(method, "/dros/iti41")


def test_every_transaction_runs_something() -> None:
    assert set(RUNS) == {row.number for rows in BY_PATH.values() for row in rows}


def test_our_answers_and_requests_follow_our_own_schemas(door: Door) -> None:
    """The description is true: what the door takes and gives is valid by it."""
    stored(door)
    answer = door.query(FIND, *ALL)
    schema = _own("query")
    (body,) = etree.fromstring(body_of(answer)).find(f"{{{SOAP_12}}}Body")
    assert schema.validate(etree.fromstring(etree.tostring(body))), schema.error_log
    (listed,) = body.iter(f"{{{RIM}}}RegistryObjectList")
    assert len(listed) == 1


def _own(name: str) -> etree.XMLSchema:
    """One of the schemas of the description, its imports found beside it."""
    from importlib.resources import files

    folder = files("patientoverblik.edges.soap").joinpath("schemas")
    names = {etree.fromstring(one.read_bytes()).get("targetNamespace"): one.name for one in folder.iterdir()}

    def located(data: bytes) -> etree._Element:
        root = etree.fromstring(data)
        for one in root.iter("{http://www.w3.org/2001/XMLSchema}import"):
            one.set("schemaLocation", f"own:{names[one.get('namespace')]}")
        return root

    class Own(etree.Resolver):
        def resolve(self, url: str, _id: object, context: Any) -> Any:
            if not url.startswith("own:"):
                return None
            text = etree.tostring(located(folder.joinpath(url.removeprefix("own:")).read_bytes()))
            return self.resolve_string(text, context, base_url=url)

    parser = etree.XMLParser()
    parser.resolvers.add(Own())
    return etree.XMLSchema(
        etree.fromstring(etree.tostring(located(folder.joinpath(f"{name}.xsd").read_bytes())), parser)
    )


def status(door: Door) -> dict[str, dict[str, Any]]:
    told = door.get("/xds/status").json()
    return {row["transaction"]: row for row in told["transactions"]} | {"": told}


def test_the_status_counts_failures_in_a_row_and_forgets_them_when_it_works_again(door: Door) -> None:
    assert status(door)["iti18"]["status"] == "unused"
    house = door.house
    broken = Broken(house.storage)
    door.serve(msgspec.structs.replace(house, storage=broken))
    for count, said in enumerate(("failing", "failing", "down"), 1):
        answer = door.query(FIND, *ALL)
        assert (answer.status_code, "storage.disk" in answer.text) == (500, True)
        row = status(door)["iti18"]
        assert (row["status"], row["failures_in_a_row"], row["last_failure"]) == (said, count, house.clock())
    assert status(door)[""]["status"] == "down"
    door.serve(house)
    found(door)
    row = status(door)["iti18"]
    assert (row["status"], row["failures_in_a_row"], row["failed"], row["answered"]) == ("up", 0, 3, 1)


def test_a_senders_fault_is_not_ours(door: Door) -> None:
    door.ask("/ddsregistry", "urn:wrong", "<r/>")
    row = status(door)["iti18"]
    assert (row["refused"], row["failed"], row["failures_in_a_row"]) == (1, 0, 0)


class Broken:
    """A storage that is away."""

    def __init__(self, storage: Any, raised: Exception | None = None) -> None:
        self.storage, self.raised = storage, raised or Fault("storage.disk")

    def snapshot(self) -> Any:
        raise self.raised

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)


def test_what_breaks_is_a_fault_without_its_words(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    words = ValueError("Nancy 2512489996")
    door.serve(msgspec.structs.replace(door.house, storage=Broken(door.house.storage, words)))
    answer = door.query(FIND, *ALL)
    assert (answer.status_code, "soap.broken" in answer.text) == (500, True)
    assert "Nancy" not in answer.text + caplog.text
    assert "iti18 ValueError" in caplog.text


def test_a_sender_who_never_ends_is_not_waited_for(door: Door) -> None:
    door.serve(door.house, patience=Patience(grace=0.0))

    async def dribble() -> Any:
        yield b"<a"
        await asyncio.Event().wait()

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=door.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await client.post("/ddsregistry", content=dribble())

    assert "soap.too-slow" in asyncio.run(send()).text


def test_a_refused_sender_is_told_by_the_codes_of_its_protocols(door: Door) -> None:
    sent = envelope("urn:ihe:iti:2007:RegistryStoredQuery", "<r/>", "general-practice")
    changed = sent.replace(b"7101701234", b"7101701235")
    answer = door.post("/ddsregistry", changed, "application/soap+xml")
    root = etree.fromstring(answer.content)
    assert answer.status_code == 400
    assert "wsse:" in "".join(root.find(f".//{{{SOAP_12}}}Subcode").itertext())
    assert root.find(f".//{{{MEDCOM}}}FaultCode").text
    assert [one.get("code") for one in root.iter("problem")]


def test_a_header_with_several_faults_tells_them_all(door: Door) -> None:
    sent = envelope("urn:ihe:iti:2007:RegistryStoredQuery", "<r/>", "general-practice")
    root = etree.fromstring(sent)
    for attribute in root.iter("{http://www.nsi.dk/hsuid/2016/08/hsuid-1.1.xsd}Attribute"):
        if attribute.get("Name") in ("nsi:SystemName", "nsi:SystemVersion"):
            attribute[0].text = "\t"
    answer = door.post("/ddsregistry", etree.tostring(root), "application/soap+xml")
    problems = [one.get("code") for one in etree.fromstring(answer.content).iter("problem")]
    assert len(problems) == 2, answer.text


def test_a_call_with_an_id_card_is_answered_in_its_flow(door: Door) -> None:
    stored(door)
    answer = update(door, "urn:uuid:11111111-1111-4111-8111-000000000001")
    header = etree.fromstring(answer.content).find(f".//{{{MEDCOM}}}Header")
    assert header.findtext(f"{{{MEDCOM}}}FlowStatus") == "flow_finalized_succesfully"
    assert header.findtext(f"{{{MEDCOM}}}Linking/{{{MEDCOM}}}InResponseToMessageID")
    saml = etree.fromstring(body_of(fetch(door, "1.2.3")))
    assert saml.find(f".//{{{MEDCOM}}}Header") is None


def test_what_ihe_calls_a_request_stands_in_its_events_and_in_no_others() -> None:
    door = Door()
    door.serve(msgspec.structs.replace(door.house, storage=Causing(door.house.storage, current_cause)))
    with answering(Incoming("a-request", b"secret")):
        stored(door)
    with answering(Incoming("a-request", b"secret")):
        door.query(FIND, *ALL)
    fetch(door, ENTRY.format(1))
    events = [*door.house.storage.reader().events(7)]
    told = [(one.act, one.transaction) for one in events]
    assert told == [("deliver", "ITI-41"), ("list", "ITI-18"), ("retrieve", "")]


def test_the_manual_names_every_transaction_as_it_is() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "xds.md").read_text(encoding="utf-8")
    rows = [line for line in manual.splitlines() if line.startswith("| ITI-")]
    told = {tuple(re.findall(r"`([^`]+)`", line)[:2]) for line in rows}
    assert told == {(row.path, row.action) for rows in BY_PATH.values() for row in rows}
