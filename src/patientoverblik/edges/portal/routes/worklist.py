"""The worklist of a professional's organisation, and the handovers of one patient to answer."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Refusal, Session
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.page import Link, Option
from patientoverblik.edges.portal.present.worklist import asked_line, item_line
from patientoverblik.edges.portal.routes.desk import (
    Counter,
    Handler,
    Visit,
    refused,
    with_form,
    with_session,
    with_visit,
    with_visit_form,
)
from patientoverblik.edges.portal.sessions import handle_of
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.handover import Answer, Asked
from patientoverblik.service.model import Refused
from patientoverblik.service.work import Work, WorkKind
from patientoverblik.service.worklist import OWN, PAGE, Due, Wanted, WorkList

ADDRESS = "/arbejdsliste"
HANDOVERS = "/p/{handle}/overdragelser"
TITLE = "Arbejdsliste"
KINDS: tuple[WorkKind, ...] = ("handover", "remark", "deadline", "plan", "goal")
DUE: Mapping[str, Due] = {"naer": "near", "overskredet": "past"}
ANSWERS: Mapping[str, Answer] = {"accepted": "accepted", "declined": "declined", "started": "started"}
PAGES = ("overdragelser", "henvendelser")
OF_THE_FORM = ("service.no-decline-reason", "service.too-many-words")


async def _list(counter: Counter, request: Request, session: Session) -> Response:
    asked = request.query_params
    wanted = Wanted(
        kind=next((kind for kind in KINDS if kind == asked.get("slags")), ""),
        unread=asked.get("nyt") == "on",
        due=DUE.get(asked.get("frist", ""), ""),
        unit=asked.get("enhed", OWN),
        after=_number(asked.get("efter", "")),
    )
    answer: WorkList | Refusal = await counter.acts.work_list(counter.house, session.actor, wanted)
    if isinstance(answer, Refusal):
        return fault_page(counter.assets, answer.code, session, technical=True)
    words, shown = vocabulary("professional"), wanted.after + len(answer.items)
    again = {name: asked[name] for name in ("slags", "nyt", "frist", "enhed") if name in asked}
    more = f"{ADDRESS}?{urlencode({**again, 'efter': shown})}" if shown < answer.total else ""
    counts = [f"{words.word('work-many', kind)}: {answer.counts[kind]}" for kind in KINDS if answer.counts.get(kind)]
    return page(
        "worklist.html",
        counter.frame(TITLE, session, links=(Link("Find en patient", "/"),)),
        items=[item_line(each, words, counter.house.clock()) for each in answer.items],
        total=answer.total,
        counts=counts,
        unread=answer.unread,
        follow_ups=answer.follow_ups,
        kinds=[Option("", "Alt"), *[Option(kind, words.word("work-many", kind)) for kind in KINDS]],
        units=[Option("", "Alle"), *[Option(*unit) for unit in answer.units]] if len(answer.units) > 1 else [],
        chosen={"enhed": answer.unit, "slags": wanted.kind, "nyt": wanted.unread, "frist": asked.get("frist", "")},
        more=more,
        page_size=PAGE,
    )


async def _read(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    answer = await counter.acts.mark_read(counter.house, session.actor, form.get("work", "").splitlines())
    if isinstance(answer, Refusal):
        return fault_page(counter.assets, answer.code, session, technical=True)
    return moved(ADDRESS)


async def _open(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    """On to the patient an item is about: under a handle, as any other patient."""
    found: Work | Refusal = await counter.acts.work_item(counter.house, session.actor, form.get("work", ""))
    if isinstance(found, Refusal):
        return fault_page(counter.assets, found.code, session, technical=True)
    to, handle = form.get("to", ""), await handle_of(counter.house, session, found.patient)
    return moved(f"/p/{handle}/{to}" if to in PAGES else f"/p/{handle}")


async def _handovers(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _shown(counter, visit, ())


async def _answered(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    answer, line = ANSWERS.get(form.get("answer", "")), form.get("line", "")
    if answer is None or visit.purpose != "treatment":
        return moved(f"{visit.base}/overdragelser")
    made = await counter.acts.answer_handover(
        counter.house, visit.session.actor, visit.patient, line, answer, form.get("reason", "")
    )
    if isinstance(made, Refusal) and made.code in OF_THE_FORM:
        return await _shown(counter, visit, ({"href": f"#reason-{line}", "text": CATALOGUE[made.code].da},))
    if isinstance(made, Refusal):
        return refused(counter, visit, made.code)
    if isinstance(made, Refused):
        return fault_page(counter.assets, made.code, visit.session, technical=True)
    return moved(f"{visit.base}/overdragelser")


async def _shown(counter: Counter, visit: Visit, missing: tuple[dict[str, str], ...]) -> Response:
    if visit.purpose != "treatment":
        return fault_page(counter.assets, "portal.not-found", visit.session)
    found: tuple[Asked, ...] | Refusal = await counter.acts.handovers(counter.house, visit.session.actor, visit.patient)
    if isinstance(found, Refusal):
        return refused(counter, visit, found.code)
    words = visit.layout.words
    return page(
        "handovers.html",
        counter.frame("Overdragelser", visit.session, links=visit.links(), home=visit.base, logged=True),
        400 if missing else 200,
        base=visit.base,
        items=[asked_line(each, words, counter.house.clock()) for each in found],
        answers={name: words.word("handover-answer", name) for name in ANSWERS},
        missing=missing,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", ADDRESS, with_session(_list)),
    ("POST", f"{ADDRESS}/laest", with_form(_read)),
    ("POST", f"{ADDRESS}/aabn", with_form(_open)),
    ("GET", HANDOVERS, with_visit(_handovers)),
    ("POST", HANDOVERS, with_visit_form(_answered)),
)
