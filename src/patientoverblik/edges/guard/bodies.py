"""Bodies that have begun to come before anybody knows who sends them: how many there may be at once, and how large all
of them together.

A sender of a message shows who they are in the message alone, so it is taken in for a stranger. Without a bound a few
strangers could fill the memory of a worker. A body counts until its sender is known, or its request is answered. One
address has half the room at most, so that nobody can shut all others out from a single place.
"""

from collections import Counter


class Bodies:
    """The bodies of one worker, by source address."""

    def __init__(self, most: int, most_bytes: int) -> None:
        """None yet; at most ``most``, and ``most_bytes`` together."""
        self._most, self._most_bytes = most, most_bytes
        self._counts: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()

    def take(self, where: str, new: int, size: int) -> bool:
        """So many more bodies and bytes from an address; no, and none taken, where there is no room for them."""
        if not (_fits(self._counts, where, new, self._most) and _fits(self._sizes, where, size, self._most_bytes)):
            return False
        self._counts[where] += new
        self._sizes[where] += size
        return True

    def give_back(self, where: str, count: int, size: int) -> None:
        """So many of them are held no longer."""
        for held, less in ((self._counts, count), (self._sizes, size)):
            held[where] -= less
            if not held[where]:
                del held[where]


class Body:
    """One request's body from an address, which weighs nothing before it comes."""

    def __init__(self, among: Bodies, where: str) -> None:
        """One among all."""
        self._among, self._where = among, where
        self._size, self._released = 0, False

    def take(self, size: int) -> bool:
        """A piece of so many bytes; no where it is one too many."""
        if self._released or not size:
            return True
        has_room = self._among.take(self._where, int(not self._size), size)
        self._size += size if has_room else 0
        return has_room

    def release(self) -> None:
        """Its sender is known, or it has been answered: it counts no longer."""
        if not self._released and self._size:
            self._among.give_back(self._where, 1, self._size)
        self._released = True


def _fits(held: "Counter[str]", where: str, more: int, most: int) -> bool:
    """Whether so much more leaves all within their bound, and one address within half of it."""
    return not more or (held.total() + more <= most and held[where] + more <= most // 2)
