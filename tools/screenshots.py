"""Make the pictures of the manual anew: the tops of the pages that docs/screens.md shows, from the demo.

``python tools/screenshots.py`` writes ``docs/img/<page>-<width>.png``; it needs Chromium.
"""

import asyncio
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
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
        made = [picture(browser, address, name, width) for name, (_, widths) in PAGES.items() for width in widths]
        browser.close()
    return 1 if any(path.stat().st_size >= LARGEST for path in made) else 0


def picture(browser: Browser, address: str, name: str, width: int) -> Path:
    """One picture: the top of a page at this width."""
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, locale="da-DK")
    page.goto(address)
    PAGES[name][0](page)
    page.evaluate("document.fonts.ready")
    path = TARGET / f"{name}-{width}.png"
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


def open_menu(page: Page) -> None:
    """Show the ways to other pages where the screen is narrow and they stand folded."""
    page.wait_for_load_state()
    menu = page.locator(".menu:not([open]) > summary")
    if menu.is_visible():
        menu.click()


def follow(page: Page, name: str) -> None:
    """To another page of the reader's."""
    open_menu(page)
    page.get_by_role("navigation", name="Bruger").get_by_role("link", name=name).click()


def the_blocks(page: Page) -> None:
    """A citizen describes a block and sees the overview as the place would see it."""
    as_citizen(page)
    follow(page, "Spærringer")
    page.get_by_role("link", name="Lav en spærring").click()
    page.get_by_label("Hvem må ikke se det?").select_option("Lægehuset Testparken")
    page.get_by_label("Hvor kommer oplysningerne fra?").select_option("Øjenklinikken Testparken")


def the_readers(page: Page) -> None:
    """A citizen sees who can see the overview, and why."""
    as_citizen(page)
    page.get_by_role("link", name="Hvem kan se det her?").click()


def the_preview(page: Page) -> None:
    """A citizen sees the overview as a place would see it under a block that does not hold yet."""
    the_blocks(page)
    page.get_by_role("button", name="Se, hvordan det bliver").click()


def the_child(page: Page) -> None:
    """A parent with custody sees the child's overview."""
    page.get_by_role("button", name="Log ind som Forælder med forældremyndighed", exact=False).click()


def the_override(page: Page) -> None:
    """A doctor whom no relation gives access is about to ask for an override."""
    page.get_by_role("button", name="Log ind som Læge uden behandlingsrelation", exact=True).click()
    page.get_by_label("Patientens CPR-nummer").fill(PATIENT)
    page.get_by_role("button", name="Vis overblik").click()
    page.get_by_role("link", name="Ophæv spærring (værdispring)").click()


def the_log(page: Page) -> None:
    """The citizen's log after that override."""
    _overridden(page)
    as_citizen(page)
    follow(page, "Hvem har set dine oplysninger")


def the_follow_up(page: Page) -> None:
    """What an officer must have answered after that override."""
    _overridden(page)
    page.get_by_role("button", name="Log ind som Sikkerhedsansvarlig", exact=True).click()
    page.get_by_role("link", name="Opfølgning på opslag").click()


def the_worklist(page: Page) -> None:
    """What a nurse whose organisation is asked to take something over has to do."""
    as_asked(page)
    page.get_by_role("link", name="Se arbejdslisten").click()


def the_handovers(page: Page) -> None:
    """The same nurse is about to answer for one patient."""
    as_asked(page)
    page.get_by_label("Patientens CPR-nummer").fill(PATIENT)
    page.get_by_role("button", name="Vis overblik").click()
    follow(page, "Overdragelser")


def as_asked(page: Page) -> None:
    """Log in as a nurse of a municipality that is asked to take something over."""
    page.get_by_role("button", name="Log ind som Sygeplejerske i kommunens forebyggelse", exact=False).click()


def the_own_words(page: Page) -> None:
    """The patient is about to write what is important."""
    as_citizen(page)
    page.get_by_role("link", name="Skriv, hvad der er vigtigt for dig").click()


def _overridden(page: Page) -> None:
    """A doctor has looked by override and left; the next one stands at the login."""
    the_override(page)
    page.get_by_label("Patienten kan ikke kontaktes").check()
    page.get_by_label("Skriv med dine egne ord").fill("Bevidstløs i akutmodtagelsen")
    page.get_by_role("button", name="Se oplysningerne").click()
    open_menu(page)
    page.get_by_role("button", name="Log ud", exact=True).click()
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2])


PAGES: dict[str, tuple[Callable[[Page], None], tuple[int, ...]]] = {
    "professional": (as_professional, WIDTHS),
    "citizen": (as_citizen, WIDTHS),
    "block": (the_blocks, (390,)),
    "override": (the_override, (1280,)),
    "log": (the_log, (390,)),
    "readers": (the_readers, (390,)),
    "preview": (the_preview, (390,)),
    "child": (the_child, (390,)),
    "follow-up": (the_follow_up, (1280,)),
    "worklist": (the_worklist, (1280,)),
    "handover": (the_handovers, (390,)),
    "own-words": (the_own_words, (390,)),
}


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
