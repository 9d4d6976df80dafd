"""The same overview as JSON: the patient's number in the request's body, never in its address.

A page's own script comes with the session; an app or another system with an access token, which is judged twice: by its
scopes here, and by what its holder may see in the service.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import Actor, Purpose, Refusal, Session
from patientoverblik.care.systems import CPR
from patientoverblik.edges.guard import known
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.bearer import challenge, error_of
from patientoverblik.edges.identity.scopes import Interaction, Scopes, parse_scopes, permits
from patientoverblik.edges.identity.tokens import identified, is_jwt
from patientoverblik.edges.portal.answers import data, fault_data
from patientoverblik.edges.portal.encoded import overview_json
from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.routes.bounded import body_within
from patientoverblik.edges.portal.routes.desk import LAYOUTS, Counter
from patientoverblik.edges.portal.sessions import bearer, current, same
from patientoverblik.service.capacity import purpose_with
from patientoverblik.service.ports import Reader
from patientoverblik.sharing.model import PatientId

PREFIX = "/api/"
ADDRESS = f"{PREFIX}overblik"
LARGEST = 4096
# What the overview holds, as FHIR names it. It is given whole, so a token must hold the reading of all of it.
OVERVIEW = (
    "Appointment",
    "CarePlan",
    "CareTeam",
    "Condition",
    "DocumentReference",
    "Goal",
    "Observation",
    "Patient",
    "ServiceRequest",
)
READING = "rs"
NEEDED = {"on-behalf": "patient/*.rs", "own-overview": "patient/*.rs", "treatment": "user/*.rs"}


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose overview: an identifier, and the system it is in where it is no CPR number. A token that is bound to a
    patient needs none."""

    patient: str = ""
    system: str = CPR


class Sight(msgspec.Struct, frozen=True):
    """Who wants to see whom, and why."""

    actor: Actor
    patient: PatientId | int
    purpose: Purpose


async def overview(counter: Counter, request: Request) -> Response:
    """``POST /api/overblik``: the whole overview, by a session's cookie and token, or by a bearer token."""
    token = bearer(request)
    if is_jwt(token):
        return await _by_token(counter, request, token)
    session = session_at(counter, request, token)
    if isinstance(session, Response):
        return session
    asked = await _asked(request)
    if asked is None or not asked.patient:
        return fault_data("portal.bad-body")
    return await _seen(counter, _of_session(counter, session, asked))


def session_at(counter: Counter, request: Request, token: str) -> Session | Response:
    """The session of a cookie with its form token, or of its secret as a bearer token; else what is wrong."""
    session = current(counter.house, request)
    if session is None:
        return challenged(fault_data("portal.session-ended"), challenge())
    if not token and not same(request.headers.get("x-csrf-token", ""), session.csrf):
        return fault_data("portal.form-expired")
    return session


async def _by_token(counter: Counter, request: Request, token: str) -> Response:
    found = await identified(counter.settings.tokens, request, token, counter.house.clock())
    if isinstance(found, Unidentified):
        return challenged(fault_data(found.code), challenge(error_of(found.code)))
    known(request.scope, f"{found.actor.kind} {found.actor.id}")
    asked, reader = await _asked(request), counter.house.storage.reader()
    bound = _key(reader, found.patient)
    if asked is None or (bound is None and not asked.patient):
        return fault_data("portal.bad-body")
    sight = _sight(reader, found, bound, asked)
    if not _within(parse_scopes(found.scopes or ()), sight, bound is not None):
        needed = NEEDED.get(sight.purpose, "")
        return challenged(fault_data("identity.insufficient-scope"), challenge("insufficient_scope", needed))
    if bound is not None and asked.patient and not _is_same(reader, bound, asked):
        return fault_data("identity.other-patient")
    return await _seen(counter, sight)


async def _asked(request: Request) -> Asked | None:
    body = await body_within(request, LARGEST)
    try:
        return None if body is None else msgspec.json.decode(body or b"{}", type=Asked)
    except msgspec.DecodeError:
        return None


async def _seen(counter: Counter, sight: Sight) -> Response:
    view = layout(LAYOUTS[sight.purpose]).view
    answer = await counter.acts.look(counter.house, sight.actor, sight.patient, sight.purpose, view)
    if isinstance(answer, Refusal):
        return fault_data("portal.refused" if sight.actor.kind == "professional" else answer.code)
    return data(overview_json(answer.overview))


def _of_session(counter: Counter, session: Session, asked: Asked) -> Sight:
    patient = PatientId(asked.system, asked.patient)
    return Sight(session.actor, patient, _purpose(counter.house.storage.reader(), session.actor, patient))


def _sight(reader: Reader, found: Identified, bound: int | None, asked: Asked) -> Sight:
    """Who sees whom by a token: its own patient where it is bound to one."""
    own = _key(reader, found.own)
    actor = msgspec.structs.replace(found.actor, person=own or found.actor.person)
    patient = bound if bound is not None else PatientId(asked.system, asked.patient)
    purpose = _purpose(reader, actor, patient)
    return Sight(actor, patient, found.purpose if found.purpose and found.purpose in LAYOUTS else purpose)


def _within(scopes: Scopes, sight: Sight, bound: bool) -> bool:
    """Whether the scopes hold the reading of everything an overview shows."""
    return all(
        permits(scopes, Interaction(resource, letter, sight.purpose, bound))
        for resource in OVERVIEW
        for letter in READING
    )


def _key(reader: Reader, patient: PatientId | int | None) -> int | None:
    """The key a token names a person by; 0 for somebody never seen here, None where it names nobody."""
    return (reader.patient_key(patient) or 0) if isinstance(patient, PatientId) else patient


def _is_same(reader: Reader, bound: int, asked: Asked) -> bool:
    """Whether the number in the body is one of the patient the token is bound to."""
    key = reader.patient_key(PatientId(asked.system, asked.patient))
    return key is not None and key in reader.linked_keys(bound)


def _purpose(reader: Reader, actor: Actor, patient: PatientId | int) -> Purpose:
    return purpose_with(reader, actor, _key(reader, patient) or 0)


def challenged(answer: Response, words: str) -> Response:
    """An answer that says how one shows who one is (RFC 6750 §3)."""
    answer.headers["WWW-Authenticate"] = words
    return answer
