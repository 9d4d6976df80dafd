"""Hold the locked packages against what is known to be bad. Standard library only; the internet is not needed.

``python tools/audit.py`` reads every lock file and ``tools/advisories.csv``, a file an operator refreshes: a row is an
ecosystem (pypi, npm), a package, the versions affected (``>=1.0,<1.2``), the advisory's id and what it is about. Where
``pip-audit`` is installed it is asked too; where it is not, or cannot reach its source, one line says so.

Ends with 0 where nothing is known to be bad, 1 where something is, and with ``--strict`` 2 where pip-audit could not
look.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADVISORIES = ROOT / "tools" / "advisories.csv"
LOCKS = ("build", "runtime", "node", "dev")
NODE_LOCKS = ("package-lock.json", "tools/clients/package-lock.json")
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
SECONDS = 120
Package = tuple[str, str]  # ecosystem and name


def main(words: list[str]) -> int:
    """Say what is known to be bad, and what could not be looked at."""
    packages = dict(locked(ROOT))
    found = [*known_bad(packages, ADVISORIES.read_text(encoding="utf-8"))]
    asked = ask_pip_audit(ROOT) if "--offline" not in words else "pip-audit was not asked (--offline)"
    for line in (*found, *(asked if isinstance(asked, list) else ())):
        print(f"audit: {line}")
    rows = len(advisories(ADVISORIES.read_text(encoding="utf-8")))
    print(f"audit: {len(packages)} locked packages against {rows} advisories: {len(found)} known to be bad")
    if isinstance(asked, str):
        print(f"audit: {asked}")
    if found or (isinstance(asked, list) and asked):
        return 1
    return 2 if isinstance(asked, str) and "--strict" in words else 0


def locked(root: Path) -> Iterator[tuple[Package, str]]:
    """Every locked package with its version."""
    for lock in LOCKS:
        text = (root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        yield from ((("pypi", name.lower().replace("_", "-")), version) for name, version in LOCKED.findall(text))
    for lock in NODE_LOCKS:
        packages = json.loads((root / lock).read_text(encoding="utf-8"))["packages"]
        for place, package in packages.items():
            if place:
                yield ("npm", place.rpartition("node_modules/")[2]), package["version"]


def advisories(text: str) -> list[dict[str, str]]:
    """The rows of the file."""
    return list(csv.DictReader(text.splitlines()))


def known_bad(packages: dict[Package, str], text: str) -> Iterator[str]:
    """A line for each locked version that a row names."""
    for row in advisories(text):
        version = packages.get((row["ecosystem"], row["package"]))
        if version and is_within(version, row["affected"]):
            yield f"{row['package']} {version} is affected by {row['id']} ({row['affected']}): {row['about']}"


def is_within(version: str, affected: str) -> bool:
    """Whether a version is one of those affected; what follows the numbers of a version counts as nothing."""
    return all(_holds(numbers(version), condition.strip()) for condition in affected.split(","))


def numbers(version: str) -> tuple[int, ...]:
    """The numbers a version begins with, without noughts at its end."""
    found = [int(each) for each in re.match(r"[0-9.]*", version)[0].split(".") if each]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def ask_pip_audit(root: Path) -> list[str] | str:
    """What pip-audit knows of the packages that are installed in production; a line where it could not be asked."""
    program = shutil.which("pip-audit") or shutil.which("pip-audit", path=str(root / ".venv" / "bin"))
    if not program:
        return "pip-audit is not installed: only the file was looked at, which is as old as its last refresh"
    command = [program, "--disable-pip", "--require-hashes", "--format", "json", "-r", "requirements/runtime.txt"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return "pip-audit could not look (no internet?): only the file was looked at"
    return [f"{each['name']} {each['version']}: {bad['id']}" for each in packages for bad in each.get("vulns", ())]


def _holds(version: tuple[int, ...], condition: str) -> bool:
    sign, told = re.fullmatch(r"(<=|>=|==|<|>)\s*(\S+)", condition).groups()
    other = numbers(told)
    return {
        "<": version < other,
        "<=": version <= other,
        ">": version > other,
        ">=": version >= other,
        "==": version == other,
    }[sign]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
