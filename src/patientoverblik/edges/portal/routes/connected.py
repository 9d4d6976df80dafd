"""Who is connected: which parties share which kinds of documents since when, and which do not yet.

It is the configuration that the overview's list of sources follows from, the same for every patient (DESIGN 13), so
that it can be told to anybody who is logged in.
"""

from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Session
from patientoverblik.edges.portal.answers import page
from patientoverblik.edges.portal.dates import day_text, lately_text
from patientoverblik.edges.portal.page import Link, Source
from patientoverblik.edges.portal.present.absence import source_chip
from patientoverblik.edges.portal.routes.desk import Counter, Handler, with_session
from patientoverblik.edges.portal.vocabulary import Vocabulary, vocabulary
from patientoverblik.edges.portal.words import joined, listed
from patientoverblik.overview import SourceState
from patientoverblik.service.sources import source_states

TITLE = "Hvem er tilsluttet"


async def _connected(counter: Counter, _request: Request, session: Session) -> Response:
    house, words = counter.house, vocabulary("citizen")
    since = {source.id: source.since for source in house.sources}
    states = source_states(house.sources, house.storage.reader().source_times(), house.clock())
    made = [(state.state, _source(state, since[state.id], words, house.clock())) for state in states]
    return page(
        "connected.html",
        counter.frame(TITLE, session, links=(Link("Forsiden", "/"),)),
        title=TITLE,
        connected=[source for state, source in made if state != "not-connected"],
        waiting=[source for state, source in made if state == "not-connected"],
    )


def _source(state: SourceState, since: str, words: Vocabulary, now: int) -> Source:
    """One party: what it shares, since when, and when it was last heard from."""
    kinds = listed(words.word("document-kind", kind, kind) for kind in state.kinds)
    started = f"siden {day_text(date.fromisoformat(since))}" if since else ""
    shares = joined((f"Deler {kinds}" if kinds else "", started), " ") if state.state != "not-connected" else ""
    heard = f"Sidst hørt fra {lately_text(state.at, now)}" if state.at else ""
    text = joined((shares, heard), ". ")
    chip = msgspec.structs.replace(source_chip(state, words), text=words.word("connected", state.state))
    return Source(state.name, words.word("sector", state.sector, state.sector), chip, text)


ROUTES: tuple[tuple[str, str, Handler], ...] = (("GET", "/tilsluttet", with_session(_connected)),)
