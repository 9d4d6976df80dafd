"""How each transaction fares, as operators of the national service know it: failures in a row, and nothing of patients.

A failure is ours (storage away, something broken), never the sender's. Counts are this process's since it started.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Literal

import msgspec

Outcome = Literal["answered", "refused", "failed"]
DEAD_AFTER = 3
"""So many failures in a row, and a transaction is told as down (DROS counts the same way; nsp.md 2.1)."""


class Health(msgspec.Struct, frozen=True):
    """One transaction's counts. ``refused`` are faults of senders; times are milliseconds UTC, 0 for never."""

    answered: int = 0
    refused: int = 0
    failed: int = 0
    failures_in_a_row: int = 0
    last_answer: int = 0
    last_failure: int = 0

    @property
    def status(self) -> Literal["unused", "up", "failing", "down"]:
        """``failing`` from the first failure in a row, ``down`` from the third."""
        if self.failures_in_a_row:
            return "down" if self.failures_in_a_row >= DEAD_AFTER else "failing"
        return "up" if self.answered else "unused"


Healths = MutableMapping[str, Health]


def count(healths: Healths, number: str, outcome: Outcome, at: int) -> None:
    """Count one call of a transaction; a sender's fault says nothing of how we are."""
    held = healths.get(number, Health())
    counted = msgspec.structs.replace(held, **{outcome: getattr(held, outcome) + 1})
    if outcome == "answered":
        counted = msgspec.structs.replace(counted, failures_in_a_row=0, last_answer=at)
    elif outcome == "failed":
        counted = msgspec.structs.replace(counted, failures_in_a_row=held.failures_in_a_row + 1, last_failure=at)
    healths[number] = counted


def told(healths: Mapping[str, Health], addresses: Iterable[tuple[str, str]]) -> bytes:
    """The status of every (transaction, path) as JSON."""
    rows = [_row(number, path, healths.get(number, Health())) for number, path in addresses]
    worst = next((state for state in ("down", "failing") if any(row["status"] == state for row in rows)), "up")
    return msgspec.json.encode({"status": worst, "transactions": rows})


def _row(number: str, path: str, health: Health) -> dict[str, object]:
    return {"transaction": number, "path": path, "status": health.status, **msgspec.structs.asdict(health)}
