"""An override ("værdispring") on the pages: a step of its own, with a ground and a reason."""

from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Ground, Refusal
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.present.standing import hours_text
from patientoverblik.edges.portal.routes.desk import Counter, Handler, Visit, with_visit, with_visit_form
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.override import NO_REASON, NOT_YOURS
from patientoverblik.service.typed import plain, unfit

TITLE = "Ophæv spærring (værdispring)"
LONGEST = 500
GROUNDS: tuple[Ground, ...] = ("consent", "unreachable")


async def _asked(counter: Counter, _request: Request, visit: Visit) -> Response:
    if visit.purpose != "treatment":
        return fault_page(counter.assets, NOT_YOURS.code, visit.session)
    return _form(counter, visit)


async def _opened(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    ground = next((known for known in GROUNDS if known == form.get("ground")), None)
    reason = plain(form.get("reason", ""))
    if visit.purpose != "treatment":
        return fault_page(counter.assets, NOT_YOURS.code, visit.session)
    fault = unfit(reason, NO_REASON)
    if ground is None or fault:
        return _form(counter, visit, form.get("ground", ""), reason, _missing(ground, fault))
    answer = await counter.acts.override(counter.house, visit.session.actor, visit.patient, ground, reason)
    if isinstance(answer, Refusal):
        return fault_page(counter.assets, answer.code, visit.session, technical=True)
    return moved(visit.base)


def _missing(ground: Ground | None, fault: Refusal | None) -> tuple[dict[str, str], ...]:
    """What the form lacks, each with the field it is about."""
    found = (
        {"href": "#ground-consent", "text": "Vælg en grund"} if ground is None else {},
        {"href": "#reason", "text": CATALOGUE[fault.code].da} if fault else {},
    )
    return tuple(each for each in found if each)


def _form(
    counter: Counter, visit: Visit, ground: str = "", reason: str = "", missing: tuple[dict[str, str], ...] = ()
) -> Response:
    return page(
        "override.html",
        counter.frame(TITLE, visit.session, home=visit.base),
        400 if missing else 200,
        base=visit.base,
        ground=ground,
        reason=reason,
        missing=missing,
        lasts=hours_text(counter.house.override_lasts),
        longest=LONGEST,
    )


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/p/{handle}/vaerdispring", with_visit(_asked)),
    ("POST", "/p/{handle}/vaerdispring", with_visit_form(_opened)),
)
