"""Make the pictures of the manual anew: the top of the professional's and the citizen's page, from the demo.

``python tools/screenshots.py`` writes ``docs/img/{professional,citizen}-{1280,390}.png``; it needs Chromium.
"""

import asyncio
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from patientoverblik.app.serving import application
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.demo.load import load_demo

TARGET = Path(__file__).resolve().parent.parent / "docs" / "img"
WIDTHS, HEIGHT, LARGEST = (1280, 390), 1600, 400_000
PATIENT = "2512489996"  # the national test person Nancy Ann Test Berggren


def main() -> int:
    """Make every picture; 1 where one is too large or there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("Chromium is not here: no pictures made\n")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright, demo() as address:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        made = [picture(browser, address, who, width) for who in ("professional", "citizen") for width in WIDTHS]
        browser.close()
    return 1 if any(path.stat().st_size >= LARGEST for path in made) else 0


def picture(browser: Browser, address: str, who: str, width: int) -> Path:
    """One picture: the top of the page as this reader sees it at this width."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, locale="da-DK")
    page.goto(address)
    (as_professional if who == "professional" else as_citizen)(page)
    page.evaluate("document.fonts.ready")
    path = TARGET / f"{who}-{width}.png"
    page.screenshot(path=path)
    page.close()
    return path


def as_professional(page: Page) -> None:
    """Log in as the patient's own doctor and find the patient."""
    page.get_by_role("button", name="Log ind som Egen læge", exact=True).click()
    page.get_by_label("Patientens CPR-nummer").fill(PATIENT)
    page.get_by_role("button", name="Vis overblik").click()


def as_citizen(page: Page) -> None:
    """Log in as the patient."""
    page.get_by_role("button", name="Log ind som Nancy, borger", exact=True).click()


@contextmanager
def demo() -> Iterator[str]:
    """The demo in memory, served on a free port of this machine."""
    settings = Settings(database="memory:", demo=True)
    with opened(settings) as house, socket.socket() as listening:
        with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
            beside.submit(lambda: asyncio.run(load_demo(house))).result()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(settings, house), log_level="error", lifespan="off"))
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        running.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        running.join(timeout=10)


if __name__ == "__main__":
    sys.exit(main())
