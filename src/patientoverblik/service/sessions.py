"""Who is logged in, and everybody's way out by somebody else: the operator and officers end what a person has open."""

import msgspec

from patientoverblik.access import Actor, Permit, Purpose, Refusal, Session
from patientoverblik.service.evidence import NOBODY, ask
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused, write

MOST = 1000
OVERSEERS = ("officer-oversees", "job-maintains")
NOT_YOURS = Refusal("sessions-not-yours", "access.no-right")
NO_SESSION = Refusal("no-such-session", "service.no-session")


class Ended(msgspec.Struct, frozen=True):
    """Whose sessions were ended, and how many there were."""

    actor: Actor
    sessions: int


async def open_sessions(house: House, actor: Actor) -> tuple[Session, ...] | Refusal:
    """The sessions that are open now, at most 1000, those begun last first."""
    now = house.clock()
    permit = overseeing(house, actor)
    if isinstance(permit, Refusal):
        await write(house, refused(house, actor, NOBODY, "session-list", permit))
        return permit
    found = house.storage.reader().open_sessions(now, MOST)
    await write(house, done(house, actor, NOBODY, "session-list", permit.rule))
    return found


async def end_sessions(house: House, actor: Actor, session: str) -> Ended | Refusal:
    """End every session of the person whose session this is (its id): all that their login provider calls the same."""

    def work(transaction: Transaction) -> Ended | Refusal:
        permit = overseeing(house, actor)
        held = None if isinstance(permit, Refusal) else transaction.session(session)
        if isinstance(permit, Refusal) or held is None:
            refusal = permit if isinstance(permit, Refusal) else NO_SESSION
            transaction.add_event(refused(house, actor, NOBODY, "end-sessions", refusal))
            return refusal
        theirs = {session, *transaction.sessions_of(held.issuer, held.subject)}
        for one in sorted(theirs):
            transaction.end_session(one)
            transaction.add_event(done(house, held.actor, NOBODY, "log-out", permit.rule))
        transaction.add_event(done(house, actor, NOBODY, "end-sessions", permit.rule))
        return Ended(held.actor, len(theirs))

    return await house.wait(house.storage.act(work))


def overseeing(house: House, actor: Actor) -> Permit | Refusal:
    """The permit of one who oversees or operates the service; nobody else's right to something reaches sessions."""
    purpose: Purpose = "maintenance" if actor.kind == "job" else "oversight"
    answer = ask(house, house.storage.reader(), actor, NOBODY, purpose, house.clock())
    return answer if isinstance(answer, Refusal) or answer.rule in OVERSEERS else NOT_YOURS
