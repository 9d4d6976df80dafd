"""Why: who can see the citizen's overview and on what ground, why a reader may see it, and what the patient is told."""

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Look, Refusal
from patientoverblik.edges.portal.answers import moved, page
from patientoverblik.edges.portal.page import Option
from patientoverblik.edges.portal.present.access import reasons, seer
from patientoverblik.edges.portal.present.documents import APPOINTMENTS, entry_text
from patientoverblik.edges.portal.routes.desk import Counter, Handler, Visit, refused, with_visit, with_visit_form
from patientoverblik.edges.portal.words import title_text
from patientoverblik.service import CanSee, Decided, Listed

WHO = "Hvem kan se det her, og hvorfor"
MINE = "Hvorfor kan jeg se det her?"


async def _who(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _shown(counter, visit, "")


async def _who_of(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    return await _shown(counter, visit, form.get("document", ""))


async def _mine(counter: Counter, _request: Request, visit: Visit) -> Response:
    actor, house = visit.session.actor, counter.house
    answer: Decided = await counter.acts.explain_access(house, actor, visit.patient, visit.purpose)
    if not answer.permitted:
        return refused(counter, visit, answer.code)
    surrounding = counter.frame(MINE, visit.session, links=visit.links(), home=visit.base, on_behalf=visit.reminder)
    return page("mine.html", surrounding, title=MINE, base=visit.base, facts=reasons(answer, visit.layout.words))


async def _acknowledged(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    for notice in dict.fromkeys(form.get("notice", "").splitlines() or [""]):
        answer = await counter.acts.seen(counter.house, visit.session.actor, visit.patient, notice)
        if isinstance(answer, Refusal):
            return refused(counter, visit, answer.code)
    return moved(visit.base)


async def _shown(counter: Counter, visit: Visit, document: str) -> Response:
    actor, house, acts = visit.session.actor, counter.house, counter.acts
    answer: tuple[CanSee, ...] | Refusal = await acts.who_can_see(house, actor, visit.patient, document)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    listed: Listed | Refusal = await acts.list_documents(house, actor, visit.patient, visit.purpose)
    if isinstance(listed, Refusal):
        return refused(counter, visit, listed.code)
    words, names = visit.layout.words, await _names(counter, visit)
    seers = [seer(each, number, words, names) for number, each in enumerate(answer, 1)]
    return page(
        "access.html",
        counter.frame(WHO, visit.session, links=visit.links(), home=visit.base),
        title=WHO,
        base=visit.base,
        places=[each for each in seers if each.place],
        people=[each for each in seers if not each.place],
        documents=(Option("", "Hele overblikket"), *_documents(listed)),
        document=document,
    )


async def _names(counter: Counter, visit: Visit) -> dict[int, str]:
    """The names that people who act for the citizen have looked under, by patient key."""
    found: tuple[Look, ...] | Refusal = await counter.acts.log(counter.house, visit.session.actor, visit.patient)
    looks = () if isinstance(found, Refusal) else found
    return {look.actor.person: look.actor.name for look in looks if look.actor.kind == "relative"}


def _documents(listed: Listed) -> tuple[Option, ...]:
    """The documents in force by title, appointments last: there are many of them."""
    current = [entry for entry in listed.entries if entry.status == "approved"]
    ordered = sorted(current, key=lambda each: (each.parts == APPOINTMENTS, title_text(each.title), -each.created))
    return tuple(Option(entry.uuid, entry_text(entry)) for entry in ordered)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/p/{handle}/adgang", with_visit(_who)),
    ("POST", "/p/{handle}/adgang", with_visit_form(_who_of)),
    ("GET", "/p/{handle}/hvorfor", with_visit(_mine)),
    ("POST", "/p/{handle}/beskeder", with_visit_form(_acknowledged)),
)
