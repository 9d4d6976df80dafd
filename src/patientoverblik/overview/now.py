"""The moment of looking, which notes every instant it is compared with.

What is drawn depends on the time only through comparisons. Between the last noted instant before and the first one
after, every one of them would come out the same, so what was drawn still holds (a test fails a calculation with it).
"""

import msgspec


class Span(msgspec.Struct, frozen=True, gc=False):
    """The times at which something still holds: strictly between ``after`` and ``before``, and at ``at`` itself."""

    at: int
    after: float
    before: float

    def holds(self, at: int) -> bool:
        """Whether ``at`` (milliseconds UTC) is one of them."""
        return self.after < at < self.before or at == self.at


class Now(int):
    """Milliseconds UTC that remember what they were compared with."""

    noted: set[int]

    def __new__(cls, at: int) -> "Now":
        """The time ``at``, compared with nothing yet."""
        now = super().__new__(cls, at)
        now.noted = set()
        return now

    def __lt__(self, other: int) -> bool:
        """Before, noted."""
        self.noted.add(other)
        return super().__lt__(other)

    def __le__(self, other: int) -> bool:
        """Not after, noted."""
        self.noted.add(other)
        return super().__le__(other)

    def __gt__(self, other: int) -> bool:
        """After, noted."""
        self.noted.add(other)
        return super().__gt__(other)

    def __ge__(self, other: int) -> bool:
        """Not before, noted."""
        self.noted.add(other)
        return super().__ge__(other)

    def span(self) -> Span:
        """When every comparison made so far comes out as it did."""
        at = int(self)
        after = max((each for each in self.noted if each <= at), default=float("-inf"))
        before = min((each for each in self.noted if each > at), default=float("inf"))
        return Span(at, after, before)
