"""A person looks: the overview, and the look written down before it leaves (DESIGN, A person looks)."""

from functools import partial

from patientoverblik.access import Actor, Look, Purpose, Refusal
from patientoverblik.service.contributions import write_back
from patientoverblik.service.follow_up import after_look, after_refusal, in_person
from patientoverblik.service.house import House
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked, Picture, look_of, picture
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.service.use import used_by
from patientoverblik.sharing.model import PatientId


async def look(house: House, actor: Actor, patient: PatientId | int, purpose: Purpose, view: str) -> Shown | Refusal:
    """Show one patient's overview; the look and its event are durable when this returns.

    An unknown patient and one the actor has no right to give the same refusal.
    """
    asked = Asked(actor, patient, purpose, view, house.clock())
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, asked)
    if isinstance(seen, Picture):
        return await _show(house, asked, seen)
    key, refusal = seen
    return await refuse(house, actor, key, "look", refusal, after_refusal(house, actor, key, "look", refusal))


async def _show(house: House, asked: Asked, seen: Picture) -> Shown:
    written = look_of(house.ids.uuid(), asked, seen)
    subjects = tuple(document.entry for document in seen.documents)
    event = done(house, asked.actor, written.patient, "look", written.rule, subjects)
    await write(house, event, written, after_look(house, seen.permit, written))
    house.used(used_by(asked.actor, seen.overview.sources, asked.at, house.clock()))
    if seen.stale:
        house.storage.act(partial(write_back, seen.stale))
    return _shown(house, seen, written)


def _shown(house: House, seen: Picture, written: Look) -> Shown:
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
    )
