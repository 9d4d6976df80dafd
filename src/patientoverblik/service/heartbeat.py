"""A party says that it is there and has delivered all it had (DESIGN 5)."""

from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.service.evidence import NOBODY, ask
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.sources import sources_of
from patientoverblik.service.trail import done, refused

NO_SOURCE = Refusal("source-of-the-system", "service.no-source")


async def heartbeat(house: House, actor: Actor, source: str) -> int | Refusal:
    """Note that a configured source is alive; the time it was noted (milliseconds UTC)."""
    at = house.clock()

    def work(transaction: Transaction) -> int | Refusal:
        answer = _answer(house, actor, source, ask(house, transaction, actor, NOBODY, "delivery", at))
        if isinstance(answer, Refusal):
            transaction.add_event(refused(house, actor, NOBODY, "heartbeat", answer))
            return answer
        transaction.touch_source(source, at)
        transaction.add_event(done(house, actor, NOBODY, "heartbeat", answer.rule, (source,)))
        return at

    return await house.wait(house.storage.act(work))


def _answer(house: House, actor: Actor, source: str, decision: Permit | Refusal) -> Permit | Refusal:
    if isinstance(decision, Refusal):
        return decision
    known = {one.id for one in house.sources} if actor.kind == "job" else _own(house, actor)
    return decision if source in known else NO_SOURCE


def _own(house: House, actor: Actor) -> set[str]:
    return set(sources_of(house.sources, house.speaks_for(actor)))
