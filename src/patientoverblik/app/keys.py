"""The keys that seal the security trail: one private key to sign with, and every public key of earlier years.

Files are PEM: PKCS #8 for the private key, SubjectPublicKeyInfo for public ones. A key's id is from its public half, so
that a seal names its key and keys may be changed at any time: keep the old public key in the folder of public keys.
"""

import hmac
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from patientoverblik.problems import Fault

ID_DIGITS = 16
OTHERS = 0o077


class SigningKey:
    """A private Ed25519 key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Keep the key."""
        self._private = private
        self._secret = _secret_of(private)
        self.public = private.public_key()
        self.id = key_id(self.public)

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""
        return self._private.sign(data)

    def mac(self, data: bytes) -> bytes:
        """The code of some bytes by the secret that follows from the key."""
        return hmac.digest(self._secret, data, "sha256")


class PublicKeys:
    """Public Ed25519 keys by id."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        """Keep the keys."""
        self._keys = keys

    def signed(self, key: str, data: bytes, signature: bytes) -> bool:
        """Whether the key of this id is known and signed these bytes."""
        known = self._keys.get(key)
        if known is None:
            return False
        try:
            known.verify(signature, data)
        except InvalidSignature:
            return False
        return True


def _secret_of(private: Ed25519PrivateKey) -> bytes:
    """A secret for codes, one way from the private key, so that there is one file to keep."""
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return hmac.digest(raw, b"the tail of the security trail", "sha256")


def key_id(public: Ed25519PublicKey) -> str:
    """The id of a key: hex, from its public half."""
    return sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:ID_DIGITS]


def read_signing_key(path: Path) -> SigningKey:
    """The private key in a file that only its owner can read; :class:`Fault` ``trail.bad-key`` for any other."""
    try:
        if path.stat().st_mode & OTHERS:
            raise Fault("trail.bad-key")
        private = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise Fault("trail.bad-key") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise Fault("trail.bad-key")
    return SigningKey(private)


def make_signing_key(path: Path) -> SigningKey:
    """A new private key, written to a new file that only its owner can read; the one in the file where there is one."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError:
        return read_signing_key(path)
    except OSError:
        raise Fault("trail.bad-key") from None
    return SigningKey(private)


def public_pem(key: SigningKey) -> str:
    """The public half, to be kept where seals are verified."""
    return key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_keys(folder: Path | None, own: SigningKey | None) -> PublicKeys:
    """The public keys (``*.pem``) of a folder, and our own; :class:`Fault` ``trail.bad-key`` where one is no key."""
    keys = [] if folder is None else [_public(path) for path in sorted(folder.glob("*.pem"))]
    return PublicKeys({key_id(key): key for key in (*keys, *([own.public] if own else []))})


def _public(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise Fault("trail.bad-key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Fault("trail.bad-key")
    return key
