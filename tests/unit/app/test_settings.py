"""Settings: all faults at once, and never a value in the answer."""

import pytest

from patientoverblik.app.posture import posture
from patientoverblik.app.settings import SettingsFault, read_settings
from patientoverblik.app.wiring import open_house
from patientoverblik.storage.memory import MemoryStorage


def test_nothing_set_means_the_demo_on_the_loopback_address():
    settings = read_settings({})
    assert settings.database.startswith("sqlite:///")
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8080, True)


def test_a_database_of_ones_own_is_never_the_demo_unless_asked_for():
    assert not read_settings({"PATIENTOVERBLIK_DATABASE": "sqlite:///own.sqlite3"}).demo
    assert read_settings({"PATIENTOVERBLIK_DATABASE": "sqlite:///own.sqlite3", "PATIENTOVERBLIK_DEMO": "true"}).demo


def test_port_and_database_are_taken_from_the_environment():
    settings = read_settings({"PATIENTOVERBLIK_PORT": "9001", "PATIENTOVERBLIK_DATABASE": "sqlite:////tmp/x.sqlite3"})
    assert settings.port == 9001
    assert str(settings.database_file) == "/tmp/x.sqlite3"


def test_every_fault_is_told_at_once_and_no_value():
    with pytest.raises(SettingsFault) as told:
        read_settings({"PATIENTOVERBLIK_PORT": "hemmelig", "PATIENTOVERBLIK_DATABASE": "mysql://hemmelig"})
    assert "PORT" in str(told.value)
    assert "DATABASE" in str(told.value)
    assert "hemmelig" not in str(told.value)


def test_the_database_is_a_file_a_server_or_memory():
    for address, path in (("sqlite:////tmp/x.db", "/tmp/x.db"), ("postgresql:///x", "None"), ("memory:", "None")):
        assert str(read_settings({"PATIENTOVERBLIK_DATABASE": address}).database_file) == path
    with pytest.raises(SettingsFault) as fault:
        read_settings({"PATIENTOVERBLIK_DATABASE": "mysql://secret"})
    assert "PATIENTOVERBLIK_DATABASE" in str(fault.value)
    assert "secret" not in str(fault.value)


def test_an_installation_names_its_own_community_and_repository():
    own = {"PATIENTOVERBLIK_HOME_COMMUNITY": "1.2.208.999.1", "PATIENTOVERBLIK_REPOSITORY_ID": "1.2.208.999.1.2"}
    settings = read_settings({"PATIENTOVERBLIK_DATABASE": "memory:", **own})
    house = open_house(settings, MemoryStorage())
    assert (house.home, house.repository) == ("1.2.208.999.1", "1.2.208.999.1.2")
    assert "for tests" not in _own_ids(settings)
    assert "for tests" in _own_ids(read_settings({"PATIENTOVERBLIK_DATABASE": "memory:"}))


@pytest.mark.parametrize("oid", ["hemmelig", "urn:oid:1.2.3", "1.02.3", "1" + ".2" * 32])
def test_what_is_no_oid_names_no_community(oid):
    with pytest.raises(SettingsFault) as told:
        read_settings({"PATIENTOVERBLIK_HOME_COMMUNITY": oid})
    assert "HOME_COMMUNITY" in str(told.value)
    assert oid not in str(told.value)


def _own_ids(settings):
    return next(one.found for one in posture(settings) if one.what == "own ids")
