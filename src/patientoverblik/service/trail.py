"""Looks and security events, written in the act's own transaction (DESIGN 2)."""

from functools import partial

from patientoverblik.access import Actor, Look, Refusal, SecurityEvent
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction


def done(
    house: House, actor: Actor, patient: int, act: str, rule: str, subjects: tuple[str, ...] = ()
) -> SecurityEvent:
    """The event of an act that was done now."""
    return SecurityEvent(house.ids.uuid(), patient, actor, act, "done", rule, house.clock(), subjects)


def refused(house: House, actor: Actor, patient: int, act: str, refusal: Refusal) -> SecurityEvent:
    """The event of an act that was refused now."""
    return SecurityEvent(house.ids.uuid(), patient, actor, act, "refused", refusal.rule, house.clock())


async def write(house: House, event: SecurityEvent, look: Look | None = None) -> None:
    """Write an event and, where something was shown, its look; back when both are durable."""
    await house.wait(house.storage.act(partial(_write, event, look)))


def _write(event: SecurityEvent, look: Look | None, transaction: Transaction) -> None:
    transaction.add_event(event)
    if look is not None:
        transaction.add_look(look)


async def refuse(house: House, actor: Actor, patient: int, act: str, refusal: Refusal) -> Refusal:
    """Write the refusal down, then give it back."""
    await write(house, refused(house, actor, patient, act, refusal))
    return refusal
