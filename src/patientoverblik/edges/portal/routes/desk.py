"""What every page handler is given: the house, the settings, the assets, and who is asking."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Permit, Purpose, Session
from patientoverblik.edges.portal.answers import fault_page
from patientoverblik.edges.portal.answers import frame as make_frame
from patientoverblik.edges.portal.assets import Assets
from patientoverblik.edges.portal.layout import Layout, layout
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.render import Frame
from patientoverblik.edges.portal.routes.bounded import body_within
from patientoverblik.edges.portal.sessions import current, patient_of, same, used
from patientoverblik.edges.portal.settings import Acts, PortalSettings
from patientoverblik.problems import Fault
from patientoverblik.service.capacity import purpose_with
from patientoverblik.service.evidence import ask
from patientoverblik.service.house import House

LAYOUTS = {"treatment": "professional", "own-overview": "citizen", "on-behalf": "relative"}
LARGEST_FORM = 131_072  # the longest holds what an app asked for, written twice over
MOST_FIELDS = 20
AGAIN = "igen"  # a page that asks for itself anew is no use of the session
Handler = Callable[["Counter", Request], Awaitable[Response]]


class Counter(msgspec.Struct, frozen=True):
    """Where a request is served: everything a handler may use."""

    house: House
    settings: PortalSettings
    acts: Acts
    assets: Assets

    def frame(self, title: str, session: Session | None, **more: Any) -> Frame:
        """What surrounds a page for this reader."""
        invented = bool(self.settings.personas)
        return make_frame(self.assets, title, session, self.house.clock(), invented=invented, **more)


class Visit(msgspec.Struct, frozen=True):
    """A reader with one patient before them: the session, the handle, the patient key, in what capacity, whether apps
    are registered here, and whether they may decide on blocks in the patient's place."""

    session: Session
    handle: str
    patient: int
    purpose: Purpose
    apps: bool = False
    decides: bool = False

    @property
    def base(self) -> str:
        """The patient's address on the pages, or inside a record system."""
        embedding = self.session.embedding
        return embedding.path if embedding else f"/p/{self.handle}"

    @property
    def layout(self) -> Layout:
        """The page for this kind of reader."""
        return layout(LAYOUTS[self.purpose])

    @property
    def reminder(self) -> str:
        """What somebody who acts for another is reminded of on every page; empty for others."""
        return self.layout.words.word("capacity", "somebody") if self.purpose == "on-behalf" else ""

    def links(self) -> tuple[Link, ...]:
        """Where the reader can go from here."""
        if self.purpose == "own-overview":
            return (
                Link("Dit overblik", self.base),
                Link("Hvem har set dine oplysninger", f"{self.base}/opslag"),
                Link("Henvendelser", f"{self.base}/henvendelser"),
                Link("Spærringer", f"{self.base}/spaerringer"),
                *((Link("Apps med adgang", "/apps"),) if self.apps else ()),
            )
        found = (
            Link("Overblikket", self.base),
            Link("Henvendelser", f"{self.base}/henvendelser"),
            Link("Dokumenter", f"{self.base}/dokumenter"),
        )
        if self.purpose == "on-behalf":
            deciding = (Link("Spærringer", f"{self.base}/spaerringer"),) if self.decides else ()
            seen = Link("Hvem har set oplysningerne", f"{self.base}/opslag")
            return (*found, seen, *deciding, Link("Skift person", "/"))
        here = (*found, Link("Overdragelser", f"{self.base}/overdragelser"))
        if self.session.embedding:
            return here
        return (*here, Link("Arbejdsliste", "/arbejdsliste"), Link("Find en anden patient", "/"))


def with_session(handler: Callable[[Counter, Request, Session], Awaitable[Response]]) -> Handler:
    """A handler that needs somebody logged in; others are told to log in."""

    async def guarded(counter: Counter, request: Request) -> Response:
        session = current(counter.house, request)
        if session is None:
            return fault_page(counter.assets, "portal.session-ended")
        if AGAIN not in request.query_params:
            session = await used(counter.house, session, counter.settings)
        return await handler(counter, request, session)

    return guarded


def with_form(handler: Callable[[Counter, Request, Session, dict[str, str]], Awaitable[Response]]) -> Handler:
    """A handler of a form: somebody logged in, and the form's token is the session's own."""

    async def guarded(counter: Counter, request: Request, session: Session) -> Response:
        form = await read_form(request)
        if not same(form.get("csrf", ""), session.csrf):
            return fault_page(counter.assets, "portal.form-expired", session)
        return await handler(counter, request, session, form)

    return with_session(guarded)


def with_visit(handler: Callable[[Counter, Request, Visit], Awaitable[Response]]) -> Handler:
    """A handler that needs a patient: the handle must be this session's own."""

    async def guarded(counter: Counter, request: Request, session: Session) -> Response:
        handle = request.path_params["handle"]
        key = patient_of(counter.house, session, handle)
        if key is None:
            return fault_page(counter.assets, "portal.not-found", session)
        return await handler(counter, request, visit(counter, session, handle, key))

    return with_session(guarded)


def with_visit_form(handler: Callable[[Counter, Request, Visit, dict[str, str]], Awaitable[Response]]) -> Handler:
    """A handler of a form about a patient: both the handle and the form's token are this session's own."""

    async def guarded(counter: Counter, request: Request, session: Session, form: dict[str, str]) -> Response:
        handle = request.path_params["handle"]
        key = patient_of(counter.house, session, handle)
        if key is None:
            return fault_page(counter.assets, "portal.not-found", session)
        return await handler(counter, request, visit(counter, session, handle, key), form)

    return with_form(guarded)


def visit(counter: Counter, session: Session, handle: str, key: int) -> Visit:
    """The reader with this patient, in the capacity they have."""
    reader, actor = counter.house.storage.reader(), session.actor
    purpose = purpose_with(reader, actor, key)
    decides = purpose == "on-behalf" and isinstance(
        ask(counter.house, reader, actor, key, "blocking", counter.house.clock()), Permit
    )
    return Visit(session, handle, key, purpose, counter.settings.tokens.server is not None, decides)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form as our pages send it; none of what is of another kind. One that is too long is a fault
    (``portal.too-large``)."""
    body = await body_within(request, LARGEST_FORM)
    if body is None:
        raise Fault("portal.too-large")
    try:
        return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def refused(counter: Counter, reader: Visit, code: str) -> Response:
    """The one refusal a professional without access meets, whoever the patient is; all else is told as it is."""
    professional = reader.purpose == "treatment"
    hidden = professional and code.startswith("access.")
    told = "portal.refused" if hidden else code
    actor = reader.session.actor
    in_person = hidden and actor.kind == "professional" and actor.principal is None
    offer = Link("Ophæv spærring (værdispring)", f"{reader.base}/vaerdispring") if in_person else None
    back = None if code.startswith("access.") else Link("Tilbage til overblikket", reader.base)
    return fault_page(counter.assets, told, reader.session, technical=professional, offer=offer, back=back)
