"""A certificate that its authority has revoked is nobody's, and so is any of an authority whose word is stale."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.edges.identity.certificate import Proxies, presented, read
from patientoverblik.edges.identity.revoked import Revocations, read_revocations
from tests.doors.hardening.certificates import Authority
from tests.doors.identity.soap.calls import NOW, answer, bearer, holder_of_key, trust

HOUR = 3_600_000
AT = int(datetime.now(UTC).timestamp() * 1000)


class Place:
    """An authority, one client of it, and the folder of lists; time stands still unless told."""

    def __init__(self, tmp_path, **how):
        self.folder, self.now = tmp_path / "lists", AT
        self.folder.mkdir()
        self.authority = Authority(tmp_path)
        self.client = x509.load_pem_x509_certificate(Path(self.authority.makes("client")[0]).read_bytes())
        self.lists = Revocations(self.folder, [self.authority.certificate], lambda: self.now, **how)

    def lays(self, *serials, by=None, name="one", hours=24, age=0, extension=None, form=Encoding.DER):
        """Put a list into the folder."""
        now, by = datetime.fromtimestamp(AT / 1000, UTC) - timedelta(hours=age), by or self.authority
        made = x509.CertificateRevocationListBuilder().issuer_name(self.authority.certificate.subject)
        made = made.last_update(now).next_update(now + timedelta(hours=hours))
        for serial in serials:
            gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            made = made.add_revoked_certificate(gone.build())
        if extension:
            made = made.add_extension(extension, critical=True)
        path = self.folder / f"{name}.crl"
        path.write_bytes(made.sign(by.key, hashes.SHA256()).public_bytes(form))

    def refuses(self) -> bool:
        return self.lists.refuses(self.client.issuer.rfc4514_string(), self.client.serial_number)

    def presents(self) -> bool:
        pem = self.client.public_bytes(Encoding.PEM).decode()
        scope = {"extensions": {"tls": {"client_cert_chain": [pem]}}}
        return presented(scope, {}, Proxies(revocations=self.lists)) is not None


@pytest.mark.parametrize("form", [Encoding.DER, Encoding.PEM])
def test_one_that_is_listed_is_none_and_others_are(tmp_path, form):
    place = Place(tmp_path)
    place.lays(1, 2, form=form)
    assert (place.refuses(), place.presents()) == (False, True)
    place.lays(1, place.client.serial_number, form=form)
    place.now += 60_000
    assert (place.refuses(), place.presents()) == (True, False)


def test_without_a_word_of_the_authority_nobody_of_it_is_believed(tmp_path):
    place = Place(tmp_path)
    assert place.refuses()
    (place.folder / "rubbish.crl").write_bytes(b"\x30\x03not a list")
    place.lays(by=Authority(tmp_path / "lists", "authority"))
    place.now += 60_000
    assert place.refuses(), "signed by somebody who calls himself the same"
    assert place.lists.stale() == ("CN=authority",)


@pytest.mark.parametrize("moved", [24 * HOUR, 24 * HOUR + 1])
def test_a_list_past_its_next_update_refuses_everybody(tmp_path, moved):
    place = Place(tmp_path)
    place.lays()
    assert not place.refuses()
    place.now += moved
    assert place.refuses()


def test_a_list_may_be_no_older_than_configured(tmp_path):
    place = Place(tmp_path, longest=12 * HOUR)
    place.lays(hours=48, age=11)
    assert not place.refuses()
    place.now += HOUR
    assert place.refuses()


def test_a_list_of_a_part_counts_as_none(tmp_path):
    place = Place(tmp_path)
    place.lays(extension=x509.DeltaCRLIndicator(1))
    assert place.refuses()


def test_of_several_lists_the_one_that_holds_longest_counts(tmp_path):
    place = Place(tmp_path)
    place.lays(name="a-new", hours=48)
    place.lays(place.client.serial_number, name="b-old", hours=2)
    assert not place.refuses()


def test_other_authorities_certificates_are_not_judged(tmp_path):
    place = Place(tmp_path)
    assert not place.lists.refuses("CN=somebody else", place.client.serial_number)


class Word:
    """What lists say, as far as a trust asks."""

    def __init__(self, *gone):
        self.gone = gone

    def refuses(self, issuer, serial):
        return serial in self.gone


def test_a_token_service_or_holder_whose_certificate_is_revoked_is_not_believed():
    pinned = trust().issuers[0].keys[0]
    assert pinned.serial
    believed, known = trust(revocations=Word()), {}
    assert not hasattr(answer(bearer(), believed=believed, known=known), "code")
    assert answer(bearer(), believed=trust(revocations=Word(pinned.serial))).code == "identity.soap-issuer-not-trusted"
    holder = holder_of_key()
    assert not hasattr(answer(holder, believed=believed), "code")


def test_a_token_that_was_believed_is_so_for_a_minute_more_at_most():
    sent, known = bearer(), {}
    pinned = trust().issuers[0].keys[0]
    assert not hasattr(answer(sent, believed=trust(revocations=Word()), known=known), "code")
    gone = trust(revocations=Word(pinned.serial))
    assert not hasattr(answer(sent, believed=gone, known=known), "code")
    later = answer(sent, believed=gone, known=known, at=NOW + 60_000)
    assert later.code == "identity.soap-issuer-not-trusted"


@pytest.mark.parametrize("missing", ["crl_folder", "crl_authorities"])
def test_settings_that_cannot_be_read_stop_the_start(tmp_path, missing):
    authority = Authority(tmp_path)
    given = {"crl_folder": str(tmp_path), "crl_authorities": str(authority.file)}
    environment = {f"PATIENTOVERBLIK_{name.upper()}": value for name, value in given.items()}
    assert read_settings(environment).crl_folder
    assert read_revocations(given["crl_folder"], given["crl_authorities"], lambda: AT).stale() == ("CN=authority",)
    environment[f"PATIENTOVERBLIK_{missing.upper()}"] = str(tmp_path / "nowhere")
    with pytest.raises(SettingsFault, match="CRL_FOLDER"):
        read_settings(environment)


def test_what_is_read_of_a_certificate_names_it(tmp_path):
    place = Place(tmp_path)
    found = read(place.client.public_bytes(Encoding.PEM).decode())
    assert (found.issuer, found.serial) == ("CN=authority", place.client.serial_number)
    assert msgspec.structs.replace(found, serial=0) != found
    assert isinstance(place.authority.key, ec.EllipticCurvePrivateKey)
