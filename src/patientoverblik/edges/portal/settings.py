"""What the app gives the pages: who may log in by the test login, and how sessions are kept."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from patientoverblik import service
from patientoverblik.access import Actor, Purpose
from patientoverblik.edges.identity.launch import RecordSystem
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.edges.identity.web import Party
from patientoverblik.service.handover import answer_handover, handovers
from patientoverblik.service.log import log_page
from patientoverblik.service.own_words import end_goal, write_goal
from patientoverblik.service.plan_flag import flag_plans
from patientoverblik.service.remarks import answer_remark, put_remark, remarks
from patientoverblik.service.sessions import end_sessions, open_sessions
from patientoverblik.service.told import readers_of, telling_seen, tellings, worklist
from patientoverblik.service.worklist import mark_read, work_item, work_list
from patientoverblik.sharing.model import PatientId

HALF_AN_HOUR = 30 * 60 * 1000
EIGHT_HOURS = 16 * HALF_AN_HOUR


class Whose(msgspec.Struct, frozen=True):
    """An overview that a citizen or a relative may open: whose it is and in what capacity."""

    label: str
    patient: PatientId
    purpose: Purpose
    name: str = ""


class Persona(msgspec.Struct, frozen=True):
    """Somebody the test login can be: shown by ``name`` and ``text``. A citizen or relative has overviews to open in
    ``whose`` and is known by their own number (``own``); a professional searches."""

    id: str
    name: str
    text: str
    actor: Actor
    own: PatientId | None = None
    whose: tuple[Whose, ...] = ()


Act = Callable[..., Awaitable[Any]]


class Acts(msgspec.Struct, frozen=True):
    """The acts of the service the pages call; each is awaited and gives a value or a refusal."""

    look: Act = service.look
    retrieve: Act = service.retrieve
    list_documents: Act = service.list_documents
    log: Act = service.log
    log_page: Act = log_page
    explain: Act = service.explain
    override: Act = service.override
    blocks: Act = service.blocks
    put_block: Act = service.put_block
    end_block: Act = service.end_block
    preview_block: Act = service.preview_block
    who_can_see: Act = service.who_can_see
    explain_access: Act = service.explain_access
    notices: Act = service.notices
    seen: Act = service.seen
    follow_ups: Act = service.follow_ups
    answer_follow_up: Act = service.answer_follow_up
    replay: Act = service.replay
    tellings: Act = tellings
    telling_seen: Act = telling_seen
    worklist: Act = worklist
    write_goal: Act = write_goal
    end_goal: Act = end_goal
    work_list: Act = work_list
    work_item: Act = work_item
    mark_read: Act = mark_read
    flag_plans: Act = flag_plans
    handovers: Act = handovers
    answer_handover: Act = answer_handover
    put_remark: Act = put_remark
    remarks: Act = remarks
    answer_remark: Act = answer_remark
    readers_of: Act = readers_of
    open_sessions: Act = open_sessions
    end_sessions: Act = end_sessions


async def _never_again(_key: str, _until: int) -> bool:
    """Nothing is used for the first time where nobody remembers."""
    return False


class PortalSettings(msgspec.Struct, frozen=True):
    """One installation's pages; ``lifetime`` is how long a session lasts after it was last used, ``longest`` how long
    it lasts at all, in milliseconds. The longest holds more than ten lifetimes (WCAG 2.2.1).

    ``party`` gives what logs people in, from the origin a request came to; None where no provider is set up.
    ``straight`` sends somebody not logged in on to it at once. ``ends_with_provider`` lets no session last beyond the
    time the provider vouches for. ``tokens`` says whose access tokens are believed, and which apps are registered.
    ``systems`` are the record systems that may open the overview, and ``once`` says whether a link of theirs is used
    for the first time, by any worker.
    """

    personas: tuple[Persona, ...] = ()
    secure_cookies: bool = False
    lifetime: int = HALF_AN_HOUR
    longest: int = EIGHT_HOURS
    acts: Acts | None = None
    party: Callable[[str], Party] | None = None
    straight: bool = False
    ends_with_provider: bool = False
    tokens: Tokens = Tokens()
    systems: tuple[RecordSystem, ...] = ()
    once: Callable[[str, int], Awaitable[bool]] = _never_again
