"""The record systems that may open the overview, as one TOML file; every fault of it is told at once."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from patientoverblik.edges.identity.keys import key_faults
from patientoverblik.edges.identity.launch.smart import SCOPES
from patientoverblik.edges.identity.web import ClaimsMap, load_claims

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SystemsFault(ValueError):  # noqa: N818 - a fault is the field's word
    """The file of record systems cannot be used; the message names each fault by system."""


class LinkRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose signed links are believed: the ``iss`` they name, the claims file that says which claim holds what, and
    the public keys, in a file beside this one or at an address."""

    issuer: str
    claims: str
    jwks_file: str = ""
    jwks_address: str = ""


class SmartRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SMART server: its FHIR address, what it knows us as, the claims file, and the issuer of its ID tokens where
    that is another address. A confidential client's secret stands in a file beside this one."""

    iss: str
    client: str
    claims: str
    issuer: str = ""
    secret_file: str = ""
    scopes: tuple[str, ...] = SCOPES

    @property
    def vouches(self) -> str:
        """Who signs the ID tokens."""
        return self.issuer or self.iss


class SystemRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record system: the name people read, the origins whose pages may frame the overview, where the way back
    leads, and by which ways it comes."""

    id: str
    name: str
    origins: tuple[str, ...]
    back: str = ""
    link: LinkRow | None = None
    smart: SmartRow | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    system: tuple[SystemRow, ...] = ()


def read_systems(path: Path) -> tuple[SystemRow, ...]:
    """The record systems of a file. :class:`SystemsFault` names every fault at once."""
    try:
        rows = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).system
    except OSError:
        raise SystemsFault(f"{path.name} cannot be read") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise SystemsFault(f"{path.name}: {fault}") from None
    faults = [f"{row.id}: {fault}" for row in rows for fault in _faults(row, path.parent)]
    faults += [f"{name} stands twice" for name in _twice(rows)]
    if faults:
        raise SystemsFault("; ".join(faults))
    return rows


def claims_in(folder: Path, name: str) -> ClaimsMap:
    """A claims file beside the file of systems; :class:`SystemsFault` where it cannot be used."""
    try:
        found = load_claims((folder / name).read_text(encoding="utf-8"))
    except OSError:
        raise SystemsFault(f"{name} cannot be read") from None
    if not isinstance(found, ClaimsMap):
        raise SystemsFault("; ".join(f"{name} line {each.line}: {each.place}: {each.en()}" for each in found))
    return found


def is_origin(address: str) -> bool:
    """Whether an address is an origin and no more, over TLS or on this very machine."""
    parts = urlsplit(address)
    return _is_safe(address) and not (parts.path or parts.query or parts.fragment)


def _is_safe(address: str) -> bool:
    """An absolute address over TLS, or without it on this very machine, that is fit for a header."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    clean = address.isascii() and address.isprintable() and not set(address) & set(" ;,'\"*")
    return clean and bool(host) and not parts.username and (parts.scheme == "https" or host in LOOPBACK)


def _faults(row: SystemRow, folder: Path) -> Iterator[str]:
    if not (row.id.isascii() and row.id.replace("-", "").isalnum() and row.id):
        yield "id is letters, digits and hyphens"
    if not row.origins or not all(map(is_origin, row.origins)):
        yield "origins must be origins as https://epj.example"
    if row.back and not (_is_safe(row.back) and _origin(row.back) in row.origins):
        yield "back must be an address at one of its origins"
    if not (row.link or row.smart):
        yield "it needs a link or a smart table"
    yield from _link_faults(row.link, folder) if row.link else ()
    yield from _smart_faults(row.smart, folder) if row.smart else ()


def _link_faults(link: LinkRow, folder: Path) -> Iterator[str]:
    yield from key_faults(link)
    if link.jwks_file and not (folder / link.jwks_file).is_file():
        yield f"{link.jwks_file} cannot be read"
    if not link.issuer:
        yield "link needs an issuer"
    yield from _claims_faults(folder, link.claims)


def _smart_faults(smart: SmartRow, folder: Path) -> Iterator[str]:
    if not (_is_safe(smart.iss) and _is_safe(smart.vouches)):
        yield "iss and issuer must be https"
    if not smart.client:
        yield "smart needs a client"
    if "launch" not in smart.scopes:
        yield "scopes must hold launch"
    if smart.secret_file and not (folder / smart.secret_file).is_file():
        yield f"{smart.secret_file} cannot be read"
    yield from _claims_faults(folder, smart.claims)


def _claims_faults(folder: Path, name: str) -> Iterator[str]:
    try:
        claims_in(folder, name)
    except SystemsFault as fault:
        yield str(fault)


def _twice(rows: tuple[SystemRow, ...]) -> Iterator[str]:
    named: tuple[Callable[[SystemRow], str], ...] = (
        lambda row: row.id,
        lambda row: row.link.issuer if row.link else "",
        lambda row: row.smart.iss.rstrip("/") if row.smart else "",
    )
    for name in named:
        given = [name(row) for row in rows if name(row)]
        yield from sorted({each for each in given if given.count(each) > 1})


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
