"""A record system at another site that opens the overview with the web component, and the service it opens."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from patientoverblik.access import Refusal
from patientoverblik.app.guarding import at_the_gate
from patientoverblik.app.login import once_in
from patientoverblik.app.settings import Settings
from patientoverblik.care import PersonName
from patientoverblik.edges.portal.portal import portal
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.service.house import House
from patientoverblik.service.model import Shown
from patientoverblik.sharing.model import PatientId
from tests.doors.embed.world import KEY, link, system
from tests.journeys.serving import Later, served
from tests.unit.portal import house as made
from tests.unit.portal import sample

ANNE, BENT = "pt-anne", "pt-bent"
NUMBERS = {ANNE: sample.CPR, BENT: "7102509989"}
NAMES = {made.KEY: "Anne", made.RELATIVE_KEY: "Bent"}
PAGE = """<!DOCTYPE html><html lang="da"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Journal</title>
<link rel="icon" href="data:,"><script src="{ours}/indlejret/samlet-patientoverblik.js" defer></script></head>
<body style="margin:0"><h1>Journalen</h1>
<main><samlet-patientoverblik patient="{patient}" link="/link"></samlet-patientoverblik></main></body></html>"""


class Slow:
    """What a test lets wait, in seconds: links by patient, and pages by patient key; and what links call patients."""

    def __init__(self) -> None:
        self.links: dict[str, float] = {}
        self.pages: dict[int, float] = {}
        self.refs: dict[str, str] = {}


def record_system(ours: str, own: str, slow: Slow) -> Starlette:
    """The record system: a page with the component, and the address that signs links for whoever is logged in there."""

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE.format(ours=ours, patient=request.query_params.get("p", ANNE)))

    async def signed(request: Request) -> Response:
        asked = (await request.json())["patient"]
        await asyncio.sleep(slow.links.get(asked, 0))
        if asked not in NUMBERS:
            return JSONResponse({}, 404)
        more = {"iss": own, "aud": ours, "patient": NUMBERS[asked], "ref": slow.refs.get(asked, asked)}
        return PlainTextResponse(link(int(time.time() * 1000), KEY, **more))

    return Starlette(routes=[Route("/", page), Route("/link", signed, methods=["POST"])])


def bare() -> Starlette:
    """A page of somebody else, with nothing on it."""
    empty = HTMLResponse(
        "<!DOCTYPE html><html lang='da'><title>Andre</title><link rel='icon' href='data:,'><body></body>"
    )
    return Starlette(routes=[Route("/", lambda _: empty)])


def service(ours: str, own: str, slow: Slow) -> Any:
    """The service behind its gate, opened by signed links of one record system."""
    inside, asked = house_of_two(slow)
    opened = msgspec.structs.replace(asked, systems=(system("epj", own, KEY, ours),), once=once_in(inside))
    return gated(inside, opened)


def house_of_two(slow: Slow) -> tuple[House, PortalSettings]:
    """A house with two patients, who are called Anne and Bent, and what its pages are given."""
    inside = made.house(clock=Now())
    inside.storage.act(lambda writing: writing.claim_patient(PatientId(made.CPR, NUMBERS[BENT]), made.RELATIVE_KEY))

    async def look(house: Any, actor: Any, patient: int, purpose: str, view: str) -> Any:
        await asyncio.sleep(slow.pages.get(patient, 0))
        if patient not in NAMES:
            return Refusal("no-relation", "access.no-relation")
        shown = sample.overview(view)
        named = msgspec.structs.replace(shown.patient, name=PersonName(given=(NAMES[patient],), family=("Prøve",)))
        return made.given(Shown, overview=msgspec.structs.replace(shown, patient=named), look="urn:uuid:look")

    acts = msgspec.structs.replace(made.acts(), look=look)
    return inside, made.settings(acts=acts, personas=())


def gated(inside: House, asked: PortalSettings) -> Any:
    """The pages behind the gate; nobody comes too often."""
    settings = Settings(database="memory:", demo=True, limit_address=0, limit_entry=0)
    return at_the_gate(settings, inside, portal(inside, asked))[0]


class Now(list[int]):
    """The machine's time, where a clock of one number is wanted."""

    def __getitem__(self, _: Any) -> Any:
        return int(time.time() * 1000)


@contextmanager
def both(slow: Slow) -> Iterator[tuple[str, str]]:
    """The service and the record system, at two sites: their addresses."""
    pages, journal = Later(), Later()
    with served(pages) as ours, served(journal) as there:
        own = there.replace("127.0.0.1", "localhost")  # another site, as browsers count sites
        pages.application, journal.application = service(ours, own, slow), record_system(ours, own, slow)
        yield ours, own
