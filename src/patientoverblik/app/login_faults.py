"""What is wrong with the settings of login, all of it at once: by name and place, never by value."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from patientoverblik.edges.identity.web import ClaimsMap, load_claims
from patientoverblik.problems import Finding

TEST_LOGIN = "testlogin"
ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
LONGEST_SECRET = 4096


def login_faults(given: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Every fault, for settings by their names in small letters."""
    issuer = given.get("login_issuer", "")
    if issuer and issuer != TEST_LOGIN:
        yield from _provider_faults(given, prefix, issuer)
    if given.get("base_url") and not is_origin(given["base_url"]):
        yield f"{prefix}BASE_URL must be https://HOST without a path"
    if given.get("login_secret") and given.get("login_secret_file"):
        yield f"only one of {prefix}LOGIN_SECRET and {prefix}LOGIN_SECRET_FILE may be set"
    if given.get("login_secret_file") and not secret_in(given["login_secret_file"]):
        yield f"{prefix}LOGIN_SECRET_FILE must name a file that can be read and holds the secret"
    if given.get("login_claims"):
        yield from (f"{prefix}LOGIN_CLAIMS {each}" for each in _claims_faults(given["login_claims"]))


def is_origin(address: str) -> bool:
    """Whether an address is an origin and no more: over TLS, or without it on this very machine."""
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return bool(parts.hostname) and bare and (parts.scheme == "https" or plain)


def secret_in(file: str) -> str:
    """The secret a file holds, without the end of its line; empty where it cannot be read or is too long for one."""
    try:
        found = Path(file).read_bytes()
        return found.decode().strip() if len(found) <= LONGEST_SECRET else ""
    except (OSError, ValueError):
        return ""


def _provider_faults(given: Mapping[str, str], prefix: str, issuer: str) -> Iterator[str]:
    parts = urlsplit(issuer)
    plain = parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE
    if not parts.hostname or parts.query or parts.fragment or not (parts.scheme == "https" or plain):
        yield f"{prefix}LOGIN_ISSUER must be an https:// address"
    for name in ("login_client", "login_claims", "base_url"):
        if not given.get(name):
            yield f"{prefix}{name.upper()} must be set where {prefix}LOGIN_ISSUER is"


def _claims_faults(file: str) -> Iterator[str]:
    try:
        found = load_claims(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        yield "must name a file that can be read"
        return
    if not isinstance(found, ClaimsMap):
        yield from map(_told, found)


def _told(fault: Finding) -> str:
    place = f" {fault.place}" if fault.place else ""
    return f"line {fault.line}:{place}: {fault.en()} ({fault.code})"
