"""A slow and separate statement of who sees what, in the words of the issue and nsp.md, sharing no code with the product."""

from datetime import datetime
from zoneinfo import ZoneInfo

EVERY_PART = {"plans", "appointments", "card", "measurements", "psychiatry"}


def sees(actor, patient, purpose, at, evidence, entry):
    """Whether the actor sees the document on its own, by the text of the rules."""
    parts = permitted_parts(actor, patient, purpose, at, evidence)
    for part in entry.parts or EVERY_PART:
        if part not in parts:
            return False
    if actor.kind in ("professional", "relative"):
        for block in evidence.blocks:
            if block_is_on(block, at) and block_names(block, actor) and block_hits(block, entry):
                return False
    return True


def permitted_parts(actor, patient, purpose, at, evidence):
    if actor.kind == "job":
        return EVERY_PART if purpose in ("maintenance", "replay", "delivery") else set()
    if actor.kind == "professional" and purpose == "treatment":
        return EVERY_PART if treats(actor, at, evidence) else set()
    if actor.kind == "citizen" and purpose in ("own-overview", "replay"):
        own = patient != 0 and actor.person == patient
        adult = evidence.person.born != 0 and age(evidence.person.born, at) >= 15
        return EVERY_PART if own and adult and not dead(evidence, at) else set()
    if actor.kind == "relative" and purpose == "on-behalf":
        return set() if dead(evidence, at) else powers(actor, at, evidence)
    return set()


def treats(actor, at, evidence):
    for relation in evidence.relations:
        there = (relation.organisation.system, relation.organisation.value)
        here = actor.organisation and (actor.organisation.system, actor.organisation.value)
        if here == there and on(relation.valid_from, relation.valid_until, at):
            return True
    return False


def powers(actor, at, evidence):
    parts = set()
    for power in evidence.powers:
        if actor.person and power.holder == actor.person and on(power.valid_from, power.valid_until, at):
            parts |= set(power.parts)
    return parts


def dead(evidence, at):
    return evidence.person.died != 0 and evidence.person.died <= at


def age(born, at):
    zone = ZoneInfo("Europe/Copenhagen")
    birth, today = (datetime.fromtimestamp(t / 1000, zone).date() for t in (born, at))
    had_birthday = (today.month, today.day) >= (birth.month, birth.day)
    return today.year - birth.year - (0 if had_birthday else 1)


def on(start, end, at):
    if at < start:
        return False
    return True if end == 0 else at < end


def block_is_on(block, at):
    return on(block.valid_from, block.valid_until, at)


def block_names(block, actor):
    if block.organisation is not None:
        if actor.organisation is None:
            return False
        if (
            block.organisation.system != actor.organisation.system
            or block.organisation.value != actor.organisation.value
        ):
            return False
    return block.person == "" or block.person == actor.id


def block_hits(block, entry):
    place = block.origin is None
    for origin in entry.origins:
        if block.origin is not None and (origin.system, origin.value) == (block.origin.system, block.origin.value):
            place = True
    return place and any(on(block.origin_from, block.origin_until, time) for time in entry.origin_times)
