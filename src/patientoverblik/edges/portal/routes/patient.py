"""A patient's pages: the overview, a document whole, all documents and versions, and who has looked."""

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Look, Refusal
from patientoverblik.edges.portal.answers import fault_page, page
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.present.desk import line_desk
from patientoverblik.edges.portal.present.documents import document_facts, looks, series
from patientoverblik.edges.portal.present.line import line_page
from patientoverblik.edges.portal.routes.desk import Counter, Visit, refused, with_visit
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.edges.portal.words import title_text
from patientoverblik.formats.cda.view import document_view
from patientoverblik.formats.model import Unread
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked


async def _overview(counter: Counter, _request: Request, visit: Visit) -> Response:
    view = visit.layout.view
    answer = await counter.acts.look(counter.house, visit.session.actor, visit.patient, visit.purpose, view)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    return overview_page(counter, visit, answer)


def overview_page(counter: Counter, visit: Visit, answer: Shown) -> Response:
    """The page of an overview that has been shown and written down."""
    on_behalf = _patient_name(answer) if visit.purpose == "on-behalf" else ""
    made = present(answer.overview, visit.layout, visit.base, visit.session.actor.name, on_behalf)
    surrounding = counter.frame(
        made.title, visit.session, links=visit.links(), logged=True, body=f"audience-{made.audience}", home=visit.base
    )
    return page("overview.html", surrounding, page=made)


async def _document(counter: Counter, request: Request, visit: Visit) -> Response:
    entry = request.path_params["entry"]
    answer = await counter.acts.retrieve(counter.house, visit.session.actor, visit.purpose, entry, visit.patient)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    read = document_view(answer.data)
    if isinstance(read, Unread):
        return fault_page(counter.assets, read.findings[0].code, visit.session, visit.purpose == "treatment")
    surrounding = counter.frame("Dokument", visit.session, links=visit.links(), logged=True)
    shown = {"title": title_text(read.title), "facts": document_facts(read), "sections": read.sections}
    note = "" if answer.entry.status == "approved" else "Dokumentet gælder ikke længere."
    return page("document.html", surrounding, document=shown, base=visit.base, note=note)


async def _line(counter: Counter, request: Request, visit: Visit) -> Response:
    asked = Asked(visit.session.actor, visit.patient, visit.purpose, visit.layout.view, counter.house.clock())
    answer = await counter.acts.explain(counter.house, asked, request.path_params["line"])
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    made = line_page(line_desk(answer.line, visit.layout, visit.base, asked.at), answer)
    surrounding = counter.frame("Hvor det står", visit.session, links=visit.links(), logged=True, home=visit.base)
    return page("line.html", surrounding, line=made, base=visit.base)


async def _documents(counter: Counter, _request: Request, visit: Visit) -> Response:
    answer = await counter.acts.list_documents(counter.house, visit.session.actor, visit.patient, visit.purpose)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    surrounding = counter.frame("Dokumenter", visit.session, links=visit.links(), logged=True)
    shown = series(answer.entries, visit.base)
    more = f"Siden viser de nyeste {len(answer.entries)} af {answer.total} dokumenter." if answer.next else ""
    return page("documents.html", surrounding, list=shown, base=visit.base, more=more)


async def _log(counter: Counter, _request: Request, visit: Visit) -> Response:
    answer: tuple[Look, ...] | Refusal = await counter.acts.log(counter.house, visit.session.actor, visit.patient)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    title = "Hvem har set dine oplysninger"
    surrounding = counter.frame(title, visit.session, links=visit.links())
    return page("log.html", surrounding, heading=title, looks=looks(answer, vocabulary("citizen")), base=visit.base)


def _patient_name(answer: Shown) -> str:
    patient = answer.overview.patient
    if patient is None or patient.name is None:
        return "patienten"
    return next(iter(patient.name.given), "") or patient.name.text or "patienten"


overview = with_visit(_overview)
line = with_visit(_line)
document = with_visit(_document)
documents = with_visit(_documents)
log = with_visit(_log)
