"""The two ways to a fact, walked in a browser: the overview as it opens, or the documents of the list one by one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page
from tools.study.reading import Block, Task, Walk, clicked, is_done, mentions, on_new_page, read, typed, worth_reading

BLOCKS = Path(__file__).with_name("blocks.js").read_text(encoding="utf-8")
# Every document of the list that can be opened: title and organisation, address, the fold around it, if it is in force.
LISTED = """() => {
  const folds = Array.from(document.querySelectorAll("main details"));
  return Array.from(document.querySelectorAll(".series-of-documents li:has(a)")).map(each => {
    const part = each.closest("section"), chip = each.querySelector(".chip").textContent;
    return {
      title: `${part.querySelector("h2").innerText} ${part.querySelector("p").innerText}`,
      address: each.querySelector("a").getAttribute("href"),
      fold: folds.indexOf(each.closest("details")),
      current: chip.trim() === "Gælder",
    };
  });
}"""
WAITED = "performance.getEntriesByType('navigation')[0].duration / 1000"
OPEN = "number => { document.querySelectorAll('main details')[number].open = true; }"


@dataclass(frozen=True)
class Listed:
    """A document in the list."""

    title: str
    address: str
    fold: int
    current: bool


def by_overview(page: Page, base: str, task: Task) -> Walk:
    """Find a task's facts in the overview."""
    return read_page(page, task, gone(page, base, Walk()))


def by_search(page: Page, base: str, task: Task) -> Walk:
    """Find a task's facts in the overview by a word of the question in its search box; where that does not lead to
    them, by reading."""
    walk = typed(clicked(gone(page, base, Walk())), task.search)
    field = page.get_by_label("Søg på siden")
    field.fill(task.search)
    walk = read_page(page, task, walk)
    if is_done(walk, task):
        return walk
    field.fill("")
    return read_page(page, task, clicked(walk))


def by_right_document(page: Page, base: str, task: Task) -> Walk:
    """Find a task's facts in the documents in force, by a reader who knows which: those whose title or organisation has
    the task's words first, the more of them the sooner."""
    return _by_documents(page, base, task, lambda one: -sum(mentions(one.title, (word,)) for word in task.titles))


def by_every_document(page: Page, base: str, task: Task) -> Walk:
    """Find a task's facts in the documents in force, one by one as the list has them."""
    return _by_documents(page, base, task, lambda _: 0)


def _by_documents(page: Page, base: str, task: Task, order: Callable[[Listed], int]) -> Walk:
    walk = gone(page, f"{base}/dokumenter", Walk())
    documents = [one for one in (Listed(**each) for each in page.evaluate(LISTED)) if one.current]
    walk = read(walk, task, [Block(title) for title in dict.fromkeys(one.title for one in documents)])
    opened = {-1}
    for document in sorted(documents, key=order):
        if is_done(walk, task):
            break
        walk = walk if document.fold in opened else clicked(walk)
        opened.add(document.fold)
        walk = read_page(page, task, gone(page, urljoin(base, document.address), clicked(walk)))
        walk = walk if is_done(walk, task) else clicked(walk)  # back to the list
    return walk


def gone(page: Page, address: str, walk: Walk) -> Walk:
    """The reader goes to a page; what they wait is what the browser measures until it is whole."""
    page.goto(address)
    return on_new_page(walk, float(page.evaluate(WAITED)))


def read_page(page: Page, task: Task, walk: Walk) -> Walk:
    """Read a page: first what stands in view behind the right headings, then what is folded there, then all the rest,
    and last the other folds."""
    for everything in (False, True):
        walk = read(walk, task, _lines(page, task, everything))
        for fold in _folds(page, task, everything):
            if is_done(walk, task):
                return walk
            page.evaluate(OPEN, fold)
            walk = read(clicked(walk), task, _lines(page, task, everything))
    return walk


def _blocks(page: Page) -> list[Block]:
    return [Block(**each) for each in page.evaluate(BLOCKS)]


def _lines(page: Page, task: Task, everything: bool) -> Sequence[Block]:
    return [block for block, at_once in worth_reading(_blocks(page), task) if at_once or everything]


def _folds(page: Page, task: Task, everything: bool) -> Iterator[int]:
    """The folds of the lines read, one after another; opening one may show further ones."""
    opened: set[int] = set()
    while waiting := [line.fold for line in _lines(page, task, everything) if line.fold not in {-1, *opened}]:
        opened.add(waiting[0])
        yield waiting[0]
