"""Follow-up of looks: what must be accounted for, the answer, what a look showed, and who saw a withdrawn document."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from patientoverblik.access import FollowUp, Refusal, Session
from patientoverblik.care.systems import CPR
from patientoverblik.edges.portal.answers import fault_page, moved, page
from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.present import present
from patientoverblik.edges.portal.present.followed import Message, followed, message, reader_line, trail_text
from patientoverblik.edges.portal.present.replayed import replayed_text
from patientoverblik.edges.portal.routes.desk import Counter, Handler, with_form, with_session
from patientoverblik.edges.portal.sessions import handle_of
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.follow_up import NO_ANSWER, NO_FOLLOW_UP
from patientoverblik.service.seals import Checkpoint
from patientoverblik.service.telling import Telling
from patientoverblik.service.told import NO_DOCUMENT, NO_TELLING, Readership
from patientoverblik.service.typed import TOO_LONG
from patientoverblik.service.verify import MOST_OPEN
from patientoverblik.sharing.model import PatientId

TITLE = "Opfølgning på opslag"
ADDRESS = "/opfoelgning"
READERS = f"{ADDRESS}/laesere"
NOT_FOUND = "Patienten har ikke et dokument med det nummer. Se efter, om begge numre er rigtige"
OF_THE_FORM = (NO_ANSWER.code, TOO_LONG.code)


async def _list(counter: Counter, _request: Request, session: Session) -> Response:
    return await _shown(counter, session)


async def _answered(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    found = await _one(counter, session, form.get("follow_up", ""))
    if isinstance(found, Refusal):
        return _refused(counter, session, found)
    answer = await counter.acts.answer_follow_up(
        counter.house, session.actor, found.patient, found.id, form.get("answer", "")
    )
    if isinstance(answer, Refusal) and answer.code in OF_THE_FORM:
        fault = {"href": f"#answer-{found.id}", "text": CATALOGUE[answer.code].da}
        return await _shown(counter, session, 400, (fault,))
    return _refused(counter, session, answer) if isinstance(answer, Refusal) else moved(ADDRESS)


async def _look(counter: Counter, request: Request, session: Session) -> Response:
    found = await _one(counter, session, request.path_params["follow_up"])
    if isinstance(found, Refusal):
        return _refused(counter, session, found)
    answer = await counter.acts.replay(counter.house, session.actor, found.patient, found.look)
    if isinstance(answer, Refusal):
        return _refused(counter, session, answer)
    as_seen = layout("professional")
    surrounding = counter.frame("Sådan så det ud", session, links=_links(), logged=True, body="audience-professional")
    made = present(answer.overview, as_seen, "")
    return page("replay.html", surrounding, page=made, told=replayed_text(answer), back=ADDRESS)


async def _one(counter: Counter, session: Session, wanted: str) -> FollowUp | Refusal:
    """A follow-up the reader may know of, by its id."""
    listed: tuple[FollowUp, ...] | Refusal = await counter.acts.follow_ups(counter.house, session.actor)
    if isinstance(listed, Refusal):
        return listed
    return next((each for each in listed if each.id == wanted), NO_FOLLOW_UP)


async def _shown(
    counter: Counter, session: Session, status: int = 200, missing: tuple[dict[str, str], ...] = ()
) -> Response:
    """The list, with what a form lacks or says wrong above it."""
    listed: tuple[FollowUp, ...] | Refusal = await counter.acts.follow_ups(counter.house, session.actor)
    if isinstance(listed, Refusal):
        return _refused(counter, session, listed)
    now, words = counter.house.clock(), vocabulary("professional")
    officer = session.actor.kind == "officer"
    lines = [followed(each, words, now, officer) for each in listed]
    return page(
        "officer.html",
        counter.frame(TITLE, session, links=_links()),
        status,
        title=TITLE,
        officer=officer,
        pending=[each for each in lines if each.pending],
        settled=[each for each in lines if not each.pending],
        missing=missing,
        messages=await _messages(counter, session),
        trail=_trail(counter) if officer else "",
    )


async def _messages(counter: Counter, session: Session) -> list[Message]:
    """What the readers of the reader's organisation are told."""
    if session.actor.kind != "professional":
        return []
    found: tuple[Telling, ...] | Refusal = await counter.acts.worklist(counter.house, session.actor)
    words = vocabulary("professional")
    return [] if isinstance(found, Refusal) else [message(each, words, own=False) for each in found]


async def own_messages(counter: Counter, session: Session) -> list[Message]:
    """What the reader themselves is told and has not yet said they have seen; citizens are told by notices."""
    if session.actor.kind not in ("professional", "relative"):
        return []
    found: tuple[Telling, ...] = await counter.acts.tellings(counter.house, session.actor)
    words = vocabulary("professional")
    return [message(each, words, own=True) for each in found if not each.seen]


async def _seen(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    answer = await counter.acts.telling_seen(counter.house, session.actor, form.get("telling", ""))
    return _refused(counter, session, answer) if isinstance(answer, Refusal) else moved("/")


async def _patient(counter: Counter, request: Request, session: Session) -> Response:
    """On to the patient a message is about: under a handle, as any other patient."""
    wanted = request.path_params["telling"]
    found: tuple[Telling, ...] = await counter.acts.tellings(counter.house, session.actor)
    told = next((each for each in found if each.id == wanted), None)
    if told is None:
        return fault_page(counter.assets, NO_TELLING.code, session, technical=True)
    return moved(f"/p/{await handle_of(counter.house, session, told.patient)}")


async def _readers(counter: Counter, _request: Request, session: Session, form: dict[str, str]) -> Response:
    """Who has seen a document, for an officer or the organisation it belongs to; the form again where there is none."""
    number = "".join(character for character in form.get("cpr", "") if character.isdigit())
    answer: tuple[Readership, ...] | Refusal = await counter.acts.readers_of(
        counter.house, session.actor, PatientId(CPR, number), form.get("document", "").strip()
    )
    if isinstance(answer, Refusal) and answer.code == NO_DOCUMENT.code:
        return await _shown(counter, session, 404, ({"href": "#document", "text": NOT_FOUND},))
    if isinstance(answer, Refusal):
        return _refused(counter, session, answer)
    title, words = "Hvem har set dokumentet", vocabulary("professional")
    surrounding = counter.frame(title, session, links=_links())
    return page("readers.html", surrounding, title=title, readers=[reader_line(each, words) for each in answer])


def _trail(counter: Counter) -> str:
    """How far the security trail is sealed; to verify it, its keys are needed, which the pages do not have."""
    reader = counter.house.storage.reader()
    last = reader.last_checkpoint()
    seal = msgspec.msgpack.decode(last.data, type=Checkpoint) if last else None
    return trail_text(seal, len(reader.open_chains(MOST_OPEN)))


def _links() -> tuple[Link, ...]:
    return (Link("Forsiden", "/"), Link(TITLE, ADDRESS))


def _refused(counter: Counter, session: Session, refusal: Refusal) -> Response:
    return fault_page(counter.assets, refusal.code, session, technical=True)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", ADDRESS, with_session(_list)),
    ("POST", ADDRESS, with_form(_answered)),
    ("POST", READERS, with_form(_readers)),
    ("GET", f"{ADDRESS}/{{follow_up}}", with_session(_look)),
    ("POST", "/beskeder", with_form(_seen)),
    ("GET", "/beskeder/{telling}", with_session(_patient)),
)
