"""A patient's pages: the overview, a document whole, and all documents and versions."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Notice, Refusal
from patientoverblik.edges.portal.answers import fault_page, page
from patientoverblik.edges.portal.present.desk import desk, line_desk
from patientoverblik.edges.portal.present.documents import document_facts, printed_text, series
from patientoverblik.edges.portal.present.line import line_page
from patientoverblik.edges.portal.present.standing import override_bar, seconds_left, with_news, with_standing
from patientoverblik.edges.portal.render import Frame
from patientoverblik.edges.portal.routes.desk import Counter, Visit, refused, with_visit
from patientoverblik.edges.portal.words import title_text
from patientoverblik.edges.portal.written import written_page
from patientoverblik.formats.cda.view import document_view
from patientoverblik.formats.model import Unread
from patientoverblik.service.evidence import gather, opening_for
from patientoverblik.service.model import Explained, Listed, Retrieved, Shown
from patientoverblik.service.picture import Asked


async def _overview(counter: Counter, _request: Request, visit: Visit) -> Response:
    view = visit.layout.view
    answer = await counter.acts.look(counter.house, visit.session.actor, visit.patient, visit.purpose, view)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    return overview_page(counter, visit, answer, await _messages(counter, visit))


async def _messages(counter: Counter, visit: Visit) -> tuple[Notice, ...]:
    """What the citizen is told at once; nobody else is told of it on an overview."""
    if visit.purpose != "own-overview":
        return ()
    found: tuple[Notice, ...] | Refusal = await counter.acts.notices(counter.house, visit.session.actor, visit.patient)
    return () if isinstance(found, Refusal) else found


def overview_page(counter: Counter, visit: Visit, answer: Shown, messages: tuple[Notice, ...] = ()) -> Response:
    """The page of an overview that has been shown and written down, with the patient's messages above it."""
    on_behalf = _patient_name(answer) if visit.purpose == "on-behalf" else ""
    layout, name = visit.layout, visit.session.actor.name
    made = with_standing(
        written_page(answer.overview, layout, visit.base, name, on_behalf, answer.rule),
        answer,
        layout.words,
        visit.base,
        messages,
    )
    made = with_news(made, answer, layout.words, desk(answer.overview, layout, visit.base, on_behalf))
    bar = made.person_bar if on_behalf else ""
    surrounding = _frame(counter, visit, made.title, answer, on_behalf=bar, body=f"audience-{made.audience}")
    return page("overview.html", surrounding, page=made)


async def _document(counter: Counter, request: Request, visit: Visit) -> Response:
    entry = request.path_params["entry"]
    answer = await counter.acts.retrieve(counter.house, visit.session.actor, visit.purpose, entry, visit.patient)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    read = document_view(answer.data)
    if isinstance(read, Unread):
        return fault_page(counter.assets, read.findings[0].code, visit.session, visit.purpose == "treatment")
    surrounding = _frame(counter, visit, "Dokument", answer)
    shown = {"title": title_text(read.title), "facts": document_facts(read), "sections": read.sections}
    note = "" if answer.entry.status == "approved" else "Dokumentet gælder ikke længere."
    printed = printed_text(visit.session.actor.name, counter.house.clock())
    return page("document.html", surrounding, document=shown, base=visit.base, note=note, printed=printed)


async def _line(counter: Counter, request: Request, visit: Visit) -> Response:
    asked = Asked(visit.session.actor, visit.patient, visit.purpose, visit.layout.view, counter.house.clock())
    answer = await counter.acts.explain(counter.house, asked, request.path_params["line"])
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    made = line_page(line_desk(answer.line, visit.layout, visit.base, asked.at), answer)
    surrounding = _frame(counter, visit, "Hvor det står", answer)
    return page("line.html", surrounding, line=made, base=visit.base)


async def _documents(counter: Counter, _request: Request, visit: Visit) -> Response:
    answer = await counter.acts.list_documents(counter.house, visit.session.actor, visit.patient, visit.purpose)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    surrounding = _frame(counter, visit, "Dokumenter", answer)
    shown = series(answer.entries, visit.base)
    more = f"Siden viser de nyeste {len(answer.entries)} af {answer.total} dokumenter." if answer.next else ""
    return page("documents.html", surrounding, list=shown, base=visit.base, more=more)


def _frame(
    counter: Counter, visit: Visit, title: str, answer: Shown | Listed | Retrieved | Explained, **more: Any
) -> Frame:
    """What surrounds a page of a patient: on what the reader stands, and when what they see must be asked for anew."""
    around = {
        "links": visit.links(),
        "logged": True,
        "home": visit.base,
        "permit_seconds": seconds_left(answer.asked_again_at, counter.house.clock()),
        "override": override_bar(answer, visit.layout.words, _override_ends(counter, visit, answer)),
        "on_behalf": visit.reminder,
    }
    return counter.frame(title, visit.session, **{**around, **more})


def _override_ends(counter: Counter, visit: Visit, answer: Shown | Listed | Retrieved | Explained) -> int:
    """When the override that an answer stands on ends (ms UTC); one that has ended meanwhile ends now."""
    now = counter.house.clock()
    if answer.override is None:
        return now
    opening = opening_for(gather(counter.house.storage.reader(), visit.patient), visit.session.actor, now)
    return opening.until if opening else now


def _patient_name(answer: Shown) -> str:
    patient = answer.overview.patient
    if patient is None or patient.name is None:
        return "patienten"
    return next(iter(patient.name.given), "") or patient.name.text or "patienten"


overview = with_visit(_overview)
line = with_visit(_line)
document = with_visit(_document)
documents = with_visit(_documents)
