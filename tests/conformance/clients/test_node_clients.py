"""Two clients that others wrote for Node ask the served door: fhir-kit-client, and SMART's fhirclient."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.clients.serving import address, asked  # noqa: F401 - fixtures
from tests.doors.fhir.test_writing import KINDS
from tests.doors.fhir.world import Door

PACKAGES = Path(__file__).resolve().parents[3] / "tools/clients/node_modules"
AT_MOST = 60


def ask(client: str, package: str, asked: Door, base: str) -> dict[str, Any]:  # noqa: F811
    """What a client understood."""
    node, folder = shutil.which("node"), PACKAGES / package
    if node is None or not folder.is_dir():
        pytest.skip(f"Node or its package {package} is not here: make setup-test")
    goal = {"resourceType": "Goal", **KINDS["Goal"], "subject": {"reference": f"Patient/{asked.patient}"}}
    told = {
        "client": client,
        "folder": str(folder),
        "base": base,
        "token": asked.token,
        "patient": asked.patient,
        "goal": goal,
    }
    script = [node, str(Path(__file__).with_name("node_client.mjs"))]
    done = subprocess.run(script, input=json.dumps(told), capture_output=True, text=True, timeout=AT_MOST, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def goals(asked: Door) -> int:  # noqa: F811
    return int(asked.get(f"Goal?patient={asked.patient}&_summary=count").json()["total"])


def test_fhir_kit_client(asked, address):  # noqa: F811
    before = goals(asked)
    told = ask("kit", "fhir-kit-client", asked, address)
    assert told["version"] == "4.0.1"
    assert told["same"]
    assert told["pages"][0] == 2
    assert told["pages"][1] >= 1
    assert told["plans"] >= 1
    assert told["whole"] > before
    assert told["refused"] == [404, "OperationOutcome"]
    assert goals(asked) == before + 1


def test_smart_client(asked, address):  # noqa: F811
    told = ask("smart", "fhirclient", asked, address)
    assert told["goals"] == goals(asked)
    assert "Goal" in told["titles"]
    assert told["patient"] == asked.patient
    assert told["refused"] == 404
