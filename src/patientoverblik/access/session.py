"""A person at a door, and the record system that opened it for them where one did."""

import msgspec

from patientoverblik.access.model import Actor


class Embedding(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A record system that opened one patient's overview inside itself: its name, the origins of its pages, and where
    the way back leads (empty for nowhere).

    ``path`` is the address of that overview, and of nothing else. ``ref`` is what the record system calls the patient,
    given back to it so that it can see that it got the one it asked for; ``banner`` whether we are to show who the
    patient is above the overview, because the record system does not.
    """

    name: str
    origins: tuple[str, ...]
    path: str
    back: str = ""
    ref: str = ""
    banner: bool = False


class Session(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A person at a door: who they are until when (ms UTC). ``id`` is the SHA-256 of the secret the browser holds.

    ``issuer``, ``subject`` and ``sid`` are the login provider's own words for who and which of its sessions it was, so
    that its logout ends this one too. ``ends`` is the time it never lasts beyond, whatever it is used for; 0 where only
    the house's own longest time holds. ``embedding`` is there where a record system opened it for one patient.
    """

    id: str
    actor: Actor
    started: int
    expires: int
    csrf: str = ""
    issuer: str = ""
    subject: str = ""
    sid: str = ""
    ends: int = 0
    embedding: Embedding | None = None
