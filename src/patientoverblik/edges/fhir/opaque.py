"""What a patient, and a thing of theirs, is called at this door: ids that tell nothing and need no table (adr/0020).

A patient's id is their key as one block of AES under the installation's own secret, half of it zeros, so that an id
made up is known as such: the same every time, and for nobody else to read or make. The id of a thing of theirs begins
with it.
"""

import base64
import binascii
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

KEPT_AS = "fhir-ids"
"""What the secret is called where it is kept."""
SECRET_LENGTH = 32 + 64
KEPT = 50_000
POINT = "."
HALF = 8  # bytes of a block


def generated_secret() -> bytes:
    """A new secret for an installation."""
    return secrets.token_bytes(SECRET_LENGTH)


class Opaque:
    """Makes and reads the ids of one installation, and texts that only it can read."""

    def __init__(self, secret: bytes, outside: bytes = b"") -> None:
        """By its secret of 96 bytes; ``outside`` is a secret that the database does not hold, where there is one."""
        self._block = Cipher(AES(secret[:32]), ECB())  # noqa: S305 - one block each, and no two are alike
        self._page = AESSIV(secret[32:])
        self._secret = secret
        self._locks = AESSIV(hmac.digest(outside, b"what others entrust to us", "sha512")) if outside else None
        self.patient = lru_cache(KEPT)(self._patient)
        self.patient_of = lru_cache(KEPT)(self._patient_of)

    def thing(self, patient: int, name: str) -> str:
        """The id of something of a patient's, by a name that no other thing of theirs has."""
        return f"{self.patient(patient)}{POINT}{name}"

    def owner_of(self, name: str) -> int | None:
        """The patient key of an id that :meth:`thing` made; None for any other."""
        patient, point, _ = name.partition(POINT)
        return self.patient_of(patient) if point else None

    def sealed(self, data: bytes) -> str:
        """A text that carries the data and can be read here alone (AES-SIV, RFC 5297); the same data, the same text."""
        return _text(self._page.encrypt(data, None))

    def opened(self, text: str) -> bytes | None:
        """What a sealed text carries; None if it was not sealed here."""
        try:
            return self._page.decrypt(_bytes(text), None)
        except (ValueError, InvalidTag):
            return None

    def locked(self, text: str, belongs_to: str) -> str | None:
        """What somebody entrusts to us, as it may lie in the database: nobody can read it there, or use it for another
        than it belongs to (AES-SIV). None where no secret is kept outside."""
        return _text(self._locks.encrypt(text.encode(), [belongs_to.encode()])) if self._locks and text else None

    def unlocked(self, text: str, belongs_to: str) -> str | None:
        """What was entrusted to us; None where the secret is another now."""
        try:
            return self._locks.decrypt(_bytes(text), [belongs_to.encode()]).decode() if self._locks else None
        except (ValueError, InvalidTag):
            return None

    def key_for(self, name: str) -> bytes:
        """A key of 32 bytes for a thing that is signed to somebody, by its name."""
        return hmac.digest(self._secret, f"key for {name}".encode(), "sha256")

    def _patient(self, key: int) -> str:
        """The id of a patient by their key."""
        writing = self._block.encryptor()
        return _text(writing.update(key.to_bytes(HALF) + bytes(HALF)) + writing.finalize())

    def _patient_of(self, name: str) -> int | None:
        """The patient key of an id that :meth:`patient` made; None for any other."""
        try:
            block = _bytes(name)
        except ValueError:
            return None
        reading = self._block.decryptor()
        found = reading.update(block) + reading.finalize() if len(block) == 2 * HALF else b""
        return int.from_bytes(found[:HALF]) if found[HALF:] == bytes(HALF) else None


def _text(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _bytes(text: str) -> bytes:
    """The bytes of a text; ``ValueError`` if it is not written as :func:`_text` writes."""
    try:
        data = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except binascii.Error:
        raise ValueError("not base 32") from None
    if _text(data) != text:
        raise ValueError("not written as we write")
    return data
