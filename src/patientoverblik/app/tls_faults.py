"""What is wrong with the settings of TLS, hosts and proxies, all of it at once: by name, never by value."""

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from patientoverblik.app.login_faults import ON_THIS_MACHINE, is_origin
from patientoverblik.app.token_faults import networks_of
from patientoverblik.edges.guard.origin import name_of

FILES = ("tls_certificate", "tls_key", "tls_client_ca")
RATES = ("limit_actor", "limit_address", "limit_entry", "limit_search")
NOBODY = "none"
CLIENTS = {"none": ssl.CERT_NONE, "asked": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}


def tls_faults(given: Mapping[str, str], prefix: str, demo: bool, proxied: bool) -> Iterator[str]:
    """Every fault, for settings by their names in small letters; ``proxied`` where a proxy was declared otherwise."""
    yield from _file_faults(given, prefix)
    if given.get("tls_clients", "none") not in CLIENTS:
        yield f"{prefix}TLS_CLIENTS must be none, asked or required"
    if given.get("tls_clients", "none") != "none" and not given.get("tls_client_ca"):
        yield f"{prefix}TLS_CLIENT_CA must be set where {prefix}TLS_CLIENTS is"
    if given.get("proxies") and not _are_networks(given["proxies"]):
        yield f"{prefix}PROXIES must be networks as 10.0.0.0/8, with commas between them"
    if given.get("metrics_from", NOBODY) != NOBODY and not _are_networks(given["metrics_from"]):
        yield f"{prefix}METRICS_FROM must be networks as 10.0.0.0/8, with commas between them"
    yield from _name_faults(given, prefix)
    if not demo and not proxied and is_public(given.get("host", "127.0.0.1")) and not given.get("tls_certificate"):
        yield (
            f"{prefix}HOST is open to other machines: set {prefix}TLS_CERTIFICATE, or name the proxy that ends TLS "
            f"in {prefix}PROXIES"
        )


def is_public(host: str) -> bool:
    """Whether other machines can reach what is served on an address."""
    return host not in ON_THIS_MACHINE and not host.startswith("127.")


def words_of(value: str) -> tuple[str, ...]:
    """The words of a list with commas between them."""
    return tuple(each.strip().lower() for each in value.split(",") if each.strip())


def _name_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    if not all(name_of(each) == each for each in words_of(given.get("hosts", ""))):
        yield f"{prefix}HOSTS must be names without port, with commas between them"
    if not all(is_origin(each) for each in words_of(given.get("frame_hosts", ""))):
        yield f"{prefix}FRAME_HOSTS must be origins as https://portal.example, with commas between them"
    if given.get("time_source") and urlsplit(given["time_source"]).scheme != "https":
        yield f"{prefix}TIME_SOURCE must be an https:// address"
    for name in RATES:
        if given.get(name) and not given[name].isdigit():
            yield f"{prefix}{name.upper()} must be a number of requests a minute, 0 for no limit"


def _file_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    missing = [name for name in FILES if given.get(name) and not Path(given[name]).is_file()]
    yield from (f"{prefix}{name.upper()} must name a file that can be read" for name in missing)
    if bool(given.get("tls_certificate")) != bool(given.get("tls_key")):
        yield f"{prefix}TLS_CERTIFICATE and {prefix}TLS_KEY must be set together"
    elif given.get("tls_certificate") and not missing:
        yield from _pair_faults(given["tls_certificate"], given["tls_key"], prefix)
    if given.get("tls_client_ca") and "tls_client_ca" not in missing and not _is_trust(given["tls_client_ca"]):
        yield f"{prefix}TLS_CLIENT_CA must hold certificates (PEM)"


def _pair_faults(certificate: str, key: str, prefix: str) -> Iterator[str]:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
        found = x509.load_pem_x509_certificate(Path(certificate).read_bytes())
    except (OSError, ValueError):
        yield f"{prefix}TLS_CERTIFICATE and {prefix}TLS_KEY must be a certificate and its key without password (PEM)"
        return
    if found.not_valid_after_utc <= datetime.now(UTC):
        yield f"{prefix}TLS_CERTIFICATE has expired"


def _is_trust(file: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(file)
    except (OSError, ValueError):
        return False
    return True


def _are_networks(value: str) -> bool:
    try:
        return bool(networks_of(value))
    except ValueError:
        return False
