"""What matters to the patient, on a page: written, changed and ended by them or by who acts for them."""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Refusal
from patientoverblik.care import Goal, Horizon
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.page import Option, Row
from patientoverblik.edges.portal.present.desk import Desk, desk
from patientoverblik.edges.portal.present.row import row
from patientoverblik.edges.portal.routes.days import is_day
from patientoverblik.edges.portal.routes.desk import Counter, Handler, Visit, refused, with_visit, with_visit_form
from patientoverblik.overview import Line, Overview
from patientoverblik.overview.facts import organisation_key
from patientoverblik.problems import CATALOGUE
from patientoverblik.service import Shown
from patientoverblik.service.model import Refused
from patientoverblik.service.own_words import PROFILE, Outcome, OwnGoal, helpers_in

ADDRESS = "/p/{handle}/vigtigt"
FIELDS = ("words", "importance", "horizon", "due", "helper")
IMPORTANCE = ("meget vigtigt", "vigtigt", "mindre vigtigt")
HORIZONS: Mapping[str, Horizon] = {"short": "short", "long": "long"}
OUTCOMES: Mapping[str, Outcome] = {"achieved": "achieved", "given-up": "given-up"}
OF_THE_FORM = ("service.no-words", "service.too-many-words")
Form = Mapping[str, str]
Faults = tuple[dict[str, str], ...]


async def _list(counter: Counter, _request: Request, visit: Visit) -> Response:
    return await _shown(counter, visit, "", {}, ())


async def _one(counter: Counter, request: Request, visit: Visit) -> Response:
    return await _shown(counter, visit, request.path_params["line"], {}, ())


async def _written(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    line = form.get("line", "")
    if not is_day(form.get("due", "")):
        return await _shown(counter, visit, line, form, ({"href": "#due", "text": "Datoen findes ikke"},))
    who, goal = visit.session.actor, _goal(form)
    answer = await counter.acts.write_goal(counter.house, who, visit.patient, visit.purpose, goal, line)
    if isinstance(answer, Refusal) and answer.code in OF_THE_FORM:
        return await _shown(counter, visit, line, form, ({"href": "#words", "text": CATALOGUE[answer.code].da},))
    return _after(counter, visit, answer)


async def _ended(counter: Counter, _request: Request, visit: Visit, form: dict[str, str]) -> Response:
    outcome, who = OUTCOMES.get(form.get("outcome", "")), visit.session.actor
    if outcome is None:
        return moved(f"{visit.base}/vigtigt")
    answer = await counter.acts.end_goal(
        counter.house, who, visit.patient, visit.purpose, form.get("line", ""), outcome
    )
    return _after(counter, visit, answer)


def _after(counter: Counter, visit: Visit, answer: object) -> Response:
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    if isinstance(answer, Refused):
        return fault_page(counter.assets, answer.code, visit.session)
    return moved(f"{visit.base}/vigtigt")


async def _shown(counter: Counter, visit: Visit, line: str, form: Form, missing: Faults) -> Response:
    """The page with the form: for a new goal, or to change the one that is pointed at."""
    who, view = visit.session.actor, visit.layout.view
    if visit.purpose == "treatment":
        return fault_page(counter.assets, "portal.not-found", visit.session)
    answer: Shown | Refusal = await counter.acts.look(counter.house, who, visit.patient, visit.purpose, view)
    if isinstance(answer, Refusal):
        return refused(counter, visit, answer.code)
    own = [each for each in answer.overview.lines.values() if is_own(each)]
    known = next((each for each in own if each.id == line), None)
    if line and known is None:
        return fault_page(counter.assets, "service.not-own-words", visit.session)
    at = desk(answer.overview, visit.layout, visit.base, visit.reminder)
    going = [each for each in own if each.phase in ("active", "planned", "unknown", "on-hold")]
    title = visit.layout.words.word("own", "title")
    surrounding = counter.frame(
        title, visit.session, links=visit.links(), home=visit.base, logged=True, on_behalf=visit.reminder
    )
    return page(
        "own.html",
        surrounding,
        400 if missing else 200,
        base=visit.base,
        heading=title,
        intro=visit.layout.words.word("own", "intro"),
        rows=[_row(at, each) for each in going] if not line else [],
        over=[_alone(at, each) for each in own if each not in going] if not line else [],
        words=visit.layout.words.tables["own"],
        line=line,
        form={name: form.get(name, "") for name in FIELDS} if form else _filled(known),
        importance=[Option("", "Vælg ikke"), *[Option(each, each.capitalize()) for each in IMPORTANCE]],
        helpers=[Option("", "Ingen bestemt"), *_helpers(answer.overview)],
        missing=missing,
    )


def is_own(line: Line) -> bool:
    """Whether a line is a goal that stands in the patient's own document."""
    return line.kind == "patient-goal" and line.attribution.profile == PROFILE


def _row(at: Desk, line: Line) -> dict[str, object]:
    return {"row": msgspec.to_builtins(_alone(at, line)), "id": line.id}


def _alone(at: Desk, line: Line) -> Row:
    """A goal as a row without the ways to other lines, which do not stand on this page."""
    return msgspec.structs.replace(row(at, line), leads=(), folded_leads=(), plan=None)


def _helpers(overview: Overview) -> list[Option]:
    found = helpers_in(overview)
    return [Option(key, place.name) for key, place in sorted(found.items(), key=lambda each: each[1].name)]


def _filled(line: Line | None) -> dict[str, str]:
    """The form as the goal stands."""
    goal = line.value if line else None
    if not isinstance(goal, Goal):
        return dict.fromkeys(FIELDS, "")
    helper = next((each.party.organisation for each in goal.helpers), None)
    return {
        "words": goal.words,
        "importance": goal.importance,
        "horizon": goal.horizon or "",
        "due": goal.due.text[:10] if goal.due else "",
        "helper": organisation_key(helper),
    }


def _goal(form: Form) -> OwnGoal:
    return OwnGoal(
        words=form.get("words", ""),
        importance=form.get("importance", "") if form.get("importance") in IMPORTANCE else "",
        horizon=HORIZONS.get(form.get("horizon", "")),
        due=form.get("due", ""),
        helper=form.get("helper", ""),
    )


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", ADDRESS, with_visit(_list)),
    ("POST", ADDRESS, with_visit_form(_written)),
    ("POST", f"{ADDRESS}/slut", with_visit_form(_ended)),
    ("GET", f"{ADDRESS}/{{line}}", with_visit(_one)),
)
