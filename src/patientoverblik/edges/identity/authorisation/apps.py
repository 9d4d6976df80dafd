"""The apps and systems registered here, as a TOML file: who answers for each, where it is sent back, what it may do."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity.scopes import Scope, parse_scopes

Authentication = Literal["none", "client_secret_basic", "private_key_jwt", "tls_client_auth"]
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
LONGEST_DAYS = 365
HEX_DIGEST = 64


class AppsFault(ValueError):  # noqa: N818 - a fault is the field's word
    """The file of registered apps cannot be used; the message names each fault by app and field."""


class App(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One registered app (``citizen``) or system (``backend``).

    ``owner`` is who answers for it, shown to the citizen; ``redirects`` are matched exactly; ``days`` is how long a
    citizen's permission lasts. ``launch`` is where our pages open it for one patient, empty where they do not. A
    confidential one proves itself by ``authentication``: the SHA-256 in hex of a random secret, a JWK Set in a file or
    at an address, or a client certificate by subject (RFC 4514) or thumbprint. A backend acts for ``organisation``.
    """

    id: str
    name: str
    owner: str
    scopes: tuple[str, ...]
    kind: Literal["citizen", "backend"] = "citizen"
    redirects: tuple[str, ...] = ()
    launch: str = ""
    days: int = 90
    authentication: Authentication = "none"
    secret_sha256: str = ""
    jwks_file: str = ""
    jwks_address: str = ""
    tls_subject: str = ""
    tls_thumbprint: str = ""
    organisation: OrganisationRef | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    app: tuple[App, ...] = ()


def read_apps(path: Path) -> Mapping[str, App]:
    """The apps of a file by id. :class:`AppsFault` names every fault at once."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).app
    except OSError:
        raise AppsFault(f"{path.name} cannot be read") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise AppsFault(f"{path.name}: {fault}") from None
    return checked(found)


def checked(apps: tuple[App, ...]) -> Mapping[str, App]:
    """Apps by id, where nothing is wrong with any of them."""
    by_id = {app.id: app for app in apps}
    faults = [f"{app.id}: {fault}" for app in apps for fault in _faults(app)]
    if len(by_id) < len(apps):
        faults.append("an id stands twice")
    if faults:
        raise AppsFault("; ".join(faults))
    return by_id


def _faults(app: App) -> Iterator[str]:
    yield from _proof_faults(app)
    yield from (_backend_faults if app.kind == "backend" else _citizen_faults)(app)
    if unknown := parse_scopes(app.scopes).unknown:
        yield f"scopes not understood: {' '.join(unknown)}"


def _proof_faults(app: App) -> Iterator[str]:
    given = {
        "none": True,
        "client_secret_basic": len(app.secret_sha256) == HEX_DIGEST,
        "private_key_jwt": bool(app.jwks_file) != bool(app.jwks_address),
        "tls_client_auth": bool(app.tls_subject) != bool(app.tls_thumbprint),
    }
    if not given[app.authentication]:
        yield f"what {app.authentication} needs is missing, or stands twice"
    if app.jwks_address and urlsplit(app.jwks_address).scheme != "https":
        yield "jwks_address must be https"


def _backend_faults(app: App) -> Iterator[str]:
    if app.authentication not in ("private_key_jwt", "tls_client_auth"):
        yield "a backend proves itself by private_key_jwt or tls_client_auth"
    if app.organisation is None:
        yield "a backend needs an organisation"
    if app.redirects or not _only(app, "system"):
        yield "a backend has system scopes alone and no redirects"


def _citizen_faults(app: App) -> Iterator[str]:
    if not _only(app, "patient"):
        yield "an app of citizens has patient scopes alone"
    if not app.redirects or not all(map(is_safe_redirect, app.redirects)):
        yield "redirects must be https, loopback, or a private scheme with a point (RFC 8252)"
    if bool(app.launch) != ("launch" in app.scopes) or (app.launch and not is_safe_redirect(app.launch)):
        yield "an app that is opened here has an address and the scope launch"
    if not 0 < app.days <= LONGEST_DAYS:
        yield f"days must be 1 to {LONGEST_DAYS}"


def _only(app: App, context: str) -> bool:
    known = parse_scopes(app.scopes)
    scopes: tuple[Scope, ...] = known.resources
    return bool(scopes) and all(s.context == context for s in scopes) and (context == "patient" or not known.asking)


def is_safe_redirect(address: str) -> bool:
    """Whether an answer may be sent there: HTTPS, the app's own machine, or a private scheme named as a domain."""
    parts = urlsplit(address)
    if parts.fragment or not address.isascii() or any(c.isspace() for c in address):
        return False
    if parts.scheme in ("https", "http"):
        host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
        return bool(parts.netloc) and "@" not in host and (parts.scheme == "https" or host in LOOPBACK)
    return "." in parts.scheme
