"""What has an end and may be forgotten once that is long past, in memory."""

from collections.abc import Callable, Mapping
from typing import Any

from patientoverblik.access import (
    Block,
    Custody,
    FollowUp,
    Guardian,
    Notice,
    Opening,
    PowerOfAttorney,
    Protection,
    Relation,
)
from patientoverblik.access.ports import Kept
from patientoverblik.storage.memory.state import State


class ForgettingWrites:
    """Listing and forgetting inside an act."""

    _now: Callable[[], State]

    def kept_of(self, patient: int) -> tuple[Kept, ...]:
        """Everything that has an end, under this key alone."""
        return tuple(one for rows in _rows(self._now()).values() for one in rows.get(patient, {}).values())

    def forget(self, patient: int, kept: Kept) -> None:
        """Take one away; nothing where there is none."""
        rows = _rows(self._now())[type(kept)]
        rows[patient] = {key: one for key, one in rows.get(patient, {}).items() if key != _key(kept)}


def _rows(state: State) -> Mapping[type, dict[int, Mapping[Any, Kept]]]:
    held: dict[type, Any] = {
        Relation: state.relations,
        PowerOfAttorney: state.powers,
        Block: state.blocks,
        Custody: state.custodies,
        Guardian: state.guardians,
        Protection: state.protections,
        Opening: state.openings,
        FollowUp: state.follow_ups,
        Notice: state.notices,
    }
    return held


def _key(kept: Kept) -> Any:
    """What it is kept under."""
    if isinstance(kept, Relation):
        return kept.told_of
    return kept.person if isinstance(kept, Protection) else kept.id
