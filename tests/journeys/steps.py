"""The steps of a journey, in words: what is given, what the visitor does, and what must then hold of the page."""

from playwright.sync_api import Browser, Page

CPR = "2512489996"
WIDTHS = (1280, 390, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")]
  .filter(each => each.checkVisibility() && !each.classList.contains("skipnav"))
  .map(each => [each.textContent.trim() || each.name, Math.max(...[...each.getClientRects()].map(part => part.height)),
                Math.max(...[...each.getClientRects()].map(part => part.width))])
  .filter(([, high, wide]) => high < 24 || wide < 24)"""
VIOLATIONS = f"axe.run(document, {{runOnly: {RULES!r}, resultTypes: ['violations']}}).then(told => told.violations)"


class Visitor:
    """A person at a browser; every request, every line of the console and every address is kept for the end."""

    def __init__(self, browser: Browser, address: str, axe: str) -> None:
        self.address = address
        self._axe = axe
        self._context = browser.new_context(locale="da-DK", timezone_id="America/New_York")
        self.page: Page = self._context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.visited: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("framenavigated", lambda frame: self.visited.append(frame.url))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("console", self._heard)
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))

    def _heard(self, message) -> None:
        refused = "status of 40" in message.text
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)

    def leave(self) -> None:
        """Close the browser; nothing may have been asked of others, complained of, or told by an address."""
        self._context.close()
        assert not [url for url in self.asked if not url.startswith(self.address)], "asked somebody else"
        assert not self.complaints, self.complaints
        assert not [url for url in self.asked + self.visited if CPR in url or "251248" in url], "a number in an address"


def given_someone_logged_in(visitor: Visitor, who: str) -> None:
    visitor.page.goto(visitor.address)
    visitor.page.get_by_role("button", name=f"Log ind som {who}", exact=True).click()


def when_they_search_for(visitor: Visitor, number: str) -> None:
    visitor.page.get_by_label("Patientens CPR-nummer").fill(number)
    visitor.page.get_by_role("button", name="Vis overblik").click()


def when_they_follow(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("link", name=name).first.click()


def when_they_open(visitor: Visitor, text: str) -> None:
    visitor.page.locator("summary", has_text=text).first.click()


def then_the_heading_is(visitor: Visitor, text: str) -> None:
    shown = visitor.page.get_by_role("heading", level=1).inner_text()
    assert shown.replace("\u00ad", "") == text  # a sign that only says where a word may break


def then_they_see(visitor: Visitor, *texts: str) -> None:
    shown = visitor.page.locator("body").inner_text().replace("\u00a0", " ")
    for text in texts:
        assert text in shown, text


def then_they_do_not_see(visitor: Visitor, *texts: str) -> None:
    written = visitor.page.content()
    for text in texts:
        assert text not in written, text


def then_anyone_can_use_it(visitor: Visitor) -> None:
    """No violation of WCAG 2.1 A or AA at any width, and nothing to scroll sideways for (1.4.10)."""
    visitor.page.evaluate(f"{visitor._axe}; undefined")
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        found = visitor.page.evaluate(VIOLATIONS)
        assert not [(each["id"], [node["target"] for node in each["nodes"]]) for each in found], width
        wide = visitor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{wide} px too wide at {width}"


def given_a_phone(visitor: Visitor, width: int = 390) -> None:
    """What the visitor opens from now on opens as on a telephone, folded."""
    visitor.page.set_viewport_size({"width": width, "height": 800})


def then_it_can_be_used_as_it_stands(visitor: Visitor) -> None:
    """As it opened, with what is folded folded: no violation, nothing to scroll sideways for, and everything that can be
    tapped is 24 px high and wide or more (WCAG 2.2, 2.5.8)."""
    visitor.page.evaluate(f"{visitor._axe}; undefined")
    found = visitor.page.evaluate(VIOLATIONS)
    assert not [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
    assert visitor.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    small = visitor.page.evaluate(TOO_SMALL)
    assert not small, small


def then_a_screen_reader_is_told(visitor: Visitor, *things: str) -> None:
    """Things stand in the accessibility tree under their role and name; and no button has another's name."""
    told = visitor.page.locator("body").aria_snapshot()
    for thing in things:
        assert thing in told, f"{thing} in {told}"
    buttons = [line.strip() for line in told.splitlines() if line.strip().startswith(("- button", "- 'button"))]
    assert len(buttons) == len(set(buttons)), buttons


def then_the_title_names_nobody(visitor: Visitor) -> None:
    title = visitor.page.title()
    assert "251248" not in title
    assert "Nancy" not in title
