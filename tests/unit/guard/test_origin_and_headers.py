"""Names, origins and headers, each rule by itself."""

import pytest
from starlette.datastructures import Headers

from patientoverblik.edges.guard import Guard
from patientoverblik.edges.guard.headers import completed
from patientoverblik.edges.guard.origin import is_for_us, is_from_elsewhere

GUARD = Guard(hosts=frozenset({"overblik.example", "::1"}))
SERVER = {"server": ("192.0.2.10", 8080)}


@pytest.mark.parametrize("host", ["overblik.example", "OVERBLIK.example:8443", "[::1]:8080", "192.0.2.10:80"])
def test_a_request_to_a_name_of_ours_is_for_us(host):
    assert is_for_us(GUARD, SERVER, Headers({"host": host}))


@pytest.mark.parametrize("host", ["evil.example", "overblik.example.evil", "", "192.0.2.11", "[::1", "a@evil.example"])
def test_any_other_is_not(host):
    assert not is_for_us(GUARD, SERVER, Headers({"host": host}))


def test_two_names_or_none_are_not_for_us():
    two = Headers(raw=[(b"host", b"overblik.example"), (b"host", b"overblik.example")])
    assert not is_for_us(GUARD, SERVER, two)
    assert not is_for_us(GUARD, SERVER, Headers({}))


COOKIE = {"cookie": "overblik=x", "host": "overblik.example"}


@pytest.mark.parametrize(
    ("said", "elsewhere"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://overblik.example"}, True),
        ({"origin": "https://overblik.example"}, False),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_request_of_another_sites_page_is_told_by_what_the_browser_says(said, elsewhere):
    assert is_from_elsewhere({"method": "POST"}, Headers(COOKIE | said)) is elsewhere
    assert not is_from_elsewhere({"method": "GET"}, Headers(COOKIE | said))
    assert not is_from_elsewhere({"method": "POST"}, Headers(said))


def said(guard: Guard, *own: tuple[bytes, bytes]) -> dict[str, str]:
    return dict(Headers(raw=completed(own, guard)))


def test_an_answer_that_says_nothing_gets_everything():
    found = said(GUARD)
    assert found["content-security-policy"].endswith("frame-ancestors 'none'")
    assert found["x-frame-options"] == "DENY"
    assert found["cache-control"] == "no-store"
    assert "strict-transport-security" not in found


def test_over_tls_it_is_to_stay_so_for_a_year():
    assert said(Guard(secure=True))["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_configured_hosts_may_frame_and_what_says_nobody_stays_so():
    guard = Guard(frame_hosts=("https://portal.example",))
    assert said(guard)["content-security-policy"].endswith("frame-ancestors 'self' https://portal.example")
    assert "x-frame-options" not in said(guard)
    never = said(guard, (b"Content-Security-Policy", b"default-src 'self'; frame-ancestors 'none'"))
    assert never["content-security-policy"] == "default-src 'self'; frame-ancestors 'none'"


def test_the_server_is_not_named():
    assert "server" not in said(GUARD, (b"Server", b"uvicorn"))
