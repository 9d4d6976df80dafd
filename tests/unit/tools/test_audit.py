"""The audit of dependencies: no internet, no false peace."""

import importlib.util
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

SPEC = importlib.util.spec_from_file_location("audit", PROJECT / "tools" / "audit.py")
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)
HEAD = "ecosystem,package,affected,id,about\n"


@pytest.mark.parametrize(
    ("version", "affected", "bad"),
    [
        ("1.2.0", "<1.2", False),
        ("1.1.9", "<1.2", True),
        ("1.10.0", "<1.9", False),
        ("1.2", ">=1.2.0,<1.3", True),
        ("2.0", ">1.0,<=2.0", True),
        ("2.0.1", ">1.0,<=2.0", False),
        ("3.1", "==3.1.0", True),
        ("1.3.0rc1", "<1.3", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version, affected, bad):
    assert audit.is_within(version, affected) is bad


def test_a_locked_version_that_is_known_to_be_bad_is_told():
    text = HEAD + 'pypi,example,">=1.0,<1.2",CVE-0000-1,"what"\nnpm,example,<9,CVE-0000-2,what\n'
    assert [line.split()[5] for line in audit.known_bad({("pypi", "example"): "1.1"}, text)] == ["CVE-0000-1"]
    assert list(audit.known_bad({("pypi", "example"): "1.2"}, text)) == []


def test_every_lock_file_is_read():
    packages = dict(audit.locked(PROJECT))
    named = {("pypi", "starlette"), ("pypi", "pytest"), ("pypi", "setuptools"), ("npm", "dkfds"), ("npm", "soap")}
    assert named <= set(packages)


def test_every_advisory_can_be_read():
    rows = audit.advisories(audit.ADVISORIES.read_text(encoding="utf-8"))
    assert rows
    assert all(audit.is_within("0.0.1", row["affected"]) in (True, False) and row["id"] for row in rows)


def test_what_is_locked_now_is_not_known_to_be_bad_and_what_was_not_asked_is_said():
    done = subprocess.run(
        [sys.executable, str(PROJECT / "tools" / "audit.py"), "--offline"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "0 known to be bad" in done.stdout
    assert "pip-audit was not asked" in done.stdout


def test_a_pip_audit_that_cannot_look_is_one_line(monkeypatch, tmp_path):
    broken = tmp_path / "pip-audit"
    broken.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(audit.shutil, "which", lambda *_, **__: str(broken))
    assert "could not look" in audit.ask_pip_audit(PROJECT)


def test_without_pip_audit_it_is_said(monkeypatch):
    monkeypatch.setattr(audit.shutil, "which", lambda *_, **__: None)
    assert "not installed" in audit.ask_pip_audit(PROJECT)
    assert audit.main(["--strict"]) == 2
