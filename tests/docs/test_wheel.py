"""What is built is whole: a wheel holds every file the program reads, and works installed away from the source tree."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PACKAGE = PROJECT / "src" / "patientoverblik"
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "requirements")
NOT_SHIPPED = frozenset({"__pycache__", ".gitignore"})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of a copy of the source tree, so that building leaves no trace in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(PACKAGE, source / "src" / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BUILT_FROM:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copyfile
        copy(PROJECT / name, source / name)
    plain = ("--no-build-isolation", "--no-deps", "--no-index", "--quiet", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "wheel", *plain, "-w", str(folder), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder that holds nothing but the wheel's content."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess:
    """Run Python where of our code only the wheel's is to be found: dependencies yes, the editable install no."""
    libraries = Path(sysconfig.get_path("purelib"))
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PATIENTOVERBLIK_"))}
    paths = os.pathsep.join((str(installed), str(libraries)))
    command = [sys.executable, "-S", *words]
    environment = plain | {"PYTHONPATH": paths}
    return subprocess.run(command, input=stdin, capture_output=True, cwd=installed, env=environment, timeout=60)


def test_every_file_of_the_program_is_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name.removeprefix("patientoverblik/") for name in archive.namelist() if "dist-info" not in name}
    here = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and NOT_SHIPPED.isdisjoint((*path.parts, path.name))
    }
    assert here - shipped == set()
    assert shipped - here == set()


def test_the_licence_goes_with_it_and_nothing_but_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"patientoverblik"}


def test_the_installed_wheel_reads_a_document_away_from_the_source_tree(installed, shared):
    where = run(installed, "-c", "import patientoverblik; print(patientoverblik.__file__)")
    assert where.stdout.decode().startswith(str(installed)), where.stderr
    sample = str(shared / "data/cda/cpd/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml")
    done = run(installed, "-m", "patientoverblik", "read", sample)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"measurements (20)" in done.stdout


def test_the_installed_wheel_loads_the_demo_and_shows_it(installed, tmp_path):
    script = (
        "import os, sys; os.environ.update(PATIENTOVERBLIK_DATABASE=sys.argv.pop(1), PATIENTOVERBLIK_DEMO='true');"
        "from patientoverblik.app.console import main; main()"
    )
    database = f"sqlite:///{tmp_path / 'demo.sqlite3'}"
    loaded = run(installed, "-c", script, database, "demo", "--load-only")
    assert loaded.returncode == 0, loaded.stderr
    shown = run(installed, "-c", script, database, "show", stdin=b"2512489996\n")
    assert shown.returncode == 0, shown.stderr
    assert "Målinger" in shown.stdout.decode()
