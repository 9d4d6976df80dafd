"""One database with the demo people for each module that looks into it."""

from pathlib import Path

import pytest

from tests.doors.cli.program import call


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """A database with the demo, loaded by the program itself."""
    database = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    loaded = call("demo", "--load-only", database=database)
    assert loaded.code == 0
    return database
