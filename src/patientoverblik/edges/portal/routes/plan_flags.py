"""Whether there are plans to see, for the rows of a list in another system: numbers in the body, never in the address.

``POST /api/planer`` takes ``{"patients": ["…"]}`` and answers ``{"answers": [{"patient": "…", "plans": "yes"}]}`` in
the order asked. Who asks is known as at ``POST /api/overblik``; a token that is bound to a patient has no list to mark.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Actor, Refusal
from patientoverblik.care.systems import CPR
from patientoverblik.edges.guard import known
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.bearer import challenge, error_of
from patientoverblik.edges.identity.scopes import Interaction, parse_scopes, permits
from patientoverblik.edges.identity.tokens import identified, is_jwt
from patientoverblik.edges.portal.answers import data, fault_data
from patientoverblik.edges.portal.routes.api import PREFIX, READING, challenged, session_at
from patientoverblik.edges.portal.routes.bounded import body_within
from patientoverblik.edges.portal.routes.desk import Counter
from patientoverblik.edges.portal.sessions import bearer
from patientoverblik.service.plan_flag import MOST, PlanFlag, Plans
from patientoverblik.sharing.model import PatientId

ADDRESS = f"{PREFIX}planer"
LARGEST = 16_384
LONGEST = 64


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is on the list: identifiers, and the system they are in where they are no CPR numbers."""

    patients: tuple[str, ...]
    system: str = CPR


class Answered(msgspec.Struct, frozen=True):
    """The answer about one patient, by the identifier asked for."""

    patient: str
    plans: Plans


class Answers(msgspec.Struct, frozen=True):
    """The answers in the order asked. ``yes``: there is a plan in force that the reader may see. ``no``: there is none,
    and every connected source has answered; a patient may still have blocked one. ``cannot-say``: the reader has no
    confirmed relation to the patient, the patient is not known here, or a connected source is silent."""

    answers: tuple[Answered, ...]


async def flags(counter: Counter, request: Request) -> Response:
    """``POST /api/planer``."""
    actor = await _who(counter, request)
    if isinstance(actor, Response):
        return actor
    asked = await _asked(request)
    if asked is None:
        return fault_data("portal.bad-body")
    patients = [PatientId(asked.system, one) for one in asked.patients]
    answer: tuple[PlanFlag, ...] | Refusal = await counter.acts.flag_plans(counter.house, actor, patients)
    if isinstance(answer, Refusal):
        return fault_data(answer.code)
    return data(msgspec.json.encode(Answers(tuple(Answered(flag.patient.value, flag.plans) for flag in answer))))


async def _who(counter: Counter, request: Request) -> Actor | Response:
    """Who asks: by a session, or by an access token of a professional's system."""
    token = bearer(request)
    if is_jwt(token):
        return await _by_token(counter, request, token)
    session = session_at(counter, request, token)
    return session if isinstance(session, Response) else session.actor


async def _by_token(counter: Counter, request: Request, token: str) -> Actor | Response:
    found = await identified(counter.settings.tokens, request, token, counter.house.clock())
    if isinstance(found, Unidentified):
        return challenged(fault_data(found.code), challenge(error_of(found.code)))
    known(request.scope, f"{found.actor.kind} {found.actor.id}")
    if found.patient is not None or not _may_read(found):
        return challenged(
            fault_data("identity.insufficient-scope"), challenge("insufficient_scope", "user/CarePlan.rs")
        )
    return found.actor


def _may_read(found: Identified) -> bool:
    scopes = parse_scopes(found.scopes or ())
    return all(permits(scopes, Interaction("CarePlan", letter, "treatment")) for letter in READING)


async def _asked(request: Request) -> Listed | None:
    body = await body_within(request, LARGEST)
    try:
        asked = None if body is None else msgspec.json.decode(body, type=Listed)
    except msgspec.DecodeError:
        return None
    return asked if asked is not None and _is_some(asked) else None


def _is_some(asked: Listed) -> bool:
    """Whether somebody is asked about, by what can be an identifier; how many there may be is the service's to say."""
    return (
        bool(asked.patients)
        and len(asked.patients) <= 2 * MOST
        and all(0 < len(one) <= LONGEST for one in asked.patients)
    )
