"""Public keys that are trusted or named: their kind, strength and period, and one form in which two can be compared."""

import base64
import binascii
from functools import lru_cache
from typing import Literal

import msgspec
import xmlsec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LEAST_RSA_BITS = 2048
LEAST_EC_BITS = 256


class PublicKey(msgspec.Struct, frozen=True):
    """A key strong enough to be trusted. ``spki`` is its SubjectPublicKeyInfo (DER), the same however it was sent;
    a key from a certificate holds the certificate's period (milliseconds UTC), thumbprint (``x5t#S256``), issuer's name
    (RFC 4514) and serial number."""

    kind: Literal["rsa", "ec"]
    spki: bytes
    valid_from: int = 0
    valid_until: int = 0
    thumbprint: str = ""
    issuer: str = ""
    serial: int = 0

    def in_force(self, now: int) -> bool:
        """Whether the certificate's period holds at ``now``; a bare key always does."""
        return not self.valid_until or self.valid_from <= now < self.valid_until

    def loaded(self) -> xmlsec.Key:
        """The key as xmlsec takes it."""
        return _loaded(self.spki)


def of_certificate(data: bytes) -> PublicKey | None:
    """The key of an X.509 certificate (PEM or DER); None where it is none, or its key is weak or of another kind."""
    try:
        found = (
            x509.load_pem_x509_certificate(data)
            if data.lstrip().startswith(b"-----")
            else x509.load_der_x509_certificate(data)
        )
        key = _strong(found.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return None
    if key is None:
        return None
    start, end = (int(at.timestamp() * 1000) for at in (found.not_valid_before_utc, found.not_valid_after_utc))
    digest = base64.urlsafe_b64encode(found.fingerprint(SHA256())).decode().rstrip("=")
    return PublicKey(key.kind, key.spki, start, end, digest, found.issuer.rfc4514_string(), found.serial_number)


def of_base64(text: str) -> PublicKey | None:
    """The key of a certificate as XML carries it, base64 of DER with blanks anywhere."""
    try:
        return of_certificate(base64.b64decode("".join(text.split()), validate=True))
    except binascii.Error:
        return None


def of_numbers(modulus: str, exponent: str) -> PublicKey | None:
    """An RSA key from the base64 numbers of a ``ds:RSAKeyValue``."""
    try:
        one, other = (int.from_bytes(base64.b64decode("".join(text.split()))) for text in (exponent, modulus))
        return _strong(rsa.RSAPublicNumbers(one, other).public_key())
    except (binascii.Error, ValueError):
        return None


def _strong(key: PublicKeyTypes) -> PublicKey | None:
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return PublicKey("rsa", spki)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= LEAST_EC_BITS:
        return PublicKey("ec", spki)
    return None


@lru_cache(maxsize=256)
def _loaded(spki: bytes) -> xmlsec.Key:
    return xmlsec.Key.from_memory(_pem(spki), xmlsec.constants.KeyDataFormatPem, None)


def _pem(spki: bytes) -> bytes:
    body = base64.encodebytes(spki)
    return b"-----BEGIN PUBLIC KEY-----\n" + body + b"-----END PUBLIC KEY-----\n"
