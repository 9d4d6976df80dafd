"""How many requests one worker answers at once. One more is told to come again: it would wait behind all of them, and
those behind it longer still, until nobody is answered in time.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class Room:
    """The requests that are being answered by one worker."""

    def __init__(self, most: int) -> None:
        """None yet; at most ``most`` at once, 0 for any number."""
        self._most = most
        self._taken = 0

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """While one more is there: whether there was room for it."""
        has_room = not self._most or self._taken < self._most
        self._taken += has_room
        try:
            yield has_room
        finally:
            self._taken -= has_room
