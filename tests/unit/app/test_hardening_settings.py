"""Settings of hosts, proxies, frames and limits: what is unsafe does not start, and no value is told."""

import pytest

from patientoverblik.app.guarding import hosts_of
from patientoverblik.app.posture import posture
from patientoverblik.app.settings import Settings, SettingsFault, read_settings

OWN = "sqlite:///own.sqlite3"


def faults(**given: str) -> str:
    try:
        read_settings(
            {name if name.isupper() else f"PATIENTOVERBLIK_{name.upper()}": value for name, value in given.items()}
        )
    except SettingsFault as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "overblik.example"])
def test_an_installation_is_not_open_to_others_without_tls_or_a_proxy(host):
    assert "open to other machines" in faults(database=OWN, host=host)
    assert faults(database=OWN, host=host, proxies="10.0.0.0/8") == ""
    assert faults(database=OWN, host=host, FORWARDED_ALLOW_IPS="10.0.0.1") == ""
    assert faults(host=host) == ""  # the demo: invented people only


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.53"])
def test_this_machine_alone_needs_none(host):
    assert faults(database=OWN, host=host) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hosts", "overblik.example:443"),
        ("hosts", "https://overblik.example"),
        ("frame_hosts", "portal.example"),
        ("frame_hosts", "https://portal.example/path"),
        ("frame_hosts", "*"),
        ("proxies", "hemmelig"),
        ("time_source", "http://time.example"),
        ("limit_actor", "-1"),
        ("limit_search", "hemmelig"),
    ],
)
def test_a_fault_names_the_setting_and_never_its_value(name, value):
    told = faults(**{name: value})
    assert name.upper() in told
    assert "hemmelig" not in told
    assert "overblik.example" not in told


def test_the_names_answered_to_are_told_by_doctor():
    settings = Settings(base_url="https://overblik.example", hosts="Alias.example")
    assert {"overblik.example", "alias.example", "localhost"} <= hosts_of(settings)


def test_doctor_tells_which_secrets_are_set_and_none_of_them():
    found = {each.what: each for each in posture(Settings(login_secret="hemmelig", tls_key="/run/hemmelig"))}
    assert "login secret set" in found["secrets"].found
    assert "TLS key set" in found["secrets"].found
    assert "signing keys not set" in found["secrets"].found
    assert "hemmelig" not in str(found)


def test_doctor_finds_fault_with_an_open_installation_without_tls():
    assert not next(each for each in posture(Settings(database=OWN, host="0.0.0.0")) if each.what == "TLS").fine
