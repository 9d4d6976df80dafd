"""Sealing: a value that somebody else keeps for us and can neither read nor change (JWE, ``dir`` with A256GCM)."""

import secrets
from typing import TypeVar

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

KEY_BYTES = 32
HEADER = {"alg": "dir", "enc": "A256GCM"}
LARGEST = 8192
T = TypeVar("T")


class Seal(msgspec.Struct, frozen=True):
    """A key of 32 bytes that every worker holds; one key for each use."""

    key: bytes

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "a seal"


def new_key() -> bytes:
    """A key nobody can guess."""
    return secrets.token_bytes(KEY_BYTES)


def closed(seal: Seal, value: msgspec.Struct) -> str:
    """A value sealed, fit for a cookie or a form."""
    return jwe.encrypt_compact(HEADER, msgspec.json.encode(value), OctKey.import_key(seal.key))


def opened(seal: Seal, sealed: str, kind: type[T]) -> T | None:
    """The value, None where it is not one that we sealed."""
    if not sealed or len(sealed) > LARGEST:
        return None
    try:
        found = jwe.decrypt_compact(sealed, OctKey.import_key(seal.key), algorithms=list(HEADER.values()))
        return msgspec.json.decode(found.plaintext or b"", type=kind)
    except (JoseError, msgspec.DecodeError, ValueError):
        return None
