"""The secret outside the database: a file of its owner's, and nothing less."""

from pathlib import Path

import pytest

from patientoverblik.app.fhir import LOCK_BYTES, outside_secret
from patientoverblik.app.settings import Settings
from patientoverblik.problems import Fault


def kept(folder: Path, data: bytes, mode: int = 0o600) -> Settings:
    path = folder / "lock-key"
    path.write_bytes(data)
    path.chmod(mode)
    return Settings(lock_key=str(path))


def test_a_file_that_is_its_owners_alone_is_the_secret(tmp_path: Path) -> None:
    held = bytes(range(LOCK_BYTES))
    assert outside_secret(kept(tmp_path, held)) == held
    assert outside_secret(Settings()) == b""


@pytest.mark.parametrize(("data", "mode"), [(b"short", 0o600), (bytes(LOCK_BYTES), 0o640), (bytes(LOCK_BYTES), 0o604)])
def test_a_file_that_is_short_or_that_others_can_read_stops_the_program(tmp_path: Path, data: bytes, mode: int) -> None:
    with pytest.raises(Fault) as fault:
        outside_secret(kept(tmp_path, data, mode))
    assert fault.value.code == "subscription.bad-lock"


def test_a_file_that_is_not_there_stops_the_program(tmp_path: Path) -> None:
    with pytest.raises(Fault):
        outside_secret(Settings(lock_key=str(tmp_path / "none")))
