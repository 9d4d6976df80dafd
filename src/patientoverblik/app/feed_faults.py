"""What is wrong with the settings of feeds, all of it at once: by name, never by value."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

ADDRESSES = ("minlog_url", "atna_fhir_url")
FILES = ("feed_ca", "feed_certificate", "feed_key")
HERE = ("127.0.0.1", "localhost", "::1")


def feed_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Every fault, for settings by their names in small letters."""
    for name in ADDRESSES:
        if given.get(name) and not _is_safe(given[name]):
            yield f"{prefix}{name.upper()} must be an https address"
    if given.get("atna_syslog") and place_of(given["atna_syslog"]) is None:
        yield f"{prefix}ATNA_SYSLOG must be HOST:PORT"
    for name in FILES:
        if given.get(name) and not Path(given[name]).is_file():
            yield f"{prefix}{name.upper()} must be a file"
    if bool(given.get("feed_certificate")) != bool(given.get("feed_key")):
        yield f"{prefix}FEED_CERTIFICATE and {prefix}FEED_KEY must be set together"


def place_of(value: str) -> tuple[str, int] | None:
    """Host and port of ``host:port``."""
    host, _, port = value.rpartition(":")
    return (host.strip("[]"), int(port)) if host and port.isdigit() and 0 < int(port) < 65536 else None


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in HERE))
