"""A person looks: the overview, and the look written down before it leaves (DESIGN, A person looks)."""

from collections.abc import Callable
from functools import partial

from patientoverblik.access import Actor, Look, Purpose, Refusal, SecurityEvent
from patientoverblik.service.contributions import write_back
from patientoverblik.service.follow_up import after_look, after_refusal, in_person
from patientoverblik.service.house import House
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked, Picture, look_of, picture
from patientoverblik.service.ports import Transaction
from patientoverblik.service.telling import person
from patientoverblik.service.trail import done, keep, refuse
from patientoverblik.service.use import used_by
from patientoverblik.service.visit import Visit, visited
from patientoverblik.sharing.model import PatientId


async def look(house: House, actor: Actor, patient: PatientId | int, purpose: Purpose, view: str) -> Shown | Refusal:
    """Show one patient's overview; the look and its event are durable when this returns.

    An unknown patient and one the actor has no right to give the same refusal.
    """
    asked = Asked(actor, patient, purpose, view, house.clock())
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, asked)
    if isinstance(seen, Picture):
        return await show(house, asked, seen)
    key, refusal = seen
    return await refuse(house, actor, key, "look", refusal, after_refusal(house, actor, key, "look", refusal))


async def show(house: House, asked: Asked, seen: Picture) -> Shown:
    """Write a picture's look down, and give what it shows."""
    written = look_of(house.ids.uuid(), asked, seen)
    subjects = tuple(document.entry for document in seen.documents)
    event = done(house, asked.actor, written.patient, "look", written.rule, subjects)
    followed = after_look(house, seen.permit, written)
    visit = await house.wait(house.storage.act(partial(_visited, event, written, followed)))
    house.used(used_by(asked.actor, seen.overview.sources, asked.at, house.clock()))
    if seen.stale:
        house.storage.act(partial(write_back, seen.stale))
    return _shown(house, seen, written, visit)


def _visited(
    event: SecurityEvent, look: Look, followed: Callable[[Transaction], None] | None, transaction: Transaction
) -> Visit:
    """Keep a look and its event; the visit it belongs to."""
    reader = person(look.actor)
    transaction.expect_visit(look.patient, reader)
    keep(event, look, followed, transaction)
    return visited(transaction, look.patient, reader, look.at)


def _shown(house: House, seen: Picture, written: Look, visit: Visit) -> Shown:
    permit = seen.permit
    untold = house.block_notice == "none"
    return Shown(
        overview=seen.overview,
        look=written.id,
        etag=seen.etag,
        reason=permit.code,
        scope=permit.scope,
        patient=written.patient,
        rule=permit.rule,
        dead=permit.dead,
        override=permit.override,
        follow_ups=permit.follow_ups,
        asked_again_at=permit.asked_again_at,
        may_override=(seen.overview.filtered or untold) and permit.override is None and in_person(permit.actor),
        since=visit.before,
    )
