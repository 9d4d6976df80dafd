"""What follows a look, as rows: attempts, follow-ups and notices of one patient, apart from what a look reads.

Which patients have follow-ups for an organisation, and which have some that wait, stands in locators of their own.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import TypeVar

from patientoverblik.access import Attempt, FollowUp, Notice
from patientoverblik.storage.sql.evidence import EvidenceReads, EvidenceWrites
from patientoverblik.storage.sql.packing import decode_attempt, decode_follow_up, decode_notice, encode
from patientoverblik.storage.sql.place import FOLLOWED, ORDER_BITS, PATIENT_BITS, WITHIN, part_span, within
from patientoverblik.storage.sql.putting import once
from patientoverblik.storage.union import ATTEMPTS_KEPT, by_organisation, united

T = TypeVar("T")
PATIENT_MASK = (1 << PATIENT_BITS) - 1
_OF_ANY = "select distinct patient from follow_up_locator"
_OF_ONE = "select patient from follow_up_locator where organisation = ?"
_PENDING = "select patient from follow_up_pending"


class FollowedReads(EvidenceReads):
    """Reading what follows a look; linked keys are united."""

    def attempts(self, patient: int) -> tuple[Attempt, ...]:
        """Every attempt that is kept, linked keys included."""
        return self._followed(patient, "attempt", decode_attempt)

    def follow_ups(self, patient: int) -> tuple[FollowUp, ...]:
        """Every follow-up of looks at the patient, linked keys included."""
        return self._followed(patient, "follow-up", decode_follow_up)

    def follow_ups_of(self, organisation: str) -> tuple[FollowUp, ...]:
        """Every follow-up of looks by an organisation (empty: by any), by when it must be done."""
        asked, value = (_OF_ONE, (organisation,)) if organisation else (_OF_ANY, ())
        return tuple(one for one in self._located(asked, value) if organisation in ("", by_organisation(one)))

    def pending_follow_ups(self) -> tuple[FollowUp, ...]:
        """Every follow-up that waits, by when it must be done."""
        return tuple(one for one in self._located(_PENDING, ()) if one.state == "pending")

    def notices(self, patient: int) -> tuple[Notice, ...]:
        """Every notice to the patient, linked keys included."""
        return self._followed(patient, "notice", decode_notice)

    def _located(self, patients: str, values: tuple[str, ...]) -> list[FollowUp]:
        """The follow-ups of all patients that a locator gives, in one read, by deadline."""
        rows = self._connection.all(located(patients, self._connection.own_places), values)
        held = [decode_follow_up(data) for (data,) in rows]
        return sorted(held, key=lambda one: (one.deadline, one.id))

    def _followed(self, patient: int, kind: str, decode: Callable[[bytes], T]) -> tuple[T, ...]:
        return united(self._followed_of(key, kind, decode) for key in self.linked_keys(patient))

    def _followed_of(self, key: int, kind: str, decode: Callable[[bytes], T]) -> list[T]:
        rows = self._connection.all(
            f"select data from shelf where {WITHIN} and about = ? order by place",  # noqa: S608
            (*within(key, FOLLOWED), kind),
        )
        return [decode(data) for (data,) in rows]


class FollowedWrites(FollowedReads, EvidenceWrites):
    """Changing what follows a look, inside an act."""

    def put_attempt(self, patient: int, attempt: Attempt) -> None:
        """Keep an attempt; those made long before it are forgotten."""
        self._connection.later(
            f"delete from shelf where {WITHIN} and about = 'attempt' and name < ?",  # noqa: S608
            (*within(patient, FOLLOWED), _instant(attempt.at - ATTEMPTS_KEPT + 1)),
        )
        self._put(patient, "attempt", _name_of(attempt), encode(attempt), FOLLOWED)

    def put_follow_up(self, follow_up: FollowUp) -> None:
        """Add a follow-up, or replace the one with its id."""
        patient = follow_up.patient
        self._put(patient, "follow-up", follow_up.id.encode(), encode(follow_up), FOLLOWED)
        if follow_up.state == "pending":
            self._connection.later(once("follow_up_pending", "patient"), (patient,))
        elif all(one.state != "pending" for one in self._followed_of(patient, "follow-up", decode_follow_up)):
            self._connection.later("delete from follow_up_pending where patient = ?", (patient,))
        self._connection.later(
            once("follow_up_locator", "organisation", "patient"), (by_organisation(follow_up), patient)
        )

    def put_notice(self, notice: Notice) -> None:
        """Add a notice, or replace the one with its id."""
        self._put(notice.patient, "notice", notice.id.encode(), encode(notice), FOLLOWED)


@cache
def located(patients: str, own_places: bool) -> str:
    """The statement for the follow-ups of the patients that another gives: each patient's lie together, by place."""
    first, last = (
        f"((mine.patient & {PATIENT_MASK}) << {ORDER_BITS}) + {part_span(0, FOLLOWED)[end]}" for end in (0, 1)
    )
    # A plus keeps the database from making an index of the whole table for this one question, and a cross join makes it
    # begin with the patients. Where a part's rows are packed, the part is what keeps the others unread.
    own, about = ("shelf.patient", "shelf.about") if own_places else ("+shelf.patient", "+shelf.about")
    part = f" and shelf.part = {FOLLOWED}" if own_places else ""
    return (
        f"select shelf.data from ({patients}) as mine"  # noqa: S608 - constants of our own
        f" cross join shelf where {own} = mine.patient{part} and shelf.place between {first} and {last}"
        f" and {about} = 'follow-up' order by mine.patient, shelf.place"
    )


def _name_of(attempt: Attempt) -> bytes:
    """By time, so that old ones are found by name."""
    return _instant(attempt.at) + sha256(encode((attempt.actor, attempt.session))).digest()[:8]


def _instant(at: int) -> bytes:
    return max(0, at).to_bytes(8, "big")
