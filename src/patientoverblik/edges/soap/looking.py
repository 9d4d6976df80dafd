"""What every transaction that shows something shares: whose data the call is about, an override, and what is told."""

from collections.abc import Iterator
from typing import get_args

from patientoverblik.access import Ground, Refusal
from patientoverblik.edges.soap.call import Call
from patientoverblik.problems import Finding
from patientoverblik.service.override import held_override

UNSAID: Ground = "unstated"
"""The ground of an override whose wire has no place for one: the national service takes it without any."""


async def set_aside(call: Call) -> Finding | None:
    """Set the patient's blocks aside where the call asks for it (``ConsentOverride``); a finding where it may not."""
    wish, patient = call.who.override, call.who.patient
    if wish is None or patient is None:
        return None
    ground = next((one for one in get_args(Ground) if one == wish.ground), UNSAID)
    answer = await held_override(call.house, call.actor, patient, ground)
    return Finding(answer.code) if isinstance(answer, Refusal) else None


def notices(filtered: bool, overridden: bool) -> Iterator[Finding]:
    """Warnings beside what is shown: that a block took something away, or that blocks are set aside."""
    if filtered:
        yield Finding("xds.filtered")
    if overridden:
        yield Finding("xds.override")
