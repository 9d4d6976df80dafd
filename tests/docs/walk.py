"""The walk-through of docs/embedding.md, as it stands on the page: its files, its record system, and the demo beside it."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from patientoverblik.app import serving
from patientoverblik.app.clock import Watch
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.demo.load import load_demo
from tests.conftest import PROJECT
from tests.journeys.serving import Later, served

PAGE = (PROJECT / "docs" / "embedding.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```(?:toml|python)\n# (epj/[\w.]+)\n(.*?)^```$", PAGE, re.M | re.S))
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
OURS, THEIRS = "http://127.0.0.1:8080", "http://localhost:9090"


@contextmanager
def walked(folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The demo with the page's record system registered, and that system: their addresses, and the environment in which
    the page's commands run."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    theirs, later = f"http://localhost:{port}", Later()
    with served(later) as ours:
        for name, text in FILES.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.replace(THEIRS, theirs).replace("9090", str(port)))
        with subprocess.Popen([sys.executable, str(folder / "epj/epj.py"), ours]) as system:
            try:
                _wait(theirs, system)
                with demo_at(folder, ours, str(folder / "epj/systems.toml")) as (application, environment):
                    later.application = application
                    yield ours, theirs, environment
            finally:
                system.terminate()


@contextmanager
def demo_at(folder: Path, ours: str, systems: str = "") -> Iterator[tuple[object, dict[str, str]]]:
    """The demo with its people in a folder, served at an address, and the environment of its command line."""
    database = f"sqlite:///{folder}/demo.sqlite3"
    settings = Settings(
        database=database, demo=True, base_url=ours, record_systems=systems, limit_address=0, limit_entry=0
    )
    told = {"PATIENTOVERBLIK_DATABASE": database, "PATIENTOVERBLIK_DEMO": "true"}
    with opened(settings) as house:
        with ThreadPoolExecutor(1) as beside:  # a browser's own loop may run in this thread
            beside.submit(lambda: asyncio.run(load_demo(house))).result()
        yield serving.served(settings, house, Watch(house.clock)), {**os.environ, **told}


def _wait(address: str, system: subprocess.Popen) -> None:
    while system.poll() is None:
        try:
            httpx.get(address, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the page's record system did not start")
