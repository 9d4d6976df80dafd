"""Settings of login: every fault at once, the secret from a file or the environment and printed nowhere."""

import httpx
import pytest

from patientoverblik.app import doctor
from patientoverblik.app.login import with_provider
from patientoverblik.app.login_faults import is_origin
from patientoverblik.app.serving import application
from patientoverblik.app.settings import Settings, SettingsFault, read_settings
from patientoverblik.edges.identity.web import Network
from patientoverblik.edges.portal.settings import PortalSettings
from tests.doors.identity.web.provider import CLAIMS, CLIENT, ISSUER, Provider
from tests.unit.portal import house as made

SECRET = "planted-secret-4711"
P = "PATIENTOVERBLIK_"
LOOKED_AT = ("login", "client secret")


@pytest.fixture
def claims(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(CLAIMS, encoding="utf-8")
    return str(path)


@pytest.fixture
def given(claims):
    return {
        f"{P}DATABASE": "memory:",
        f"{P}BASE_URL": "https://overblik.example",
        f"{P}LOGIN_ISSUER": ISSUER,
        f"{P}LOGIN_CLIENT": CLIENT,
        f"{P}LOGIN_CLAIMS": claims,
    }


def faults(environment) -> str:
    with pytest.raises(SettingsFault) as told:
        read_settings(environment)
    return str(told.value)


def test_a_provider_is_set_up_by_five_settings(given):
    settings = read_settings({**given, f"{P}LOGIN_SECRET": SECRET})
    party = with_provider(settings, made.house(), PortalSettings()).party("http://whatever.example")
    assert party.client.answer_address == "https://overblik.example/log-ind/svar"
    assert party.client.secret.reveal() == SECRET
    assert (settings.demo, settings.secure) == (False, True)


def test_the_secret_comes_from_a_file_without_the_end_of_its_line(given, tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    settings = read_settings({**given, f"{P}LOGIN_SECRET_FILE": str(path)})
    assert settings.client_secret.reveal() == SECRET
    assert SECRET not in repr(settings)


def test_the_secret_is_printed_nowhere(given):
    settings = read_settings({**given, f"{P}LOGIN_SECRET": SECRET})
    assert SECRET not in f"{settings!r}{settings}{settings.client_secret!r}{settings.client_secret}"
    told = faults({**given, f"{P}LOGIN_SECRET": SECRET, f"{P}LOGIN_SECRET_FILE": SECRET, f"{P}PORT": "x"})
    assert SECRET not in told


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    empty = tmp_path / "empty"
    empty.write_text("")
    told = faults(
        {
            f"{P}LOGIN_ISSUER": "http://login.example",
            f"{P}LOGIN_SECRET_FILE": str(empty),
            f"{P}BASE_URL": "https://overblik.example/sti",
            f"{P}LOGIN_CLAIMS": str(tmp_path / "ikke-her"),
            f"{P}SESSION_MINUTES": "61",
            f"{P}SESSION_HOURS": "0",
            f"{P}LOGIN_ENDS_SESSION": "måske",
        }
    )
    for name in ("ISSUER", "CLIENT", "SECRET_FILE", "CLAIMS", "ENDS_SESSION"):
        assert f"{P}LOGIN_{name}" in told, name
    for name in ("BASE_URL", "SESSION_MINUTES", "SESSION_HOURS"):
        assert P + name in told, name


def test_a_faulty_claims_file_is_told_with_lines_and_codes(given, tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text('[kind]\nclaim = "x"\nhovsa = 1\n[person]\ncpr = 7\n')
    told = faults({**given, f"{P}LOGIN_CLAIMS": str(path)})
    assert "line 3: kind.hovsa: The key is not known (identity.claims-unknown)" in told
    assert "line 5: person.cpr: The value of the key cannot be used (identity.claims-value)" in told


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://overblik.example", True),
        ("https://overblik.example:8443", True),
        ("http://127.0.0.1:8080", True),
        ("http://overblik.example", False),
        ("https://overblik.example/", False),
        ("https://overblik.example?x", False),
        ("https://nogen@overblik.example", False),
        ("https://", False),
        ("overblik.example", False),
    ],
)
def test_an_origin_is_an_origin_and_no_more(address, is_one):
    assert is_origin(address) == is_one


def test_lifetimes_reach_the_sessions(given):
    settings = read_settings({**given, f"{P}SESSION_MINUTES": "5", f"{P}SESSION_HOURS": "2"})
    assert (settings.session_minutes, settings.session_hours) == (5, 2)
    assert application(settings, made.house()).state.session_cookie == "__Host-overblik"


# Doctor


def login_lines(settings: Settings) -> dict[str, tuple[bool, str]]:
    return {each.what: (each.fine, each.found) for each in doctor.diagnose(settings) if each.what in LOOKED_AT}


def test_doctor_asks_the_provider_and_tells_that_the_secret_is_set(given, monkeypatch):
    provider = Provider(lambda: 0)
    monkeypatch.setattr(doctor, "Network", lambda: Network(httpx.ASGITransport(provider)))
    found = login_lines(read_settings({**given, f"{P}LOGIN_SECRET": SECRET}))
    assert found == {"client secret": (True, "set"), "login": (True, "provider answers; PKCE S256")}
    assert provider.asked["/jwks"] == 1
    provider.metadata = {"issuer": "https://andet.example"}
    assert login_lines(read_settings(given))["login"][0] is False


def test_doctor_says_where_nobody_can_log_in():
    assert login_lines(Settings(database="memory:")) == {"login": (True, "no provider; nobody can log in")}
