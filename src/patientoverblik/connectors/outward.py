"""Addresses that others gave us: resolved here, held against what may be asked, and asked at the very address that was
looked at, so that a name cannot lead elsewhere between the look and the question (SSRF, DNS rebinding). And cut off in
time, however slowly they go on."""

import contextlib
import ipaddress
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Timer
from typing import Any, NamedTuple

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]


class Outside(NamedTuple):
    """How a request goes to the address that was looked at: where, under which name, with which certificate's name."""

    url: httpx.URL
    host: str
    extensions: dict[str, str]


def resolved(host: str, port: int) -> Sequence[str]:
    """Every address of a name; ``OSError`` where it has none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def outside(address: str, networks: Sequence[Network], resolve: Resolve = resolved) -> Outside | None:
    """Where a request to an address goes; None where any of its name's addresses is one that nobody outside has, and
    that is in none of ``networks``. ``OSError`` where the name leads nowhere."""
    url = httpx.URL(address)
    found = [ipaddress.ip_address(each.partition("%")[0]) for each in resolve(url.host, url.port or 443)]
    if not found or not all(is_let(each, networks) for each in found):
        return None
    return Outside(url.copy_with(host=str(found[0])), url.netloc.decode(), {"sni_hostname": url.host})


def is_let(address: Address, networks: Sequence[Network]) -> bool:
    """Whether an address may be asked: it is anybody's on the internet, or in one of the networks that are let."""
    plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
    return any(plain in network for network in networks) or (plain.is_global and not plain.is_multicast)


@contextlib.contextmanager
def cut_after(seconds: float) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
    """A watch for the ``trace`` of a request, whose connection is cut after so many seconds: a receiver that says a
    little now and then is never silent for long, and yet never ends."""
    held: list[socket.socket] = []

    def watch(event: str, about: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            held[:] = [about["return_value"].get_extra_info("socket")]

    def cut() -> None:
        for one in held:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
