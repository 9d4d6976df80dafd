"""Looks and security events, written in the act's own transaction (DESIGN 2)."""

from collections.abc import Callable
from functools import partial

from patientoverblik.access import Actor, Look, Refusal, SecurityEvent
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction

LOOKS = frozenset({"look", "list", "retrieve", "explain", "handover-list", "remark-list"})


def done(
    house: House, actor: Actor, patient: int, act: str, rule: str, subjects: tuple[str, ...] = ()
) -> SecurityEvent:
    """The event of an act that was done now."""
    return SecurityEvent(house.ids.uuid(), patient, actor, act, "done", rule, house.clock(), subjects)


def refused(house: House, actor: Actor, patient: int, act: str, refusal: Refusal) -> SecurityEvent:
    """The event of an act that was refused now."""
    return SecurityEvent(house.ids.uuid(), patient, actor, act, "refused", refusal.rule, house.clock())


async def write(
    house: House,
    event: SecurityEvent,
    look: Look | None = None,
    then: Callable[[Transaction], None] | None = None,
) -> None:
    """Write an event and, where something was shown, its look and what follows it; back when all are durable."""
    await house.wait(house.storage.act(partial(keep, event, look, then)))


def keep(
    event: SecurityEvent, look: Look | None, then: Callable[[Transaction], None] | None, transaction: Transaction
) -> None:
    """Keep an event, its look and what follows it, inside an act."""
    transaction.add_event(event)
    if look is not None:
        transaction.add_look(look)
    if then is not None:
        then(transaction)


async def refuse(
    house: House,
    actor: Actor,
    patient: int,
    act: str,
    refusal: Refusal,
    then: Callable[[Transaction], None] | None = None,
) -> Refusal:
    """Write the refusal down with what follows it, then give it back.

    A professional's refused look is in the citizen's log too where the house shows such.
    """
    attempt = refused_look(house, actor, patient, refusal) if act in LOOKS else None
    await write(house, refused(house, actor, patient, act, refusal), attempt, then)
    return refusal


def refused_look(house: House, actor: Actor, patient: int, refusal: Refusal) -> Look | None:
    """What the citizen's log says of a refused look; None where it says nothing."""
    if not house.show_refused or not patient or actor.kind != "professional":
        return None
    return Look(house.ids.uuid(), patient, actor, "treatment", refusal.rule, house.clock(), "refused", "")
