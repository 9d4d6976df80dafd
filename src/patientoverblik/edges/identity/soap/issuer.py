"""The test issuer: a token service for the demo and the tests that signs real tokens for people who do not exist.

It is never there outside the demo, and what it signs is trusted only where the demo's own trust is. Its keys are made
the first time and kept beside the demo's database, so that a server and a command line that share it agree.
"""

import datetime
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity.soap.keys import PublicKey, of_certificate
from patientoverblik.edges.identity.soap.trust import Issuer, System, Trust
from patientoverblik.problems import Fault

NAME = "urn:patientoverblik:test-issuer"
AUDIENCE = "urn:patientoverblik:test"
CVR = "99999999"
_YEARS = datetime.timedelta(days=730)


class Signer(msgspec.Struct, frozen=True):
    """A private key and its certificate, both PEM."""

    key: bytes
    certificate: bytes

    @property
    def public(self) -> PublicKey:
        """The key as it is trusted."""
        found = of_certificate(self.certificate)
        if found is None:
            raise Fault("identity.issuer-outside-demo")
        return found


class DemoIssuer(msgspec.Struct, frozen=True):
    """The demo's token service (``service``), its one client system (``system``), and a user's own key (``holder``).

    ``secret`` makes the pseudonyms of the demo.
    """

    service: Signer
    system: Signer
    holder: Signer
    secret: bytes

    def trust(self, organisations: Mapping[str, tuple[OrganisationRef, ...]] | None = None) -> Trust:
        """The trust of the demo: this issuer alone, and its one company, which acts for any organisation where it is
        configured for none."""
        return Trust(
            issuers=(Issuer(NAME, frozenset({"saml", "dgws"}), (self.service.public,)),),
            systems=(System(CVR, (self.system.public,)),),
            audiences=frozenset({AUDIENCE}),
            secret=self.secret,
            callers=frozenset({CVR}),
            level_3=frozenset({CVR}),
            organisations=organisations or {},
            unclaimed=organisations is None,
        )


def open_issuer(folder: Path, demo: bool, at: int) -> DemoIssuer:
    """The issuer whose keys lie in a folder, made there the first time (``at``, milliseconds UTC).

    Raises :class:`Fault` outside the demo.
    """
    if not demo:
        raise Fault("identity.issuer-outside-demo")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    service, system, holder = (_kept_signer(folder, name, at) for name in ("service", "system", "holder"))
    return DemoIssuer(service, system, holder, _kept(folder / "secret", os.urandom(32)))


def make_signer(name: str, at: int) -> Signer:
    """A new key with a certificate of its own making, valid for two years from the day before ``at`` (ms UTC)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"patientoverblik test {name}")])
    start = datetime.datetime.fromtimestamp(at // 1000, datetime.UTC) - datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _YEARS)
        .sign(key, SHA256())
    )
    return Signer(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate.public_bytes(Encoding.PEM)
    )


def _kept_signer(folder: Path, name: str, at: int) -> Signer:
    """Key and certificate in one file, so that the first of two who start at once decides for both."""
    path = folder / f"{name}.pem"
    if not path.exists():
        made = make_signer(name, at)
        _kept(path, made.key + made.certificate)
    data = path.read_bytes()
    end = data.index(b"-----BEGIN CERTIFICATE-----")
    return Signer(data[:end], data[end:])


def _kept(path: Path, data: bytes) -> bytes:
    """What the file holds; ``data``, readable to its owner alone, if there is none yet."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_bytes(b"")
        draft.chmod(0o600)
        draft.write_bytes(data)
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
