"""What every test may use: the folder of shared foreign samples, where the machine has it."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.examples", "tests.emitted", "tests.planted", "tests.postgres"]
PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PATIENTOVERBLIK_SHARED", PROJECT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared samples; the test is skipped with one line where they are absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"shared samples are not here: {SHARED.name}/data")
    return SHARED
