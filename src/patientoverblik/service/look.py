"""A person looks: the overview, and the look written down before it leaves (DESIGN, A person looks)."""

from functools import partial

from patientoverblik.access import Actor, Purpose, Refusal
from patientoverblik.service.contributions import write_back
from patientoverblik.service.house import House
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked, Picture, look_of, picture
from patientoverblik.service.trail import done, refuse, write
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
    return await refuse(house, actor, key, "look", refusal)


async def _show(house: House, asked: Asked, seen: Picture) -> Shown:
    written = look_of(house.ids.uuid(), asked, seen)
    subjects = tuple(document.entry for document in seen.documents)
    await write(house, done(house, asked.actor, written.patient, "look", written.rule, subjects), written)
    if seen.stale:
        house.storage.act(partial(write_back, seen.stale))
    return Shown(seen.overview, written.id, seen.etag, seen.permit.code, seen.permit.scope, written.patient)
