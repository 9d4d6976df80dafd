"""Readers whom a decision does not tell apart: colleagues of whom the evidence says nothing as persons.

What is decided for :func:`anybody` is what is decided for each of them, but for whom the permit names. It is for lists,
where one organisation's patients are decided many at a time; a look is decided for the person who looks.
"""

from collections.abc import Iterator

from patientoverblik.access.model import Actor, Evidence, Principal

AUTHORISED = "any authorisation"


def anybody(actor: Actor) -> Actor:
    """Whoever works as the actor does: the same kind, organisation and national role, authorised or not, acting for
    somebody or not."""
    principal = actor.principal
    return Actor(
        actor.kind,
        "",
        role=actor.role,
        organisation=actor.organisation,
        authorisation=actor.authorisation and AUTHORISED,
        national_role=actor.national_role,
        principal=principal and Principal("", authorisation=principal.authorisation and AUTHORISED),
    )


def is_named(actor: Actor, patient: int, evidence: Evidence) -> bool:
    """Whether the evidence may speak of the actor as a person: by a block or an opening, or because the patient is the
    actor, of the actor's family, or one the actor acts for."""
    blocks = evidence.blocks
    if evidence.openings or (blocks and any(block.person or block.relative for block in blocks)):
        return True
    return actor.person != 0 and actor.person in (patient, *evidence.keys, *evidence.person.family, *_holders(evidence))


def _holders(evidence: Evidence) -> Iterator[int]:
    yield from (power.holder for power in evidence.powers)
    yield from (custody.holder for custody in evidence.custodies)
    yield from (guardian.holder for guardian in evidence.guardians)
