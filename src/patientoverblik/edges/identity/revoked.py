"""Certificates that their authority has revoked: lists (RFC 5280 §5) that lie in a folder, put there by whoever fetches
them.

A certificate of an authority that is named here is believed only while a list of that authority is at hand, signed by
it, not past its own next update nor older than configured, and without the certificate. So a list that is stale, forged
or missing refuses everybody it is about. Certificates of other authorities are not judged. A list of a part of an
authority's certificates, or of changes alone, is not understood and counts as none.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

LARGEST = 100_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE


class RevocationFault(ValueError):  # noqa: N818 - a fault is the field's word
    """The configuration of revocation is wrong; the message names every fault."""


class Listed(msgspec.Struct, frozen=True):
    """What one authority has revoked, by serial number, and until when its word holds (milliseconds UTC)."""

    serials: frozenset[int]
    until: int


class Revocations:
    """The lists of a folder, read again each minute. ``longest`` (milliseconds) is how old a list may be; 0 for as old
    as it says itself."""

    def __init__(
        self, folder: Path, authorities: Iterable[x509.Certificate], clock: Callable[[], int], longest: int = 0
    ) -> None:
        """Read nothing yet."""
        self._folder, self._clock, self._longest = folder, clock, longest
        self._authorities = tuple(authorities)
        self._names = frozenset(each.subject.rfc4514_string() for each in self._authorities)
        self._held: dict[str, Listed] = {}
        self._read_at = -MINUTE

    def refuses(self, issuer: str, serial: int) -> bool:
        """Whether a certificate is not believed, by its issuer's name (RFC 4514) and its serial number."""
        if issuer not in self._names:
            return False
        listed = self.lists().get(issuer)
        return listed is None or self._clock() >= listed.until or serial in listed.serials

    def lists(self) -> dict[str, Listed]:
        """The lists at hand, by the name of their authority."""
        if not 0 <= self._clock() - self._read_at < MINUTE:
            self._held, self._read_at = dict(self._read()), self._clock()
        return self._held

    def stale(self) -> tuple[str, ...]:
        """The authorities that no list in force is at hand of."""
        now, held = self._clock(), self.lists()
        return tuple(sorted(name for name in self._names if name not in held or held[name].until <= now))

    def _read(self) -> Iterator[tuple[str, Listed]]:
        """Each authority's list that holds longest."""
        made = [_load(path) for path in sorted(self._folder.glob("*.crl"))]
        found = [self._listed(each) for each in made if each is not None]
        yield from sorted((each for each in found if each), key=lambda each: each[1].until)

    def _listed(self, made: x509.CertificateRevocationList) -> tuple[str, Listed] | None:
        signed = any(each.subject == made.issuer and _is_signed(made, each) for each in self._authorities)
        if not signed or made.next_update_utc is None or any(one.critical for one in made.extensions):
            return None
        until = int(made.next_update_utc.timestamp() * 1000)
        if self._longest:
            until = min(until, int(made.last_update_utc.timestamp() * 1000) + self._longest)
        return made.issuer.rfc4514_string(), Listed(frozenset(one.serial_number for one in made), until)


def read_revocations(folder: str, authorities: str, clock: Callable[[], int], hours: int = 0) -> Revocations:
    """The lists of a folder, of the authorities whose certificates are in a PEM file; :class:`RevocationFault`."""
    try:
        found = x509.load_pem_x509_certificates(Path(authorities).read_bytes())
    except (OSError, ValueError):
        raise RevocationFault("the authorities are no file of certificates (PEM)") from None
    if not Path(folder).is_dir():
        raise RevocationFault("the lists are in no folder")
    return Revocations(Path(folder), found, clock, hours * HOUR)


def _load(path: Path) -> x509.CertificateRevocationList | None:
    """The list in a file, PEM or DER; None where there is none."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        is_pem = data.startswith(b"-----BEGIN X509 CRL-----")
        made = x509.load_pem_x509_crl(data) if is_pem else x509.load_der_x509_crl(data)
        return made if made.extensions is not None else None
    except (OSError, ValueError, UnsupportedAlgorithm):
        return None


def _is_signed(made: x509.CertificateRevocationList, by: x509.Certificate) -> bool:
    try:
        return made.is_signature_valid(by.public_key())  # type: ignore[arg-type]
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
