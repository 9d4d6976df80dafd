"""The XDS.b door beside the pages: there where somebody is believed, and the printed call works as it stands."""

import asyncio
import re
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from patientoverblik.app.hints import FIND_DOCUMENTS, soap_call
from patientoverblik.app.issuing import make_token
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house
from patientoverblik.app.xds import with_door
from patientoverblik.edges.cli.ports import WantedToken
from patientoverblik.edges.soap.names import SOAP_12
from patientoverblik.edges.soap.transactions import BY_PATH
from patientoverblik.storage.memory import MemoryStorage


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=f"sqlite:///{tmp_path}/demo.sqlite3", demo=True)


def post(settings: Settings, path: str, content: bytes) -> httpx.Response:
    app = with_door(settings, open_house(settings, MemoryStorage()), Starlette())

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.post(path, content=content, headers={"content-type": "application/soap+xml"})

    return asyncio.run(send())


def test_the_demos_own_token_is_believed_and_answered(settings):
    header = make_token(settings, WantedToken("saml", "egen-laege"))
    sent = f'<s:Envelope xmlns:s="{SOAP_12}">{header}<s:Body>{FIND_DOCUMENTS}</s:Body></s:Envelope>'
    answer = post(settings, "/ddsregistry", sent.encode())
    assert answer.status_code == 200
    assert "AdhocQueryResponse" in answer.text
    assert re.search(r'codeContext="access\.[a-z-]+:', answer.text)  # nobody is loaded, so there is no relation


def test_the_printed_call_holds_the_whole_message(settings):
    command = soap_call(settings, "patientoverblik token")
    assert FIND_DOCUMENTS in command
    assert f"{settings.origin}/ddsregistry" in command
    assert "'" not in FIND_DOCUMENTS  # it stands between such quotes


def test_without_trust_there_is_no_door_outside_the_demo(settings):
    own = msgspec.structs.replace(settings, demo=False)
    assert {post(own, path, b"<a/>").status_code for path in (*BY_PATH, "/xds/status")} == {404}


def test_a_message_larger_than_the_setting_is_refused(settings):
    small = msgspec.structs.replace(settings, message_megabytes=1)
    assert "soap.too-large" in post(small, "/dros/iti41", b" " * 1_000_001).text
