"""When a reader last saw a patient's overview, so that they can be shown what is new since then."""

from typing import Protocol

import msgspec

SITTING = 30 * 60 * 1000


class Visit(msgspec.Struct, frozen=True):
    """A reader's newest visit to a patient, and the one before it (ms UTC, 0 where there was none). Looks that follow
    each other within half an hour are one visit."""

    patient: int
    reader: str
    at: int
    before: int = 0

    def next(self, at: int) -> "Visit":
        """The visit that a look at ``at`` belongs to."""
        if self.at and at - self.at < SITTING:
            return msgspec.structs.replace(self, at=max(at, self.at))
        return msgspec.structs.replace(self, at=at, before=self.at)


def visited(keeper: "VisitKeeper", patient: int, reader: str, at: int) -> Visit:
    """Keep that a reader looks at a patient key, inside the look's own transaction; the visit it belongs to."""
    visit = (keeper.visit(patient, reader) or Visit(patient, reader, 0)).next(at)
    keeper.put_visit(visit)
    return visit


class VisitReader(Protocol):
    """Visits."""

    def visit(self, patient: int, reader: str) -> Visit | None:
        """A reader's newest visit to one patient key, None where there was none."""


class VisitKeeper(VisitReader, Protocol):
    """Visits inside a transaction."""

    def put_visit(self, visit: Visit) -> None:
        """Keep a visit in place of the one before."""
