"""A client that others wrote (zeep) reads our description and the norm's, asks by them and understands our answers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from patientoverblik.edges.soap.ebrim import RegistryObject, xml_of
from patientoverblik.edges.soap.names import RIM, SOAP_12
from patientoverblik.edges.soap.objects import UPDATE_STATUS, set_object
from patientoverblik.edges.soap.query import STATUS
from patientoverblik.edges.soap.transactions import BY_PATH
from patientoverblik.sharing.model import SubmissionSet
from tests.conftest import SHARED
from tests.doors.soap.test_transactions import FIND, NAMED, found, stored
from tests.doors.soap.world import ENTRY, NOW, PATIENT, Door, envelope

zeep = pytest.importorskip("zeep", reason="the foreign client zeep is not installed")
NORM = SHARED / "data/xds/schema"
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"


@pytest.fixture
def door() -> Door:
    made = Door()
    stored(made)
    return made


class Wire(zeep.transports.Transport):
    """The client's messages given to the door, each with a signed header in place of its own."""

    def __init__(self, door: Door, system: bool = False) -> None:
        super().__init__()
        self.door, self.system = door, system

    def load(self, url: str) -> bytes:
        return Path(url).read_bytes() if Path(url).is_file() else self.door.get(url.removeprefix("http://door")).content

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:
        sent = etree.fromstring(message)
        (body,) = sent.find(f"{{{SOAP_12}}}Body")
        path = address.removeprefix("http://door")
        made = envelope(BY_PATH[path][0].action, etree.tostring(body).decode(), "general-practice", system=self.system)
        answer = self.door.post(path, made, headers["Content-Type"])
        return type(
            "Answer",
            (),
            {
                "status_code": answer.status_code,
                "content": answer.content,
                "encoding": "utf-8",
                "headers": answer.headers,
                "text": answer.text,
            },
        )()


def client(door: Door, path: str, system: bool = False) -> Any:
    return zeep.Client(f"http://door{path}?wsdl", transport=Wire(door, system))


@pytest.mark.parametrize("path", BY_PATH)
def test_the_client_understands_every_description(door: Door, path: str) -> None:
    (service,) = client(door, path).wsdl.services.values()
    (port,) = service.ports.values()
    assert list(port.binding._operations) == [row.operation for row in BY_PATH[path]]


def asked(*slots: tuple[str, str], norm: bool = False) -> dict[str, Any]:
    def values(value: str) -> dict[str, Any]:
        return {"_value_1": [{"Value": value}]} if norm else {"Value": [value]}

    return {
        "ResponseOption": {"returnType": "LeafClass", "returnComposedObjects": True},
        "AdhocQuery": {
            "id": FIND,
            "Slot": [{"name": name, "ValueList": values(value)} for name, value in slots],
        },
    }


ALL = (("$XDSDocumentEntryPatientId", NAMED), ("$XDSDocumentEntryStatus", f"('{STATUS}Approved')"))


def test_a_query_by_our_description(door: Door) -> None:
    answer = client(door, "/ddsregistry").service.RegistryStoredQuery(**asked(*ALL))
    assert answer.status == SUCCESS
    (one,) = answer.RegistryObjectList._value_1
    assert one["ExtrinsicObject"].id == ENTRY.format(1)


def test_an_error_by_our_description(door: Door) -> None:
    answer = client(door, "/ddsregistry").service.RegistryStoredQuery(**asked(ALL[0]))
    (error,) = answer.RegistryErrorList.RegistryError
    assert error.errorCode == "XDSStoredQueryMissingParam"


@pytest.mark.skipif(not NORM.is_dir(), reason="shared samples are not here: data/xds/schema")
def test_a_query_by_the_norms_description(door: Door) -> None:
    # The client knows no substitution groups, so the objects of an answer are left to it as elements.
    norm = zeep.Client(str(NORM / "iti18.wsdl"), transport=Wire(door), settings=zeep.Settings(strict=False))
    binding = next(iter(norm.wsdl.bindings))
    service = norm.create_service(binding, "http://door/ddsregistry")
    operation = next(name for name in norm.wsdl.bindings[binding]._operations if "StoredQuery" in name)
    answer = getattr(service, operation)(**asked(*ALL, norm=True))
    assert answer.status == SUCCESS


def test_an_update_by_our_description(door: Door) -> None:
    package = set_object(SubmissionSet("urn:uuid:u", "2.25.99", 0, "1.2.3", NOW, "Rettelse"), PATIENT, "")
    change = {"OriginalStatus": (f"{STATUS}Approved",), "NewStatus": (f"{STATUS}Deprecated",)}
    link = RegistryObject(
        "association", id="u0", source=package.id, target=ENTRY.format(1), type=UPDATE_STATUS, slots=change
    )
    made = client(door, "/dros/iti57", system=True)
    element = made.get_element(f"{{{RIM}}}RegistryObjectList")
    text = f'<rim:RegistryObjectList xmlns:rim="{RIM}">{xml_of(package)}{xml_of(link)}</rim:RegistryObjectList>'
    listed = element.parse(etree.parse(BytesIO(text.encode())).getroot(), made.wsdl.types)
    assert made.service.UpdateDocumentSet(RegistryObjectList=listed).status == SUCCESS
    assert found(door) == []
