"""Token buckets: how often somebody may ask.

A bucket holds as many tokens as its rate, a request takes one, and as many as the rate come back in a minute, evenly.
So at most ``rate`` requests at once, and at most ``rate * (1 + minutes)`` in any time. Of a bucket one whole number is
kept: when it is full again, in units of a millisecond divided by the rate, so that a token is 60 000 units and nothing
is rounded.

The buckets lie in the memory of one worker: with several workers the limits hold for each. What is counted is requests
of the one who asks, never what they are about or how they end, so that a limit tells nothing of a patient.
"""

from collections import OrderedDict

MINUTE = 60_000
MOST = 100_000


def taken(full_at: int, rate: int, at: int) -> tuple[int, int]:
    """A bucket after a request at a time (ms), and how long to wait (ms): 0 where a token was there and was taken.

    A bucket can never lack more than all its tokens: a clock that was set back locks nobody out for longer than that.
    """
    scaled = at * rate
    after = min(max(full_at, scaled), scaled + rate * MINUTE) + MINUTE
    late = after - rate * MINUTE - scaled
    return (after, 0) if late <= 0 else (after - MINUTE, -(-late // rate))


class Limits:
    """The buckets of one worker, by key. Where there are too many, those longest unused are forgotten, to the good of
    whom they are of."""

    def __init__(self, most: int = MOST) -> None:
        """None yet; at most ``most`` are kept."""
        self._buckets: OrderedDict[str, int] = OrderedDict()
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

    def give_back(self, key: str) -> None:
        """Put a token back, of a request that is counted elsewhere."""
        if key in self._buckets:
            self._buckets[key] -= MINUTE
