"""A client that others wrote for Node (``soap``) asks a served door by its own description: no MTOM is sent."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from lxml import etree

from patientoverblik.app.connection import Connection
from patientoverblik.edges.soap.names import RIM
from patientoverblik.edges.soap.transactions import BY_PATH
from tests.doors.soap.test_transactions import ALL, FIND, found, stored
from tests.doors.soap.world import Door, described, envelope, plan, submission

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "tools/clients/node_modules/soap"
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
AT_MOST = 30
pytestmark = pytest.mark.skipif(
    not PACKAGE.is_dir() or shutil.which("node") is None, reason="Node or its package soap is not here: make setup-test"
)


@pytest.fixture
def door() -> Door:
    made = Door()
    stored(made)
    return made


@contextmanager
def served(door: Door) -> Iterator[str]:
    """The door on a port of its own, over the server the program uses."""
    asked = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(door.app, http=Connection, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[asked])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{asked.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(AT_MOST)
        asked.close()


def ask(door: Door, path: str, arguments: dict[str, Any], system: bool = False) -> dict[str, Any]:
    """What the client understood of the door's answer."""
    (row,) = BY_PATH[path]
    sent = etree.fromstring(envelope(row.action, "<none/>", "general-practice", system=system))
    header = "".join(etree.tostring(one, encoding="unicode") for one in sent[0])
    with served(door) as address:
        asked = {
            "wsdl": f"{address}{path}?wsdl",
            "operation": row.operation,
            "header": header,
            "arguments": arguments,
        }
        script = [str(shutil.which("node")), str(Path(__file__).with_name("node_client.cjs")), str(PACKAGE)]
        done = subprocess.run(
            script, input=json.dumps(asked), capture_output=True, text=True, timeout=AT_MOST, check=False
        )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_query(door: Door) -> None:
    slots = [{"attributes": {"name": name}, "ValueList": {"Value": [value]}} for name, value in ALL]
    option = {"attributes": {"returnType": "LeafClass", "returnComposedObjects": "true"}}
    query = {"attributes": {"id": FIND}, "Slot": slots}
    result = ask(door, "/ddsregistry", {"ResponseOption": option, "AdhocQuery": query})["result"]
    assert result["attributes"]["status"] == SUCCESS
    entry = result["RegistryObjectList"]["ExtrinsicObject"]
    assert entry["attributes"]["id"] == found(door)[0].id


def test_a_document(door: Door) -> None:
    (one,) = found(door)
    wish = {"RepositoryUniqueId": door.house.repository, "DocumentUniqueId": one.identifiers[UNIQUE]}
    told = ask(door, "/ddsrepository", {"DocumentRequest": wish})
    assert told["result"]["RegistryResponse"]["attributes"]["status"] == SUCCESS
    assert plan() in map(b64decode, told["parts"])


def test_a_document_that_is_not_there(door: Door) -> None:
    wish = {"RepositoryUniqueId": door.house.repository, "DocumentUniqueId": "1.2.3"}
    answer = ask(door, "/ddsrepository", {"DocumentRequest": wish})["result"]["RegistryResponse"]
    (error,) = answer["RegistryErrorList"]["RegistryError"]
    assert error["attributes"]["errorCode"] == "XDSDocumentUniqueIdError"


def test_a_document_is_provided_inline(door: Door) -> None:
    entry = described(plan(1), door.house, 2)
    listed = f'<rim:RegistryObjectList xmlns:rim="{RIM}">{submission(entry, number=2)}</rim:RegistryObjectList>'
    provided = {
        "SubmitObjectsRequest": {"$xml": listed},
        "Document": {"attributes": {"id": entry.uuid}, "$value": b64encode(plan(1)).decode()},
    }
    result = ask(door, "/dros/iti41", provided, system=True)["result"]
    assert result["attributes"]["status"] == SUCCESS
    assert entry.uuid in [one.id for one in found(door)]
