"""The settings file: under the environment, every fault at once, and never a value."""

import pytest

from patientoverblik.app.settings import SettingsFault, read_settings


def write(tmp_path, text: str) -> dict[str, str]:
    (tmp_path / "own.toml").write_text(text)
    return {"PATIENTOVERBLIK_SETTINGS": str(tmp_path / "own.toml")}


def test_the_environment_stands_before_the_file(tmp_path):
    named = write(tmp_path, 'database = "sqlite:///own.sqlite3"\nport = 9001\nworkers = 3\nsecure_cookies = true\n')
    settings = read_settings(named | {"PATIENTOVERBLIK_PORT": "9002"})
    assert (settings.port, settings.workers, settings.secure_cookies, settings.demo) == (9002, 3, True, False)


def test_every_fault_of_file_and_environment_is_told_at_once_and_no_value(tmp_path):
    named = write(tmp_path, 'port = "hemmelig"\nhemmelig = 1\nhost = ["hemmelig"]\nworkers = 0\n')
    with pytest.raises(SettingsFault) as told:
        read_settings(named | {"PATIENTOVERBLIK_LOG_FORM": "hemmelig", "PATIENTOVERBLIK_DRAIN_SECONDS": "601"})
    for name in ("PORT", "SETTINGS", "host", "WORKERS", "LOG_FORM", "DRAIN_SECONDS"):
        assert name in str(told.value)
    assert "hemmelig" not in str(told.value)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    for named in (write(tmp_path, "port = "), {"PATIENTOVERBLIK_SETTINGS": str(tmp_path / "none.toml")}):
        with pytest.raises(SettingsFault, match="PATIENTOVERBLIK_SETTINGS"):
            read_settings(named)


def test_a_database_in_memory_has_one_worker():
    with pytest.raises(SettingsFault, match="WORKERS"):
        read_settings({"PATIENTOVERBLIK_DATABASE": "memory:", "PATIENTOVERBLIK_WORKERS": "2"})
