"""A party says that it is there and has delivered all it had (DESIGN 5)."""

from collections.abc import Collection

from patientoverblik.access import Actor, Refusal
from patientoverblik.service.evidence import NOBODY, ask
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.sources import sources_of
from patientoverblik.service.trail import done, refused

ACT = "heartbeat"
NO_SOURCE = Refusal("source-of-the-system", "service.no-source")


async def heartbeat(house: House, actor: Actor, *named: str) -> tuple[str, ...] | Refusal:
    """Note that the sources named are alive now, all of them or none; without a name, every one that the actor speaks
    for. Their ids, in the order of the configuration."""
    at, alive = house.clock(), _alive(house, actor, named)

    def work(transaction: Transaction) -> tuple[str, ...] | Refusal:
        answer = ask(house, transaction, actor, NOBODY, "delivery", at)
        refusal = answer if isinstance(answer, Refusal) else None if alive else NO_SOURCE
        if refusal is not None:
            transaction.add_event(refused(house, actor, NOBODY, ACT, refusal))
            return refusal
        for source in alive:
            transaction.touch_source(source, at)
        transaction.add_event(done(house, actor, NOBODY, ACT, answer.rule, alive))
        return alive

    return await house.wait(house.storage.act(work))


def _alive(house: House, actor: Actor, named: Collection[str]) -> tuple[str, ...]:
    """The sources that are meant; none where one of those named is not among what the actor speaks for."""
    own = _own(house, actor)
    return tuple(one for one in own if not named or one in named) if set(named) <= set(own) else ()


def _own(house: House, actor: Actor) -> tuple[str, ...]:
    """The connected sources that an actor speaks for: a job for every one."""
    connected = tuple(one for one in house.sources if one.kind == "push")
    if actor.kind == "job":
        return tuple(one.id for one in connected)
    return sources_of(connected, house.speaks_for(actor))
