"""What the app gives the pages: who may log in by the test login, and how sessions are kept."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from patientoverblik.access import Actor, Purpose
from patientoverblik.sharing.model import PatientId

CPR_SYSTEM = "1.2.208.176.1.2"
HALF_AN_HOUR = 30 * 60 * 1000
EIGHT_HOURS = 16 * HALF_AN_HOUR


class Whose(msgspec.Struct, frozen=True):
    """An overview that a citizen or a relative may open: whose it is and in what capacity."""

    label: str
    patient: PatientId
    purpose: Purpose
    name: str = ""


class Persona(msgspec.Struct, frozen=True):
    """Somebody the test login can be: shown by ``name`` and ``text``. A citizen or relative has overviews to open in
    ``whose`` and is known by their own number (``own``); a professional searches."""

    id: str
    name: str
    text: str
    actor: Actor
    own: PatientId | None = None
    whose: tuple[Whose, ...] = ()


class Acts(msgspec.Struct, frozen=True):
    """The acts of the service the pages call; each is awaited and gives a value or a refusal."""

    look: Callable[..., Awaitable[Any]]
    retrieve: Callable[..., Awaitable[Any]]
    list_documents: Callable[..., Awaitable[Any]]
    log: Callable[..., Awaitable[Any]]
    explain: Callable[..., Awaitable[Any]]


class PortalSettings(msgspec.Struct, frozen=True):
    """One installation's pages; ``lifetime`` is how long a session lasts after it was last used, ``longest`` how long
    it lasts at all, in milliseconds. The longest holds more than ten lifetimes (WCAG 2.2.1)."""

    personas: tuple[Persona, ...] = ()
    secure_cookies: bool = False
    lifetime: int = HALF_AN_HOUR
    longest: int = EIGHT_HOURS
    acts: Acts | None = None
