"""Client certificates made for a test, as a proxy hands them over."""

import base64
import datetime
from typing import NamedTuple
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


class Made(NamedTuple):
    """A certificate, and the two ways it is written in a header."""

    made: x509.Certificate
    header: str
    escaped: str


def certificate(common_name: str, *units: str) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    parts = [(NameOID.ORGANIZATION_NAME, "Testkommunen"), (NameOID.COMMON_NAME, common_name)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    name = x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
    made = builder.not_valid_after(start + datetime.timedelta(days=365 * 30)).sign(key, SHA256())
    der = base64.b64encode(made.public_bytes(Encoding.DER)).decode()
    return Made(made, f":{der}:", quote(made.public_bytes(Encoding.PEM).decode(), safe=""))
