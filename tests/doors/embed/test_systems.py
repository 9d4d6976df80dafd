"""The file of record systems: what is wrong with it stops the program, all of it at once and by the system's name."""

import pytest

from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.edges.identity.launch import SystemsFault, read_systems
from tests.doors.identity.web.provider import CLAIMS

WHOLE = """
[[system]]
id = "epj"
name = "Journalen"
origins = ["https://epj.example"]
back = "https://epj.example/patient"

[system.link]
issuer = "https://epj.example"
jwks_file = "keys.json"
claims = "claims.toml"

[system.smart]
iss = "https://fhir.epj.example/r4"
client = "overblik"
secret_file = "secret.txt"
claims = "claims.toml"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "keys.json").write_text('{"keys": []}')
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "claims.toml").write_text(CLAIMS)
    return tmp_path


def fault(folder, text: str) -> str:
    (folder / "systems.toml").write_text(text)
    with pytest.raises(SystemsFault) as found:
        read_systems(folder / "systems.toml")
    return str(found.value)


def test_a_whole_file_is_taken(folder):
    (folder / "systems.toml").write_text(WHOLE)
    (system,) = read_systems(folder / "systems.toml")
    assert system.link
    assert system.smart
    assert system.smart.vouches == "https://fhir.epj.example/r4"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('id = "epj"', 'id = "e p/j"', "id is letters"),
        ('origins = ["https://epj.example"]', "origins = []", "origins must be"),
        ('origins = ["https://epj.example"]', 'origins = ["*"]', "origins must be"),
        ('origins = ["https://epj.example"]', 'origins = ["http://epj.example"]', "origins must be"),
        ('origins = ["https://epj.example"]', 'origins = ["https://epj.example/x"]', "origins must be"),
        ('origins = ["https://epj.example"]', 'origins = ["https://epj.example; script-src *"]', "origins must be"),
        ('back = "https://epj.example/patient"', 'back = "https://ond.example/"', "back must be"),
        ('back = "https://epj.example/patient"', 'back = "javascript:alert(1)"', "back must be"),
        ('jwks_file = "keys.json"', "", "keys come from"),
        ('jwks_file = "keys.json"', 'jwks_address = "http://epj.example/keys"', "jwks_address must be https"),
        ('jwks_file = "keys.json"', 'jwks_file = "ingen.json"', "ingen.json cannot be read"),
        ('iss = "https://fhir.epj.example/r4"', 'iss = "http://fhir.epj.example/r4"', "iss and issuer must be https"),
        ('client = "overblik"', 'client = ""', "smart needs a client"),
        ('client = "overblik"', 'client = "x"\nscopes = ["openid"]', "scopes must hold launch"),
        ('secret_file = "secret.txt"', 'secret_file = "ingen.txt"', "ingen.txt cannot be read"),
        ('name = "Journalen"', 'name = "Journalen"\nnavn = "x"', "navn"),
    ],
)
def test_every_fault_is_named(folder, before, after, told):
    assert WHOLE.count(before) == 1
    assert told in fault(folder, WHOLE.replace(before, after))


def test_all_faults_are_told_at_once(folder):
    text = WHOLE.replace('client = "overblik"', 'client = ""').replace('"keys.json"', '"ingen.json"')
    told = fault(folder, text)
    assert "smart needs a client" in told
    assert "ingen.json" in told


def test_a_system_that_stands_twice_is_told(folder):
    assert "epj stands twice" in fault(folder, WHOLE + WHOLE)


def test_claims_that_cannot_be_used_are_told_with_their_line(folder):
    (folder / "claims.toml").write_text("[kind]\nalways = 'hest'\n")
    assert "claims.toml line 2" in fault(folder, WHOLE)


def test_no_system_and_no_file_are_told(folder):
    assert "cannot be read" in fault_of(folder, folder / "ingen.toml")
    (folder / "systems.toml").write_text(WHOLE)
    told = fault_of(folder, folder / "systems.toml", PATIENTOVERBLIK_DATABASE="memory:")
    assert "BASE_URL must be set where PATIENTOVERBLIK_RECORD_SYSTEMS is" in told


def fault_of(folder, path, **more: str) -> str:
    with pytest.raises(SettingsFault) as found:
        read_settings({"PATIENTOVERBLIK_RECORD_SYSTEMS": str(path), **more})
    return str(found.value)
