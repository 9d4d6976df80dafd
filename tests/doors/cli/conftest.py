"""One database with the demo people for each module that looks into it."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.doors.cli.program import call_anew


@pytest.fixture(scope="session")
def demo_as_loaded(tmp_path_factory) -> Path:
    """The folder of a database with the demo, loaded by the program itself, and its keys; nothing is done in it."""
    folder = tmp_path_factory.mktemp("loaded")
    loaded = call_anew("demo", "--load-only", database=folder / "demo.sqlite3")
    assert loaded.code == 0
    return folder


@pytest.fixture(scope="module")
def demo(demo_as_loaded, tmp_path_factory) -> Path:
    """A database with the demo, the module's own."""
    folder = tmp_path_factory.mktemp("demo")
    copytree(demo_as_loaded, folder, dirs_exist_ok=True)
    return folder / "demo.sqlite3"
