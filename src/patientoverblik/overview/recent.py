"""Values worked out before, kept under a key that holds everything they follow from, up to a weight in all."""

from collections.abc import Callable
from operator import is_
from typing import Any, Generic, TypeVar

import msgspec

K = TypeVar("K")
V = TypeVar("V")


class Same(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Frozen values as a key: equal while each of them is the very same value."""

    values: tuple[Any, ...]

    def __hash__(self) -> int:
        """By who the values are."""
        return hash(tuple(map(id, self.values)))

    def __eq__(self, other: object) -> bool:
        """Whether every value is the very same."""
        return (
            isinstance(other, Same)
            and len(self.values) == len(other.values)
            and all(map(is_, self.values, other.values))
        )


class Recent(Generic[K, V]):
    """Values by key while there is ``room``: the one not asked for longest leaves first.

    ``weigh`` says what a value takes of the room, one each where it is not given. Whoever keeps something here sees
    to it that the key holds all that the value follows from; what is answered then never depends on who asks or when.
    """

    def __init__(self, room: int, weigh: Callable[[V], int] = lambda _value: 1) -> None:
        """Make room."""
        self.room = room
        self.weight = 0
        self._weigh = weigh
        self._kept: dict[K, V] = {}

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._kept)

    def get(self, key: K, /) -> V | None:
        """The value, None if it is not kept."""
        value = self._kept.pop(key, None)
        if value is not None:
            self._kept[key] = value
        return value

    def __setitem__(self, key: K, value: V, /) -> None:
        """Keep a value, and let those go that have waited longest where there is no room; never the newest."""
        self._forget(key)
        self._kept[key] = value
        self.weight += self._weigh(value)
        while self.weight > self.room and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self.weight = 0

    def _forget(self, key: K) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self.weight -= self._weigh(old)
