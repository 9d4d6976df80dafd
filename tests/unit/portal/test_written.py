"""A page whose parts were written before is the page that would be written now."""

from msgspec import structs

from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.page import Page
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.render import Frame, render
from patientoverblik.edges.portal.written import written_page
from patientoverblik.overview import Overview
from tests.unit.portal import sample

DAY = 24 * 3600 * 1000
FRAME = Frame("", "", "", "", "", "")


def html(made: Page) -> str:
    return render("overview.html", FRAME, page=made)


def both(shown: Overview, reader: str, base: str = "/p/h") -> tuple[str, str]:
    """The page with its parts as they are kept, and with nothing kept."""
    return html(written_page(shown, layout(reader), base)), html(present(shown, layout(reader), base))


def test_written_and_presented_are_the_same_page_for_every_reader():
    for reader in ("professional", "citizen", "relative"):
        shown = sample.overview(reader)
        for _ in range(2):
            written, presented = both(shown, reader)
            assert written == presented


def test_the_next_day_is_said_otherwise():
    shown = sample.overview()
    pages = [both(structs.replace(shown, at=at), "professional") for at in range(shown.at, shown.at + 9 * DAY, DAY)]
    assert all(written == presented for written, presented in pages)
    parts = {presented.partition("<nav")[2] for _, presented in pages}
    assert len(parts) > 1, "the sample says nothing that depends on the day"


def test_what_changes_by_the_minute_is_written_each_time():
    shown = sample.overview()
    heard = tuple(structs.replace(source, at=source.at + 60_000) for source in shown.sources)
    for each in (
        shown,
        structs.replace(shown, at=shown.at + 60_000, sources=heard),
        structs.replace(shown, filtered=True),
    ):
        written, presented = both(each, "professional")
        assert written == presented


def test_a_reader_with_another_address_gets_no_others_links():
    shown = sample.overview()
    both(shown, "professional", "/p/one")
    assert "/p/one" not in both(shown, "professional", "/p/two")[0].replace("&#x2f;", "/")
