"""Our own signing keys: the first signs, every one of them is published, so that one can follow another (rotation)."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

# What every app can verify: RFC 9068 and SMART both demand it.
ALGORITHM = "RS256"
LEAST_BITS = 2048


class SigningFault(ValueError):  # noqa: N818 - a fault is the field's word
    """A signing key cannot be used; the message names its file, never what is in it."""


class SigningKeys:
    """One or more private keys for RS256; all hold the names of their thumbprints."""

    def __init__(self, keys: tuple[RSAKey, ...]) -> None:
        """The first key signs."""
        self._keys = KeySet([*keys])
        self._first = keys[0]
        self.published: bytes = json.dumps(self._published()).encode()

    def sign(self, claims: Mapping[str, Any], type: str) -> str:
        """A JWT of that type, by the first key."""
        header = {"alg": ALGORITHM, "typ": type, "kid": self._first.kid}
        return jwt.encode(header, dict(claims), self._first, algorithms=[ALGORITHM])

    def _published(self) -> Any:
        return self._keys.as_dict(private=False, use="sig", alg=ALGORITHM)


def read_signing_keys(paths: tuple[Path, ...]) -> SigningKeys:
    """The keys of files: RSA private keys of 2048 bits or more, as PEM or JWK. :class:`SigningFault` for any other."""
    return SigningKeys(tuple(_key(_bytes(path), path.name) for path in paths))


def signing_keys(keys: tuple[bytes, ...]) -> SigningKeys:
    """The keys as they are kept elsewhere than in files."""
    return SigningKeys(tuple(_key(each, "a key") for each in keys))


def generated_key() -> bytes:
    """A new private key, as PEM. For the demo and tests; an installation has its own in a file."""
    return RSAKey.generate_key(LEAST_BITS).as_pem(private=True)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise SigningFault(f"{path.name} cannot be read") from None


def _key(data: bytes, name: str) -> RSAKey:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a short key the library warns; here it is refused
            key = RSAKey.import_key(json.loads(data) if data.lstrip().startswith(b"{") else data)
    except (ValueError, JoseError):
        raise SigningFault(f"{name} is no private key for {ALGORITHM}") from None
    if not key.is_private or key.raw_value.key_size < LEAST_BITS:
        raise SigningFault(f"{name} is no private key for {ALGORITHM}")
    key.ensure_kid()
    return key
