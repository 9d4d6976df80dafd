"""Danish traffic of the national service: our parser reads it, our door answers it, and in the shape that was captured.

The captures are older than the Danish metadata profile, so the norm's demands are warnings here. Their patient is a
placeholder that a test person stands in for; each message gets a signed header of its own, as it must.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from patientoverblik.edges.soap.envelope import Message, read_message
from patientoverblik.edges.soap.levels import Levels
from patientoverblik.edges.soap.mtom import Package, Unpacker
from patientoverblik.edges.soap.names import SOAP_12, XDS
from tests.conftest import SHARED
from tests.doors.soap.world import NANCY, Door, body_of, told_of

CAPTURES = SHARED / "data/xds/captures"
pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason="shared samples are not here: data/xds/captures")


def read(name: str) -> bytes:
    return (CAPTURES / name).read_bytes().replace(b"ABCDEFGHIJ", NANCY.encode())


def request(name: str) -> str:
    """The request in a captured envelope."""
    found = read_message(Package(read(name)))
    assert isinstance(found, Message)
    return etree.tostring(found.request, encoding="unicode")


def shape(root: etree._Element) -> Counter[str]:
    """Which elements stand in which, ids and times and numbers of them aside."""
    found: Counter[str] = Counter()
    for one in root.iter("*"):
        above = [etree.QName(each).localname for each in one.iterancestors()]
        found["/".join([*reversed(above), etree.QName(one).localname])] = 1
    return found


ENVELOPES = [
    *(path for path in sorted(CAPTURES.glob("*.xml")) if not (CAPTURES / "parts" / f"{path.stem}.part0.xml").exists()),
    *sorted(CAPTURES.glob("parts/*.part0.xml")),
]


@pytest.mark.parametrize("path", ENVELOPES, ids=lambda path: path.name)
def test_every_capture_is_read(path: Path) -> None:
    found = read_message(Package(path.read_bytes()))
    assert isinstance(found, Message)
    assert found.soap == SOAP_12
    assert found.action.startswith("urn:ihe:iti:20")
    assert found.id.startswith("urn:uuid:")


@pytest.mark.parametrize("name", ["iti41-request", "iti41withreplacement-request", "iti43-response"])
def test_a_captured_body_in_parts_is_taken_apart(name: str) -> None:
    """The captures begin after the headers of the first part, which are put back."""
    data = (CAPTURES / f"{name}.xml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    boundary = next(line.strip()[2:] for line in data.splitlines() if line.startswith(b"--")).removesuffix(b"--")
    unpacker = Unpacker(f'multipart/related; type="application/xop+xml"; boundary="{boundary.decode()}"', 1 << 20)
    unpacker.take(b"--" + boundary + b"\r\nContent-ID: <root>\r\n\r\n" + data)
    package = unpacker.package()
    assert isinstance(package, Package)
    assert package.root.strip().endswith(b"Envelope>")
    assert len(package.parts) == 1


def provided(door: Door, name: str) -> tuple[str, list[str]]:
    envelope = read_message(Package(read(f"parts/{name}.part0.xml")))
    assert isinstance(envelope, Message)
    document = envelope.request.find(f"{{{XDS}}}Document")
    assert document is not None
    listed = "".join(etree.tostring(one, encoding="unicode") for one in envelope.request[0][0])
    return told_of(door.provide(listed, {document.get("id", "").strip(): read(f"parts/{name}.part1.xml")}))


def test_an_appointment_is_made_found_fetched_and_withdrawn() -> None:
    lenient = Levels(ihe="WARNING")
    door = Door(iti41=lenient)
    assert provided(door, "iti41-request")[0] == "Success"
    answer = door.ask("/ddsregistry", "urn:ihe:iti:2007:RegistryStoredQuery", request("iti18-request.xml"))
    assert told_of(answer)[0] == "Success"
    (entry,) = etree.fromstring(body_of(answer)).iter("{*}ExtrinsicObject")
    assert entry.find("{*}Name/{*}LocalizedString").get("value") == "Aftale"
    update = request("iti57-request.xml").replace("urn:uuid:194ff3d4-a77a-4067-b721-6716ed2f43f7", entry.get("id", ""))
    answer = door.ask("/dros/iti57", "urn:ihe:iti:2010:UpdateDocumentSet", update, system=True)
    assert told_of(answer) == ("Success", [])
    answer = door.ask("/ddsregistry", "urn:ihe:iti:2007:RegistryStoredQuery", request("iti18-request.xml"))
    assert list(etree.fromstring(body_of(answer)).iter("{*}ExtrinsicObject")) == []


def test_an_appointment_is_replaced() -> None:
    door = Door(iti41=Levels(ihe="WARNING"))
    assert provided(door, "iti41-request")[0] == "Success"
    status, told = provided(door, "iti41withreplacement-request")
    assert (status, [one for one in told if "Unresolved" in one]) == (
        "Failure",
        ["UnresolvedReferenceException sharing.target-unknown"],
    )


def test_the_national_demand_refuses_what_lacks_metadata() -> None:
    status, told = provided(Door(), "iti41-request")
    assert status == "Failure"
    assert {one.split()[0] for one in told} == {"XDSRegistryMetadataError"}


@pytest.mark.parametrize(
    ("captured", "ours"),
    [("iti41-response.xml", "iti41"), ("iti57-response.xml", "iti41"), ("iti18-response.xml", "iti18")],
)
def test_answers_have_the_captured_shape(captured: str, ours: str) -> None:
    """Everything a peer has seen in the national answers stands in ours at the same place."""
    door = Door(iti41=Levels(ihe="WARNING"))
    sent = provided(door, "iti41-request")
    assert sent[0] == "Success"
    if ours == "iti18":
        answer = door.ask("/ddsregistry", "urn:ihe:iti:2007:RegistryStoredQuery", request("iti18-request.xml"))
        made = shape(etree.fromstring(body_of(answer)))
    else:
        body = request("iti57-request.xml")
        made = shape(
            etree.fromstring(door.ask("/dros/iti57", "urn:ihe:iti:2010:UpdateDocumentSet", body, system=True).content)
        )
    seen = shape(etree.parse(CAPTURES / captured).getroot())
    assert set(seen) - set(made) <= {"Envelope/Header/To"}
