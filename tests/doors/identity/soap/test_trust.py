"""Trust as a file, and the test issuer that only the demo has."""

import os
import stat

import pytest

from patientoverblik.access import OrganisationRef
from patientoverblik.care.systems import SOR
from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap import TrustFault, read_trust
from patientoverblik.edges.identity.soap.issuer import AUDIENCE, CVR, NAME, open_issuer
from patientoverblik.problems import Fault
from tests.conftest import PROJECT
from tests.doors.identity.soap.calls import NOW, answer, bearer, card, issuer

FILE = f"""
audiences = ["{AUDIENCE}"]
secret = "secret"
callers = ["{CVR}"]
level_3 = ["{CVR}"]
leeway_seconds = 30
longest_saml_minutes = 600

[[issuers]]
name = "{NAME}"
kinds = ["saml", "dgws"]
certificates = ["service.pem"]

[[systems]]
cvr = "{CVR}"
certificates = ["system.pem"]

[organisations]
{CVR} = [{{ system = "{SOR}", value = "990001000016001", name = "Lægehuset Testparken" }}]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "trust.toml").write_text(FILE, encoding="utf-8")
    (tmp_path / "service.pem").write_bytes(issuer().service.certificate)
    (tmp_path / "system.pem").write_bytes(issuer().system.certificate)
    (tmp_path / "secret").write_text(f"{issuer().secret.hex()}\n")
    return tmp_path


def test_a_file_of_trust_is_believed(folder) -> None:
    found = read_trust(folder / "trust.toml")
    assert (found.leeway, found.longest_saml, found.longest_card) == (30_000, 600 * 60_000, 24 * 60 * 60_000)
    assert found.organisations[CVR] == (OrganisationRef(SOR, "990001000016001", "Lægehuset Testparken"),)
    for sent in (bearer(), card(), card(None)):
        assert not isinstance(answer(sent, believed=found), Unidentified)


def test_the_file_of_the_manual_is_one(tmp_path) -> None:
    page = (PROJECT / "docs/identity-soap.md").read_text(encoding="utf-8")
    (tmp_path / "trust.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    for name in ("sts.pem", "sts-next.pem", "region.pem"):
        (tmp_path / name).write_bytes(issuer().service.certificate)
    (tmp_path / "pseudonyms.secret").write_text(issuer().secret.hex())
    found = read_trust(tmp_path / "trust.toml")
    assert found.level_3 < (found.callers or frozenset())
    assert len(found.issuer_keys("dgws", "https://sts.example")) == 2
    assert all(cvr in (found.callers or ()) for cvr in found.organisations)


def test_every_fault_of_the_files_is_told(folder) -> None:
    (folder / "service.pem").write_text("nonsense")
    (folder / "system.pem").unlink()
    (folder / "secret").write_text("short")
    with pytest.raises(TrustFault) as fault:
        read_trust(folder / "trust.toml")
    assert all(name in str(fault.value) for name in ("service.pem", "system.pem", "secret"))


@pytest.mark.parametrize(
    "change",
    [
        ("audiences", "audience"),
        (f'cvr = "{CVR}"', 'cvr = "1"'),
        ('kinds = ["saml", "dgws"]', 'kinds = ["jwt"]'),
        ("leeway_seconds = 30", "leeway_seconds = 3000"),
        ("longest_saml_minutes = 600", "longest_saml_minutes = 100000"),
        (f'audiences = ["{AUDIENCE}"]', "audiences = []"),
        ("[[issuers]]", "[[issuers"),
    ],
    ids=["unknown-key", "cvr", "kind", "leeway", "too-long", "nobody", "syntax"],
)
def test_a_wrong_file_stops_the_start(folder, change) -> None:
    path = folder / "trust.toml"
    path.write_text(FILE.replace(*change), encoding="utf-8")
    with pytest.raises(TrustFault):
        read_trust(path)


def test_a_file_that_is_not_there_stops_the_start(tmp_path) -> None:
    with pytest.raises(TrustFault):
        read_trust(tmp_path / "trust.toml")


def test_the_test_issuer_is_not_there_outside_the_demo(tmp_path) -> None:
    with pytest.raises(Fault, match=r"identity\.issuer-outside-demo"):
        open_issuer(tmp_path / "keys", demo=False, at=NOW)
    assert not (tmp_path / "keys").exists()


def test_two_that_share_a_folder_share_the_keys(tmp_path) -> None:
    first = open_issuer(tmp_path / "keys", demo=True, at=NOW)
    assert open_issuer(tmp_path / "keys", demo=True, at=NOW) == first
    assert open_issuer(tmp_path / "others", demo=True, at=NOW) != first


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_the_owner_reads_the_keys(tmp_path) -> None:
    open_issuer(tmp_path / "keys", demo=True, at=NOW)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}
