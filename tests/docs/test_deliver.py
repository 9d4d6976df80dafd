"""The pages for who delivers over the network: their commands and their script run as they stand, against a real server."""

import os
import re
import shutil
import subprocess

import pytest

from tests.conftest import PROJECT
from tests.docs.walk import OURS, demo_at
from tests.doors.cli.program import call
from tests.doors.fhir.world import Door
from tests.generative.doors.worlds import furnished
from tests.journeys.serving import Later, served

TOOLS = ("bash", "curl", "jq", "base64", "python3")
AT_MOST = 120


def blocks(page: str, language: str, after: str) -> list[str]:
    """The fenced blocks of a language in the sections of a page that begin with this heading."""
    text = (PROJECT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {after}$(.*?)^## ", text, re.M | re.S)[1]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.M | re.S)


@pytest.fixture
def tools():
    """What the commands are made of; without them they are passed over."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.skip(f"the walk-through needs {' '.join(missing)}")


@pytest.fixture
def told(tmp_path, tools):
    """What the commands print, line by line: by FHIR, then by ITI-41, then by ITI-41 the same id with other bytes."""
    (tmp_path / "deliver.py").write_text(blocks("xds", "python", "A first delivery")[0])
    (tmp_path / ".venv").symlink_to(PROJECT / ".venv")
    (tmp_path / "src").symlink_to(PROJECT / "src")
    first, network, xds = (
        "\n".join(blocks(page, "sh", after))
        for page, after in (
            ("deliver", "A first document"),
            ("deliver", "Deliver over the network"),
            ("xds", "A first delivery"),
        )
    )
    other = "sed -i 's/<title>/<title>Ny /' plan.xml\n"
    later = Later()
    with served(later) as ours, demo_at(tmp_path, ours) as (later.application, environment):
        done = subprocess.run(
            ["bash", "-u"],
            input="\n".join((first, network, xds, other, xds)).replace(OURS, ours),
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=AT_MOST,
            check=False,
        )
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()


def test_a_document_is_delivered_by_every_way_the_pages_show(told):
    assert re.fullmatch(r"DocumentReference/[0-9a-f-]{36}", told[0])
    assert re.fullmatch(r"Success urn:uuid:[0-9a-f-]{36}", told[-3])
    assert re.fullmatch(r"Failure urn:uuid:[0-9a-f-]{36}", told[-2])
    assert told[-1].startswith("Error XDSNonIdenticalHash sharing.document-id-taken: ")


def test_a_system_says_that_it_is_there_as_the_page_shows(tools):
    (script,) = blocks("deliver", "sh", "Say that you are there")
    house = furnished(())
    door = Door(house, "system", "system/DocumentReference.c")
    with served(door.application) as ours:
        given = {**os.environ, "BASE": ours, "SYSTEM_TOKEN": door.token}
        done = subprocess.run(
            ["bash", "-euo", "pipefail"], input=script, capture_output=True, text=True, env=given, timeout=AT_MOST
        )
    assert (done.stdout, done.returncode) == ("Vi har hørt fra kilden: almen-praksis\n", 0)
    assert "almen-praksis" in house.storage.reader().source_times()


@pytest.fixture
def plan(tmp_path):
    """The plan of the page that is data and no CDA, in a file."""
    path = tmp_path / "plan.json"
    path.write_text(blocks("deliver", "json", "Own data, and no CDA")[0], encoding="utf-8")
    return path


def test_the_plan_that_is_no_cda_is_right_and_loses_nothing(plan):
    assert call("check", plan).out == "Profile: fhir-r4. 0 errors, 0 other findings.\n"
    assert call("read", "--losses", plan).out == "Nothing was lost.\n"


def test_the_plan_that_is_no_cda_becomes_a_care_plan_by_the_danish_profile(plan):
    written = call("read", "--as", "cda", plan)
    assert (written.code, "plan.title: the plan's title is the document's" in written.err) == (0, True)
    checked = call("check", "--json", "-", stdin=written.raw).json
    severities = [one["severity"] for one in checked["findings"]]
    assert (checked["profile"], severities) == ("cpd-2.0.0", ["warning", "warning"])
    care, again = (call("read", "--json", "-", stdin=data).json["care"] for data in (plan.read_bytes(), written.raw))
    assert [one["words"] for one in care["goals"]] == [one["words"] for one in again["goals"]]
