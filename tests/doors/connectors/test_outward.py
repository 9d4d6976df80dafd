"""Where a subscriber's endpoint may lead: the internet and what is configured, whatever its name says the next time."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from patientoverblik.connectors.outward import is_let, outside
from patientoverblik.connectors.rest_hooks import spread_of
from patientoverblik.notify.deliver import wait_after
from patientoverblik.service.outbox import Message

HERE = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.2.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.2.0.1",
    ],
)
def test_what_nobody_on_the_internet_has_is_not_asked(address: str) -> None:
    assert not is_let(ip_address(address), HERE)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1::1", "10.1.2.3", "::ffff:10.1.2.3", "fd00::7"])
def test_the_internet_and_what_is_configured_is(address: str) -> None:
    assert is_let(ip_address(address), HERE)


def test_one_forbidden_address_among_a_names_bars_the_name() -> None:
    asked = "https://receiver.example/hook"
    assert outside(asked, (), lambda *_: [PUBLIC, "127.0.0.1"]) is None
    assert outside(asked, (), lambda *_: []) is None


def test_what_was_looked_at_is_what_is_asked() -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]
    to = outside("https://receiver.example:8443/hook", (), lambda *_: answers.pop(0))
    assert to is not None
    assert (str(to.url), to.host) == (f"https://{PUBLIC}:8443/hook", "receiver.example:8443")
    assert to.extensions == {"sni_hostname": "receiver.example"}
    assert outside("https://receiver.example:8443/hook", (), lambda *_: answers.pop(0)) is None


def test_an_address_of_version_six_is_asked_in_brackets() -> None:
    to = outside("https://receiver.example/", (), lambda *_: ["2606:2800:220:1::1"])
    assert to is not None
    assert str(to.url) == "https://[2606:2800:220:1::1]/"


def test_those_who_failed_together_do_not_come_back_together() -> None:
    message = Message(1, "rest-hook", "a#1", "notification", b"", 0, attempts=9)
    waits = {spread_of(message) for _ in range(50)}
    assert len(waits) > 1
    assert all(0 <= each < wait_after(9) // 4 for each in waits)
