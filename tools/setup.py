"""Make the project's own environment in ``.venv``: locked, hashed packages, the program itself and the page assets.

``python3 tools/setup.py run`` sets up what the program needs; ``test`` adds what the tests need. A step whose inputs
have not changed since it last succeeded is skipped, so a second start costs next to nothing. Standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
STAMPS = ENVIRONMENT / "stamps"
OLDEST = (3, 11)


def main(purpose: str) -> None:
    """Set up for ``run`` or ``test``; ends the program with one clear line where a step fails."""
    if sys.version_info < OLDEST:
        sys.exit(f"setup: Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]}")
    step("environment", "", make_environment)
    lock = "dev" if purpose == "test" else "runtime"
    if purpose == "run" and (STAMPS / "packages-dev").exists():
        lock = "dev"
    step("packages-build", digest("requirements/build.txt"), lambda: install("build"))
    step(f"packages-{lock}", digest(f"requirements/{lock}.txt"), lambda: install(lock))
    step("program", digest("pyproject.toml", "requirements/runtime.in"), install_program)
    step("page-assets", digest("package-lock.json", "package.json"), make_assets)
    if purpose == "test":
        step("foreign-clients", digest("tools/clients/package-lock.json"), fetch_clients)
        ask_for_browser()
        ask_for_postgres()


def step(name: str, inputs: str, work) -> None:
    """Do one step with a line of progress, unless it succeeded before with the same inputs."""
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == inputs:
        return
    print(f"setup: {name} …", flush=True)
    began = time.monotonic()
    try:
        work()
    except subprocess.CalledProcessError as fault:
        sys.exit(f"setup: {name} failed (exit code {fault.returncode}); what it said stands above")
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs)
    print(f"setup: {name} done in {time.monotonic() - began:.0f} s", flush=True)


def digest(*names: str) -> str:
    """What the inputs of a step are, as one hash; a missing file counts as empty."""
    found = hashlib.sha256()
    for name in names:
        path = ROOT / name
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()


def make_environment() -> None:
    """An empty virtual environment with pip."""
    if not (BIN / "python").exists():
        venv.create(ENVIRONMENT, with_pip=True)


def install(lock: str) -> None:
    """Install exactly what a lock file names, by hash."""
    pip("install", "--require-hashes", "--no-deps", "-r", str(ROOT / "requirements" / f"{lock}.txt"))


def install_program() -> None:
    """Install the program itself, editable, with the build tool that was locked."""
    pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def pip(*words: str) -> None:
    """Run pip quietly in the environment."""
    subprocess.run(
        [str(BIN / "python"), "-m", "pip", words[0], "--quiet", "--disable-pip-version-check", *words[1:]], check=True
    )


def make_assets() -> None:
    """Fetch the locked front-end packages and lay out what the pages serve."""
    subprocess.run([str(BIN / "python"), "-m", "patientoverblik.edges.portal.assets"], check=True, cwd=ROOT)


def fetch_clients() -> None:
    """Fetch the locked clients for Node that the tests ask the doors with; where npm cannot, say what is left out."""
    npm = shutil.which("npm") or str(BIN / "npm")
    words = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    if not Path(npm).exists() or subprocess.run(words, check=False, cwd=ROOT / "tools" / "clients").returncode:
        print("setup: the clients for Node could not be fetched: the tests with them are left out", flush=True)


def ask_for_browser() -> None:
    """See that Chromium is there for the journeys; install Debian's package where that is allowed, else say so."""
    if not shutil.which("chromium") and not debian_package("chromium"):
        print("setup: Chromium is not here and could not be installed: the browser journeys are left out", flush=True)


def ask_for_postgres() -> None:
    """See that PostgreSQL's programs are there for private test servers; install Debian's package, else say so."""
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not debian_package("postgresql"):
        print("setup: PostgreSQL is not here and could not be installed: the tests on it are left out", flush=True)


def debian_package(name: str) -> bool:
    """Whether a Debian package could be installed, where that is allowed."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print(f"setup: {name} (Debian package) …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    done = subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", name], check=False, **quiet)
    return done.returncode == 0


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
