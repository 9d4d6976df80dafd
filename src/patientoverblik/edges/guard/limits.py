"""Token buckets: how often somebody may ask.

A bucket holds as many tokens as its rate, a request takes one, and as many as the rate come back in a minute, evenly.
So at most ``rate`` requests at once, and at most ``rate * (1 + minutes)`` in any time. Of a bucket one whole number is
kept: when it is full again, in units of a millisecond divided by the rate, so that a token is 60 000 units and nothing
is rounded.

The buckets lie in the memory of one worker, and each of several workers has its share of the rate. Where guessing is
what a limit is against (a login begun or finished, a token asked for) that is not enough: those are counted by all
workers together, minute by minute (:class:`Counted`). What is counted is requests of the one who asks, never what they
are about or how they end, so that a limit tells nothing of a patient.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

MINUTE = 60_000
MOST = 100_000


# How often a key has been counted by all workers, this time with it; it is forgotten at a time (ms).
Counted = Callable[[str, int], Awaitable[int]]


def taken(full_at: int, rate: int, at: int) -> tuple[int, int]:
    """A bucket after a request at a time (ms), and how long to wait (ms): 0 where a token was there and was taken.

    A bucket can never lack more than all its tokens: a clock that was set back locks nobody out for longer than that.
    """
    scaled = at * rate
    after = min(max(full_at, scaled), scaled + rate * MINUTE) + MINUTE
    late = after - rate * MINUTE - scaled
    return (after, 0) if late <= 0 else (after - MINUTE, -(-late // rate))


class Limits:
    """The buckets of one worker, by key, and until when (ms) it knows that all workers together had enough. Where there
    are too many, those longest unused are forgotten, to the good of whom they are of."""

    def __init__(self, most: int = MOST) -> None:
        """None yet; at most ``most`` are kept."""
        self._buckets: OrderedDict[str, int] = OrderedDict()
        self._shut: OrderedDict[str, int] = OrderedDict()
        self._most = most

    def take(self, key: str, rate: int, at: int) -> int:
        """Take a token at a time (ms): 0, or how long to wait (ms)."""
        if not rate:
            return 0
        self._buckets[key], wait = taken(self._buckets.get(key, 0), rate, at)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait

    async def take_together(self, counted: Counted, key: str, rate: int, at: int) -> int:
        """Count a request in its minute: 0, or how long until the next (ms) where all workers had more than ``rate``.

        Whoever was told to wait is not counted again until then, so that a flood does not reach the database.
        """
        minute = at // MINUTE
        until = (minute + 1) * MINUTE
        if rate and self._shut.get(key, 0) != until and await counted(f"{key} {minute}", until) > rate:
            self._shut[key] = until
            if len(self._shut) > self._most:
                self._shut.popitem(last=False)
        return until - at if rate and self._shut.get(key, 0) == until else 0

    def give_back(self, key: str) -> None:
        """Put a token back, of a request that is counted elsewhere."""
        if key in self._buckets:
            self._buckets[key] -= MINUTE
