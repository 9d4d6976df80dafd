"""The page for vendors who embed the overview: its files and commands run as they stand, against a real server."""

import re
import shutil
import subprocess
import tomllib

import pytest

from patientoverblik.app.settings import Settings
from patientoverblik.edges.identity.launch import read_systems
from patientoverblik.edges.portal.embed.addresses import COMPONENT, START, answer_path
from patientoverblik.problems import CATALOGUE
from tests.conftest import PROJECT
from tests.docs.walk import COMMANDS, FILES, OURS, PAGE, THEIRS, walked

TOOLS = ("bash", "curl", "jq")
AT_MOST = 120


def test_the_commands_of_the_page_open_the_overview_once_and_the_answers_come(tmp_path):
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.skip(f"the walk-through needs {' '.join(missing)}")
    with walked(tmp_path) as (ours, theirs, environment):
        script = "\n".join(COMMANDS).replace(OURS, ours).replace(THEIRS, theirs)
        done = subprocess.run(
            ["bash", "-eu"],
            input=script,
            capture_output=True,
            text=True,
            cwd=PROJECT,
            env=environment,
            timeout=AT_MOST,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    opened, refused, view, kind = done.stdout.splitlines()
    assert re.fullmatch(rf"303 {ours}/indlejret/[\w-]{{22}}", opened)
    assert refused == "identity.launch-used"
    assert view.startswith("professional")
    assert kind == "Composition"


def test_the_registrations_of_the_page_are_ones_that_are_taken(tmp_path):
    smart = re.search(r"^```toml\n# smart\n(.*?)^```$", PAGE, re.M | re.S)[1]
    for name in ("keys.json", "secret.txt"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "claims.toml").write_text(FILES["epj/claims.toml"])
    for text in (FILES["epj/systems.toml"], smart):
        (tmp_path / "systems.toml").write_text(text)
        assert len(read_systems(tmp_path / "systems.toml")) == len(tomllib.loads(text)["system"])


def test_every_code_setting_and_address_the_page_names_exists():
    codes = set(re.findall(r"`(identity\.launch-[a-z-]+)`", PAGE))
    assert codes == {each for each in CATALOGUE if each.startswith("identity.launch-")}
    names = {name.lower() for name in re.findall(r"PATIENTOVERBLIK_([A-Z_]+)", PAGE)}
    assert names <= set(Settings.__struct_fields__)
    for address in (COMPONENT, START, answer_path("ID")):
        assert address in PAGE


def test_the_page_is_in_the_manual():
    assert "](embedding.md)" in (PROJECT / "docs" / "README.md").read_text(encoding="utf-8")
