"""The same overview as JSON: the patient's number in the request's body, never in its address."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Purpose, Refusal, Session
from patientoverblik.edges.portal.answers import data, fault_data
from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.routes.desk import LAYOUTS, PURPOSES, Counter, purpose_of
from patientoverblik.edges.portal.sessions import bearer, current, same
from patientoverblik.edges.portal.settings import CPR_SYSTEM
from patientoverblik.sharing.model import PatientId

PREFIX = "/api/"
LARGEST = 4096


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose overview: an identifier, and the system it is in where it is no CPR number."""

    patient: str
    system: str = CPR_SYSTEM


async def overview(counter: Counter, request: Request) -> Response:
    """``POST /api/overblik``: the whole overview, by a session's cookie and token, or by its bearer token."""
    session = current(counter.house, request)
    if session is None:
        return fault_data("portal.session-ended")
    if not bearer(request) and not same(request.headers.get("x-csrf-token", ""), session.csrf):
        return fault_data("portal.form-expired")
    asked = await _asked(request)
    return await _answer(counter, session, asked) if asked else fault_data("portal.bad-body")


async def _asked(request: Request) -> Asked | None:
    body = await request.body()
    try:
        return msgspec.json.decode(body, type=Asked) if len(body) <= LARGEST else None
    except msgspec.DecodeError:
        return None


async def _answer(counter: Counter, session: Session, asked: Asked) -> Response:
    patient = PatientId(asked.system, asked.patient)
    purpose = _purpose(counter, session, patient)
    view = layout(LAYOUTS[purpose]).view
    answer = await counter.acts.look(counter.house, session.actor, patient, purpose, view)
    if isinstance(answer, Refusal):
        return fault_data("portal.refused" if session.actor.kind == "professional" else answer.code)
    return data(msgspec.json.encode(answer.overview))


def _purpose(counter: Counter, session: Session, patient: PatientId) -> Purpose:
    reader = counter.house.storage.reader()
    key = reader.patient_key(patient)
    return purpose_of(reader, session.actor, key) if key else PURPOSES.get(session.actor.kind, "treatment")
