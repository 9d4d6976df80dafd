"""Whom this installation believes: issuers and systems with their pinned certificates, as a file of configuration says.

Certificates are pinned, one by one; nothing is ever trusted because a message carries it. The file is TOML, and every
fault in it is told at once.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity.revoked import Revocations
from patientoverblik.edges.identity.soap.keys import PublicKey, of_certificate

TokenKind = Literal["saml", "dgws"]
MINUTE = 60_000
HOUR = 60 * MINUTE


class TrustFault(ValueError):  # noqa: N818 - a fault is the field's word
    """The configuration of trust is wrong; the message names every fault, never a key."""


class Issuer(msgspec.Struct, frozen=True):
    """A token service: ``name`` as its tokens' ``Issuer`` says it, the kinds of token it may issue, its pinned keys."""

    name: str
    kinds: frozenset[TokenKind]
    keys: tuple[PublicKey, ...]


class System(msgspec.Struct, frozen=True):
    """A client system that signs its own level 3 id card with a company certificate (VOCES); it speaks for one CVR."""

    cvr: str
    keys: tuple[PublicKey, ...]


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an identity is judged by. Times are milliseconds.

    ``callers`` are the CVR numbers that may call at all, None for any that a trusted issuer names; ``level_3`` those
    that may come with a system's signature. ``organisations`` says for a CVR which organisations it may act for, the
    first being meant where the message names none; a CVR without a row may name what its token names, and
    only with ``unclaimed`` any that no other company is configured for. ``audiences`` are our own names in a token's
    audience. ``secret`` makes the pseudonyms of people who have no authorisation id.
    """

    issuers: tuple[Issuer, ...]
    audiences: frozenset[str]
    secret: bytes
    systems: tuple[System, ...] = ()
    callers: frozenset[str] | None = None
    level_3: frozenset[str] = frozenset()
    organisations: Mapping[str, tuple[OrganisationRef, ...]] = {}
    unclaimed: bool = False
    revocations: Revocations | None = None
    leeway: int = MINUTE
    longest_saml: int = 8 * HOUR
    longest_card: int = 24 * HOUR
    longest_message: int = 5 * MINUTE
    least_assurance: int = 3

    def issuer_keys(self, kind: TokenKind, name: str) -> tuple[PublicKey, ...]:
        """The pinned keys of the issuer with this name, empty if it is not trusted with this kind of token."""
        named = (one for one in self.issuers if one.name == name and kind in one.kinds)
        return self.unrevoked(key for one in named for key in one.keys)

    def system_keys(self, cvr: str) -> tuple[PublicKey, ...]:
        """The pinned keys of the systems of one company."""
        return self.unrevoked(key for one in self.systems if one.cvr == cvr for key in one.keys)

    def unrevoked(self, keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
        """The keys whose certificate no list revokes; a bare key has none."""
        lists = self.revocations
        return tuple(key for key in keys if lists is None or not lists.refuses(key.issuer, key.serial))


class _IssuerRow(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1)]
    kinds: frozenset[TokenKind]
    certificates: Annotated[list[str], Meta(min_length=1)]


class _SystemRow(msgspec.Struct, forbid_unknown_fields=True):
    cvr: Annotated[str, Meta(pattern=r"^\d{8}$")]
    certificates: Annotated[list[str], Meta(min_length=1)]


class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    issuers: list[_IssuerRow]
    audiences: Annotated[list[str], Meta(min_length=1)]
    secret: Annotated[str, Meta(min_length=1)]
    systems: list[_SystemRow] = []
    callers: list[str] | None = None
    level_3: list[str] = []
    organisations: dict[str, list[OrganisationRef]] = {}
    unclaimed_organisations: bool = False
    leeway_seconds: Annotated[int, Meta(ge=0, le=300)] = 60
    longest_saml_minutes: Annotated[int, Meta(ge=1, le=1440)] = 480
    longest_card_minutes: Annotated[int, Meta(ge=1, le=1440)] = 1440
    longest_message_seconds: Annotated[int, Meta(ge=1, le=3600)] = 300
    least_assurance: Annotated[int, Meta(ge=1, le=4)] = 3


def read_trust(path: Path) -> Trust:
    """The trust a TOML file states; certificates (PEM) and the secret are files named relative to it.

    Raises :class:`TrustFault` that names every fault.
    """
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise TrustFault(
            f"{path.name}: {wrong if isinstance(wrong, msgspec.ValidationError) else 'not readable'}"
        ) from None
    faults = tuple(_faults(path.parent, file))
    if faults:
        raise TrustFault("; ".join(faults))
    return _trust(path.parent, file)


def _trust(folder: Path, file: _File) -> Trust:
    return Trust(
        issuers=tuple(Issuer(row.name, row.kinds, _keys(folder, row.certificates)) for row in file.issuers),
        systems=tuple(System(row.cvr, _keys(folder, row.certificates)) for row in file.systems),
        audiences=frozenset(file.audiences),
        secret=folder.joinpath(file.secret).read_bytes().rstrip(b"\r\n"),
        callers=None if file.callers is None else frozenset(file.callers),
        level_3=frozenset(file.level_3),
        organisations={cvr: tuple(rows) for cvr, rows in file.organisations.items()},
        unclaimed=file.unclaimed_organisations,
        leeway=file.leeway_seconds * 1000,
        longest_saml=file.longest_saml_minutes * MINUTE,
        longest_card=file.longest_card_minutes * MINUTE,
        longest_message=file.longest_message_seconds * 1000,
        least_assurance=file.least_assurance,
    )


LEAST_SECRET = 32


def _faults(folder: Path, file: _File) -> Iterator[str]:
    named = [row.certificates for row in file.issuers] + [row.certificates for row in file.systems]
    for name in (name for names in named for name in names):
        if _key(folder, name) is None:
            yield f"{name} is no certificate with an RSA key of 2048 bits or an elliptic curve of 256"
    if len(_bytes(folder, file.secret).rstrip(b"\r\n")) < LEAST_SECRET:
        yield f"{file.secret} must hold at least {LEAST_SECRET} bytes"


def _keys(folder: Path, names: Iterable[str]) -> tuple[PublicKey, ...]:
    return tuple(key for name in names if (key := _key(folder, name)) is not None)


def _key(folder: Path, name: str) -> PublicKey | None:
    return of_certificate(_bytes(folder, name))


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return folder.joinpath(name).read_bytes()
    except OSError:
        return b""
