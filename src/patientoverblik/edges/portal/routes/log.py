"""Who has looked: the log with its search, the log as a sheet, and what a look showed."""

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import LookAct, Refusal
from patientoverblik.edges.portal.answers import PRIVATE, page
from patientoverblik.edges.portal.layout import Layout, layout
from patientoverblik.edges.portal.page import Option
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.present.documents import printed_text
from patientoverblik.edges.portal.present.log import as_csv, looked, runs
from patientoverblik.edges.portal.present.replayed import replayed_text
from patientoverblik.edges.portal.routes.days import after_day, is_day, start_of
from patientoverblik.edges.portal.routes.desk import Counter, Handler, Visit, refused, with_visit, with_visit_form
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.service import Replayed
from patientoverblik.service.log import MOST, LogPage, Search

FIELDS = ("person", "organisation", "act", "since", "until", "overridden")
ACTS: tuple[tuple[LookAct, str], ...] = (
    ("overview", "Så det samlede overblik"),
    ("document", "Åbnede et dokument"),
    ("list", "Så listen over dokumenter"),
    ("handover-list", "Så en liste over overdragelser"),
    ("flag", "Fik at vide, om der er planer"),
    ("replay", "Så, hvad et opslag viste"),
    ("refused", "Fik afslag"),
)


async def _log(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _shown(counter, visit, {})


async def _search(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    return await _shown(counter, visit, form)


async def _sheet(counter: Counter, _request: Request, visit: Visit) -> Response:
    answer = await _found(counter, visit, Search(size=MOST))
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    words = _words(visit)
    body = as_csv([looked(each, words, "") for each in answer.entries])
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="opslag.csv"'}
    return Response(body, 200, headers, "text/csv; charset=utf-8")


async def _replayed(counter: Counter, request: Request, visit: Visit) -> Response:
    actor, wanted = visit.session.actor, request.path_params["look"]
    answer: Replayed | Refusal = await counter.acts.replay(counter.house, actor, visit.patient, wanted)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    return replay_page(counter, visit, answer, f"{visit.base}/opslag")


def replay_page(counter: Counter, visit: Visit, answer: Replayed, back: str) -> Response:
    """What a look showed, on the page it was shown on, under a bar that says so."""
    as_seen = _seen_on(answer)
    made = present(answer.overview, as_seen, visit.base)
    surrounding = counter.frame(
        "Sådan så det ud", visit.session, links=visit.links(), logged=True, body=f"audience-{as_seen.audience}"
    )
    return page("replay.html", surrounding, page=made, told=replayed_text(answer), back=back)


async def _shown(counter: Counter, visit: Visit, form: dict[str, str]) -> Response:
    search = _asked(form)
    answer = await _found(counter, visit, search)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    words = _words(visit)
    title = words.word("log", "title")
    return page(
        "log.html",
        counter.frame(title, visit.session, links=visit.links(), home=visit.base, on_behalf=visit.reminder),
        heading=title,
        printed=printed_text(visit.session.actor.name, counter.house.clock()),
        intro=words.word("log", "intro"),
        runs=runs(looked(each, words, visit.base, visit.purpose == "own-overview") for each in answer.entries),
        total=answer.total,
        next=answer.next,
        form={name: form.get(name, "") for name in FIELDS},
        searching=any(form.get(name) for name in FIELDS),
        acts=(Option("", "Alt"), *[Option(value, text) for value, text in ACTS]),
        base=visit.base,
    )


async def _found(counter: Counter, visit: Visit, search: Search) -> LogPage | Refusal:
    answer: LogPage | Refusal = await counter.acts.log_page(counter.house, visit.session.actor, visit.patient, search)
    return answer


def _asked(form: dict[str, str]) -> Search:
    """What the form looks for; a day that is none is left out."""
    return Search(
        since=start_of(form.get("since", "")) if is_day(form.get("since", "")) else 0,
        until=after_day(form.get("until", "")) if is_day(form.get("until", "")) else 0,
        organisation=form.get("organisation", ""),
        person=form.get("person", ""),
        act=next((value for value, _ in ACTS if value == form.get("act")), ""),
        overridden=form.get("overridden") == "on",
        after=form.get("after", ""),
    )


def _words(visit: Visit) -> Vocabulary:
    return visit.layout.words


def _seen_on(answer: Replayed) -> Layout:
    """The page the look was made on; one that no longer is there is shown on the professional's."""
    name = answer.overview.view.partition("/")[0]
    return layout(name if name in ("professional", "citizen", "relative") else "professional")


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/p/{handle}/opslag", with_visit(_log)),
    ("POST", "/p/{handle}/opslag", with_visit_form(_search)),
    ("GET", "/p/{handle}/opslag.csv", with_visit(_sheet)),
    ("GET", "/p/{handle}/opslag/{look}", with_visit(_replayed)),
)
