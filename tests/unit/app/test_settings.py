"""Settings: all faults at once, and never a value in the answer."""

import pytest

from patientoverblik.app.settings import SettingsFault, read_settings


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
