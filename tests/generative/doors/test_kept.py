"""What is kept between looks changes no answer: warm or cold, whoever asked before, whenever, whatever was blocked."""

import msgspec
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Refusal
from patientoverblik.edges.portal import encoded, written
from patientoverblik.edges.portal.encoded import overview_json
from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.render import Frame, render
from patientoverblik.edges.portal.routes.desk import LAYOUTS
from patientoverblik.edges.portal.written import written_page
from patientoverblik.overview import Overview, prepare
from patientoverblik.overview.build import _DRAWN
from patientoverblik.service import House, look
from patientoverblik.service.draw import _SCREENED
from tests.generative.doors.doors import PURPOSES, Reader
from tests.generative.doors.test_non_interference import READERS, STORIES, blocks
from tests.generative.doors.worlds import furnished, power, whose
from tests.unit.service.make import run

FRAME = Frame("", "", "", "", "", "")
HOUR = 3_600_000
AWAY = (-24 * 400, -24, -5, 0, 5, 24, 24 * 400)
WINDOWS = st.sampled_from(["/p/one", "/p/two"])
SCOPES = (("plans",), ("plans", "appointments", "psychiatry"), ("card", "measurements", "relatives"))


class Answer(msgspec.Struct):
    """What a reader gets of one look: the JSON and the page, or the refusal's code."""

    json: bytes = b""
    page: str = ""
    code: str = ""


def forget() -> None:
    """Forget everything that is kept."""
    for kept in (_DRAWN, _SCREENED, encoded._KEPT, written._KEPT):
        kept.clear()
    prepare._facts_of.cache_clear()


def answer(house: House, story: tuple, reader: Reader, at: int, base: str) -> Answer:
    shown = seen(house, story, reader, at)
    if isinstance(shown, str):
        return Answer(code=shown)
    return Answer(overview_json(shown), page(written_page(shown, layout(name_of(reader)), base)))


def plainly(house: House, story: tuple, reader: Reader, at: int, base: str) -> Answer:
    """The same with nothing kept of pages and texts."""
    forget()
    shown = seen(house, story, reader, at)
    if isinstance(shown, str):
        return Answer(code=shown)
    made = present(shown, layout(name_of(reader)), base)
    return Answer(msgspec.json.encode(shown), page(made))


def seen(house: House, story: tuple, reader: Reader, at: int) -> Overview | str:
    then = msgspec.structs.replace(house, clock=lambda: at)
    purpose = PURPOSES[reader.actor.kind]
    shown = run(look(then, reader.actor, whose(story), purpose, layout(LAYOUTS[purpose]).view))
    return shown.code if isinstance(shown, Refusal) else shown.overview


def name_of(reader: Reader) -> str:
    return LAYOUTS[PURPOSES[reader.actor.kind]]


def page(made: object) -> str:
    return render("overview.html", FRAME, page=made)


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.data(), st.sampled_from(STORIES), st.sampled_from(READERS))
def test_what_is_kept_changes_no_answer(data: st.DataObject, story: tuple, first: Reader) -> None:
    """One reader again and again, others between; minutes, days and a year apart, blocked or not, from two windows."""
    powers = (power(*data.draw(st.sampled_from(SCOPES))),)
    worlds = [furnished(story, blocks=made, powers=powers) for made in ((), data.draw(blocks(story)))]
    begin = worlds[0].clock()
    moments = st.sampled_from([begin + hours * HOUR for hours in AWAY] + [begin + 60_000, begin + HOUR // 3])
    question = st.tuples(st.sampled_from(worlds), st.sampled_from([first, first, *READERS]), moments, WINDOWS)
    asked = data.draw(st.lists(question, min_size=4, max_size=8))
    forget()
    warm = [answer(world, story, *rest) for world, *rest in asked]
    assert warm == [plainly(world, story, *rest) for world, *rest in asked]
