"""Other issuers whose access tokens are believed, as one TOML file; what their claims mean stands in a claims file."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from patientoverblik.care.systems import CPR
from patientoverblik.edges.identity.bearer import Claims, Issuer, Meaning, scope_words
from patientoverblik.edges.identity.keys import ALGORITHMS, key_faults, trusted_keys
from patientoverblik.edges.identity.model import Identified, Unidentified
from patientoverblik.edges.identity.web.actors import identified, text
from patientoverblik.edges.identity.web.claims import Claim, ClaimsMap, load_claims
from patientoverblik.sharing.model import PatientId


class IssuersFault(ValueError):  # noqa: N818 - a fault is the field's word
    """The file of issuers cannot be used; the message names each fault."""


class Assurance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sure the issuer must have been of who it is (``acr``, one of those named) for tokens of a kind of actor, for
    those with a scope that begins so, or for those that are both; empty is any."""

    acr: tuple[str, ...]
    kind: str = ""
    scope: str = ""

    def asks(self, kind: str, scopes: Iterable[str]) -> bool:
        """Whether it is about a token of somebody of this kind, with these scopes."""
        return self.kind in ("", kind) and (not self.scope or any(each.startswith(self.scope) for each in scopes))


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One issuer. ``claims`` is the claims file, beside this one; ``patient`` the claim with the CPR number of the
    patient a token is bound to, ``client`` the one that names the app. The keys are in a file or at an address."""

    issuer: str
    audiences: tuple[str, ...]
    claims: str
    jwks_file: str = ""
    jwks_address: str = ""
    algorithms: tuple[str, ...] = ("ES256", "RS256", "PS256")
    profile: Literal["rfc9068", "smart"] = "rfc9068"
    leeway: int = 30
    bound: bool = False
    patient: Claim = ""
    client: Claim = "client_id"
    assurance: tuple[Assurance, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    issuer: tuple[Row, ...] = ()


def read_issuers(path: Path) -> tuple[Issuer, ...]:
    """The issuers of a file, in its order. :class:`IssuersFault` names every fault at once."""
    try:
        rows = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).issuer
    except OSError:
        raise IssuersFault(f"{path.name} cannot be read") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise IssuersFault(f"{path.name}: {fault}") from None
    faults = [f"{row.issuer}: {fault}" for row in rows for fault in _faults(row)]
    maps = [_claims(path.parent / row.claims, faults) for row in rows]
    if faults or None in maps:
        raise IssuersFault("; ".join(faults))
    return tuple(_issuer(row, rules, path.parent) for row, rules in zip(rows, maps, strict=True) if rules)


def meaning(
    rules: ClaimsMap,
    patient: Claim = "",
    client: Claim = "client_id",
    within: str | None = None,
    assurance: tuple[Assurance, ...] = (),
) -> Meaning:
    """Reads verified claims by a claims file, and who the token is bound to; ids are scoped as in ``identified``. A
    token that was issued on less assurance than is asked for is nobody's (RFC 9470)."""

    def read(claims: Claims, _at: int) -> Identified | Unidentified:
        found = identified(rules, claims, claims["iss"], int(claims["exp"]) * 1000, within)
        if isinstance(found, Unidentified):
            return found
        scopes, acr = frozenset(scope_words(claims)), text(claims, "acr")
        if any(one.asks(found.actor.kind, scopes) and acr not in one.acr for one in assurance):
            return Unidentified("identity.low-assurance")
        number = text(claims, patient)
        app = text(claims, client) or text(claims, "azp")
        return msgspec.structs.replace(
            found,
            actor=msgspec.structs.replace(found.actor, client=app, session=found.token or found.actor.id),
            patient=PatientId(CPR, number) if number else None,
            scopes=scopes,
        )

    return read


def _faults(row: Row) -> Iterator[str]:
    yield from key_faults(row)
    if not row.algorithms or not set(row.algorithms) <= set(ALGORITHMS):
        yield f"algorithms are of {' '.join(ALGORITHMS)}"
    if not all(each.acr for each in row.assurance):
        yield "assurance must name at least one acr"
    if not row.audiences or not row.issuer:
        yield "issuer and audiences must be named"


def _claims(path: Path, faults: list[str]) -> ClaimsMap | None:
    try:
        found = load_claims(path.read_text(encoding="utf-8"))
    except OSError:
        faults.append(f"{path.name} cannot be read")
        return None
    if isinstance(found, ClaimsMap):
        return found
    faults.extend(f"{path.name} line {each.line}: {each.place}: {each.en()}" for each in found)
    return None


def _issuer(row: Row, rules: ClaimsMap, folder: Path) -> Issuer:
    return Issuer(
        issuer=row.issuer,
        keys=trusted_keys(row, folder),
        audiences=row.audiences,
        meaning=meaning(rules, row.patient, row.client, assurance=row.assurance),
        algorithms=row.algorithms,
        profile=row.profile,
        leeway=row.leeway,
        bound=row.bound,
    )
