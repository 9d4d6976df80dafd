"""What the command line needs of the app: a running service, somebody to act as, and the long-running commands."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from patientoverblik.access import Actor, Purpose
from patientoverblik.service.house import House
from patientoverblik.sharing.model import PatientId

T = TypeVar("T")


class Acting(msgspec.Struct, frozen=True):
    """Somebody to act as, the purpose they look with, and their own number where they are a citizen or a relative."""

    id: str
    name: str
    actor: Actor
    purpose: Purpose
    own: PatientId | None = None


class Diagnosis(msgspec.Struct, frozen=True):
    """One thing the doctor looked at: ``fine`` or not, and what was found in one sentence."""

    what: str
    fine: bool
    found: str


class Workshop(Protocol):
    """The app as the command line sees it."""

    def complete(self, act: Callable[[House], Awaitable[T]]) -> T:
        """Open the database, do one act, and close it again."""

    def operator(self) -> Actor:
        """The one who delivers from the command line."""

    def personas(self) -> Sequence[Acting]:
        """Everybody the command line may look as; empty outside the demo."""

    def serve(self) -> int:
        """Serve the pages until stopped; the exit code."""

    def demo(self, load_only: bool) -> int:
        """Load the demo people and, unless ``load_only``, serve them; the exit code."""

    def diagnose(self) -> Sequence[Diagnosis]:
        """Look at the installation."""
