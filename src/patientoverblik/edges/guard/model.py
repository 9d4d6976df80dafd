"""What one installation asks of every request, whichever door it is for."""

import msgspec


class Rates(msgspec.Struct, frozen=True):
    """How many requests may come at once, and how many a minute after that; 0 is without limit.

    ``actor``: of somebody who has shown who they are. ``address``: from one source address by those who have not.
    ``entry``: of all from an address, those that begin or finish a login or ask for a token, counted by all workers
    together. ``search``: that name a patient by number.
    """

    actor: int = 600
    address: int = 1200
    entry: int = 240
    search: int = 60

    def among(self, workers: int) -> "Rates":
        """What each of so many workers allows, so that all of them together allow no more than this (but for rounding
        up). What is counted together is not divided."""
        actor, address, search = (-(-rate // workers) for rate in (self.actor, self.address, self.search))
        return Rates(actor, address, self.entry, search)


class Guard(msgspec.Struct, frozen=True):
    """One installation: the names it answers to, who may frame its pages (origins), whether it is reached by TLS, the
    session cookie's name, those of sessions in others' frames (each sent to its own address alone), how often somebody
    may ask, and which addresses are entries, searches, or free of counting.

    An address of ``free`` is the beginning of a path; those of ``entries`` and ``searches`` are whole, the latter with
    their method before them (``POST /patient``). ``elsewhere`` are those that pages of other sites may post to: what is
    sent there proves itself, and no cookie has a part in it. ``bodies`` and ``body_bytes`` bound what one worker takes
    in of senders it does not know yet; ``at_once`` is how many requests it answers at once, 0 for any number.
    """

    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "::1"})
    frame_hosts: tuple[str, ...] = ()
    secure: bool = False
    cookie: str = "overblik"
    framed_cookies: tuple[str, ...] = ()
    rates: Rates = Rates()
    entries: frozenset[str] = frozenset()
    searches: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    free: tuple[str, ...] = ()
    bodies: int = 64
    body_bytes: int = 256_000_000
    at_once: int = 0
