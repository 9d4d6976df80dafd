"""Walk every way to every fact in the demo, and write the table of docs/study.md; 1 where the overview lacks one."""

import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from tools.screenshots import demo
from tools.study.reading import SCREEN, Task, Walk, is_done
from tools.study.ways import by_every_document, by_overview, by_right_document, by_search

HERE = Path(__file__).resolve()
MANUAL = HERE.parents[2] / "docs" / "study.md"
BEGIN, END = "<!-- result -->", "<!-- end of result -->"
WAYS = {
    "Overview, read": by_overview,
    "Overview, searched": by_search,
    "Documents, the right one first": by_right_document,
    "Documents, one by one": by_every_document,
}
Found = tuple[str, Task, tuple[Walk, ...]]


def main() -> int:
    """Run the study."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("Chromium is not here: no study made\n")
        return 1
    with sync_playwright() as playwright, demo() as address:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": SCREEN}, locale="da-DK")
        found = list(walked(page, address, patients()))
        browser.close()
    text = "\n".join(table(found))
    sys.stdout.write(f"{text}\n")
    before, _, after = MANUAL.read_text(encoding="utf-8").partition(BEGIN)
    MANUAL.write_text(f"{before}{BEGIN}\n{text}\n{END}{after.partition(END)[2]}", encoding="utf-8")
    return 0 if all(is_done(walks[0], task) for _, task, walks in found) else 1


def patients() -> list[tuple[str, str, list[Task]]]:
    """Each patient's number, name and tasks."""
    told: dict[str, Any] = tomllib.loads(HERE.with_name("tasks.toml").read_text(encoding="utf-8"))
    return [(one["number"], one["name"], [_task(task) for task in one["task"]]) for one in told["patient"]]


def _task(told: dict[str, Any]) -> Task:
    lists = {name: tuple(told[name]) for name in ("headings", "titles", "facts")}
    return Task(**{**told, **lists})


def walked(page: Page, address: str, asked: list[tuple[str, str, list[Task]]]) -> Iterator[Found]:
    """Every task by every way, as the patients' own doctor."""
    page.goto(address)
    page.get_by_role("button", name="Log ind som Egen læge", exact=True).click()
    for number, name, tasks in asked:
        page.goto(address)
        page.get_by_label("Patientens CPR-nummer").fill(number)
        page.get_by_role("button", name="Vis overblik").click()
        base = page.url
        for task in tasks:
            yield name, task, tuple(way(page, base, task) for way in WAYS.values())


def table(found: list[Found]) -> Iterator[str]:
    """The result as a table, with the sum of what was found by every way."""
    yield f"| Patient | Question | {' | '.join(WAYS)} |"
    yield f"|---|---|{'---|' * len(WAYS)}"
    for name, task, walks in found:
        yield f"| {name} | {task.question} | {' | '.join(told(walk, task) for walk in walks)} |"
    everywhere = [walks for _, task, walks in found if all(is_done(walk, task) for walk in walks)]
    sums = [
        f"{sum(one.clicks for one in way)} · {sum(one.seconds for one in way):.0f} s"
        for way in zip(*everywhere, strict=True)
    ]
    yield f"| **Sum** | the {len(everywhere)} found by every way | {' | '.join(sums)} |"


def told(walk: Walk, task: Task) -> str:
    """Clicks and seconds, and how many documents were opened."""
    further = f" · {walk.pages - 1} opened" if walk.pages > 1 else ""
    done = "" if is_done(walk, task) else "**not found** · "
    return f"{done}{walk.clicks} · {walk.seconds:.0f} s{further}"


if __name__ == "__main__":
    sys.exit(main())
