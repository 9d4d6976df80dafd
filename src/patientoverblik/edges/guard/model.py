"""What one installation asks of every request, whichever door it is for."""

import msgspec


class Rates(msgspec.Struct, frozen=True):
    """How many requests may come at once, and how many a minute after that; 0 is without limit.

    ``actor``: of somebody who has shown who they are. ``address``: from one source address by those who have not.
    ``entry``: of all from an address, those that begin or finish a login or ask for a token. ``search``: that name a
    patient by number.
    """

    actor: int = 600
    address: int = 1200
    entry: int = 240
    search: int = 60


class Guard(msgspec.Struct, frozen=True):
    """One installation: the names it answers to, who may frame its pages (origins), whether it is reached by TLS, the
    session cookie's name, how often somebody may ask, and which addresses are entries, searches, or free of counting.

    An address of ``free`` is the beginning of a path; those of ``entries`` and ``searches`` are whole, the latter with
    their method before them (``POST /patient``).
    """

    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "::1"})
    frame_hosts: tuple[str, ...] = ()
    secure: bool = False
    cookie: str = "overblik"
    rates: Rates = Rates()
    entries: frozenset[str] = frozenset()
    searches: frozenset[str] = frozenset()
    free: tuple[str, ...] = ()
