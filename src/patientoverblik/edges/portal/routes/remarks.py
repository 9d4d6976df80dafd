"""The patient says that a line is not right, or asks before an appointment; the party that owns it answers."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Refusal
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.present.desk import line_desk
from patientoverblik.edges.portal.present.remarks import remark_line
from patientoverblik.edges.portal.render import Frame
from patientoverblik.edges.portal.routes.desk import Counter, Handler, Visit, refused, with_visit, with_visit_form
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.model import Explained
from patientoverblik.service.picture import Asked
from patientoverblik.service.remark import Remark, RemarkKind

KINDS: Mapping[str, RemarkKind] = {"not-right": "not-right", "question": "question"}
OF_THE_FORM = ("service.no-words", "service.too-many-words")
ADDRESS = "/p/{handle}/henvendelser"
LINE = "/p/{handle}/linje/{line}/passer-ikke"
Faults = tuple[dict[str, str], ...]


async def _form(counter: Counter, request: Request, visit: Visit) -> Response:
    return await _asking(counter, visit, request.path_params["line"], {}, ())


async def _written(counter: Counter, request: Request, visit: Visit, form: dict[str, str]) -> Response:
    line, kind = request.path_params["line"], KINDS.get(form.get("kind", ""))
    if kind is None:
        return await _asking(counter, visit, line, form, ({"href": "#kind-not-right", "text": "Vælg, hvad det er"},))
    answer = await counter.acts.put_remark(counter.house, _asked(counter, visit), line, kind, form.get("words", ""))
    if isinstance(answer, Refusal) and answer.code in OF_THE_FORM:
        return await _asking(counter, visit, line, form, _at_words(answer))
    return refused(counter, visit, answer.code) if isinstance(answer, Refusal) else moved(f"{visit.base}/henvendelser")


async def _asking(counter: Counter, visit: Visit, line: str, form: Mapping[str, str], missing: Faults) -> Response:
    """The form under the line it is about."""
    if visit.purpose == "treatment":
        return fault_page(counter.assets, "portal.not-found", visit.session)
    asked = _asked(counter, visit)
    answer: Explained | Refusal = await counter.acts.explain(counter.house, asked, line)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    shown, known = answer.line, "question" if answer.line.kind == "appointment" else "not-right"
    return page(
        "remark.html",
        _frame(counter, visit, "Det passer ikke, eller jeg vil spørge"),
        400 if missing else 200,
        base=visit.base,
        line=line,
        words=line_desk(shown, visit.layout, visit.base, asked.at).said(shown.id).words,
        to=shown.attribution.organisation,
        form={"kind": form.get("kind", known), "words": form.get("words", "")},
        missing=missing,
    )


async def _list(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _shown(counter, visit, ())


async def _answered(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    answer = await counter.acts.answer_remark(
        counter.house,
        visit.session.actor,
        visit.patient,
        visit.purpose,
        form.get("remark", ""),
        form.get("words", ""),
        form.get("action") == "close",
    )
    if isinstance(answer, Refusal) and answer.code in OF_THE_FORM:
        return await _shown(counter, visit, _at_words(answer))
    return refused(counter, visit, answer.code) if isinstance(answer, Refusal) else moved(f"{visit.base}/henvendelser")


async def _shown(counter: Counter, visit: Visit, missing: Faults) -> Response:
    found: tuple[Remark, ...] | Refusal = await counter.acts.remarks(
        counter.house, visit.session.actor, visit.patient, visit.purpose
    )
    if isinstance(found, Refusal):
        return refused(counter, visit, found.code)
    words, citizen = visit.layout.words, visit.purpose != "treatment"
    title = words.word("remark", "title")
    lines = [remark_line(each, words, citizen) for each in found]
    return page(
        "remarks.html",
        _frame(counter, visit, title),
        400 if missing else 200,
        base=visit.base,
        heading=title,
        intro=words.word("remark", "intro"),
        going=[each for each in lines if each.closes],
        over=[each for each in lines if not each.closes],
        citizen=citizen,
        missing=missing,
    )


def _frame(counter: Counter, visit: Visit, title: str) -> Frame:
    return counter.frame(
        title, visit.session, links=visit.links(), home=visit.base, logged=True, on_behalf=visit.reminder
    )


def _asked(counter: Counter, visit: Visit) -> Asked:
    return Asked(visit.session.actor, visit.patient, visit.purpose, visit.layout.view, counter.house.clock())


def _at_words(answer: Refusal) -> Faults:
    return ({"href": "#words", "text": CATALOGUE[answer.code].da},)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", LINE, with_visit(_form)),
    ("POST", LINE, with_visit_form(_written)),
    ("GET", ADDRESS, with_visit(_list)),
    ("POST", ADDRESS, with_visit_form(_answered)),
)
