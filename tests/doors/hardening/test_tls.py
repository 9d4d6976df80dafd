"""TLS by the settings, over a real port: who may connect, and whose certificate the doors are told."""

import asyncio
import socket
import ssl
import threading
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from patientoverblik.app.connection import SHOWN, Connection, with_certificate
from patientoverblik.app.serving import behind_proxies
from patientoverblik.app.settings import Settings, SettingsFault, read_settings
from patientoverblik.app.tls import tls_options
from patientoverblik.edges.identity.certificate import Proxies, presented
from tests.doors.hardening.certificates import Authority

AT_MOST = 20


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


async def who(scope, receive, send):
    """Answers with whom the doors would recognise."""
    found = presented(scope, {}, Proxies())
    await PlainTextResponse(found.subject if found else "nobody")(scope, receive, send)


@contextmanager
def serving(settings: Settings):
    asked = socket.create_server(("127.0.0.1", 0))
    configuration = uvicorn.Config(
        with_certificate(behind_proxies(who)),
        http=Connection,
        log_level="critical",
        lifespan="off",
        **tls_options(settings),
    )
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[asked])), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{asked.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(AT_MOST)
        asked.close()


def asks(address: str, authority: Authority, shown: tuple[str, str] | None = None, **limits) -> str:
    trust = ssl.create_default_context(cafile=str(authority.file))
    for name, value in limits.items():
        setattr(trust, name, value)
    if shown:
        trust.load_cert_chain(*shown)
    with httpx.Client(verify=trust, trust_env=False) as client:
        return client.get(address).text


def settings(authority: Authority, clients: str = "none") -> Settings:
    certificate, key = authority.makes("server")
    ca = str(authority.file) if clients != "none" else ""
    return Settings(tls_certificate=certificate, tls_key=key, tls_clients=clients, tls_client_ca=ca)


def test_the_doors_are_told_the_certificate_that_was_shown_and_forget_it(authority):
    with serving(settings(authority, "asked")) as address:
        assert asks(address, authority) == "nobody"
        assert asks(address, authority, authority.makes("journal")) == "CN=journal"
        assert asks(address, authority) == "nobody"
    assert SHOWN == {}


def test_where_certificates_are_required_nobody_comes_without(authority):
    with serving(settings(authority, "required")) as address:
        assert asks(address, authority, authority.makes("journal")) == "CN=journal"
        with pytest.raises(httpx.TransportError):
            asks(address, authority)


def test_a_certificate_of_another_authority_is_refused(authority, tmp_path):
    with serving(settings(authority, "asked")) as address, pytest.raises(httpx.TransportError):
        asks(address, authority, Authority(tmp_path, "stranger").makes("journal"))


def test_nothing_older_than_tls_1_2_is_spoken(authority):
    configuration = uvicorn.Config(who, **tls_options(settings(authority)))
    configuration.load()
    assert configuration.ssl.minimum_version >= ssl.TLSVersion.TLSv1_2


def faults(**given: str) -> str:
    environment = {f"PATIENTOVERBLIK_{name.upper()}": value for name, value in given.items()}
    try:
        read_settings(environment)
    except SettingsFault as fault:
        return str(fault)
    return ""


def test_a_pair_in_order_is_taken(authority):
    certificate, key = authority.makes("server")
    assert faults(tls_certificate=certificate, tls_key=key) == ""
    assert read_settings({"PATIENTOVERBLIK_TLS_CERTIFICATE": certificate, "PATIENTOVERBLIK_TLS_KEY": key}).secure


def test_what_is_wrong_is_told_when_the_program_starts(authority, tmp_path):
    certificate, key = authority.makes("server")
    other = authority.makes("other")[1]
    junk = tmp_path / "junk.pem"
    junk.write_text("junk")
    assert "together" in faults(tls_certificate=certificate)
    assert "a certificate and its key" in faults(tls_certificate=certificate, tls_key=other)
    assert "a certificate and its key" in faults(tls_certificate=str(junk), tls_key=key)
    assert "expired" in faults(**dict(zip(("tls_certificate", "tls_key"), authority.makes("old", -1), strict=True)))
    assert "TLS_KEY must name a file" in faults(tls_certificate=certificate, tls_key=str(tmp_path / "none.pem"))
    assert "TLS_CLIENT_CA must hold" in faults(tls_client_ca=str(junk))
    assert "TLS_CLIENT_CA must be set" in faults(tls_clients="required")
    assert "none, asked or required" in faults(tls_clients="perhaps")
