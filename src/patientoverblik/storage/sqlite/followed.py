"""What follows a look, kept in SQLite: attempts, follow-ups and notices of one patient, apart from what a look reads.

Which patients have follow-ups for an organisation stands in a locator of its own.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from patientoverblik.access import Attempt, FollowUp, Notice
from patientoverblik.storage.sqlite.evidence import EvidenceReads, EvidenceWrites
from patientoverblik.storage.sqlite.packing import decode_attempt, decode_follow_up, decode_notice, encode
from patientoverblik.storage.sqlite.place import FOLLOWED, part_span
from patientoverblik.storage.union import ATTEMPTS_KEPT, by_organisation, united

T = TypeVar("T")
_OF_ANY = "select distinct patient from follow_up_locator"
_OF_ONE = "select patient from follow_up_locator where organisation = ?"


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
        rows = self._connection.all(asked, value)
        held = (one for (key,) in rows for one in self._followed_of(key, "follow-up", decode_follow_up))
        mine = [one for one in held if organisation in ("", by_organisation(one))]
        return tuple(sorted(mine, key=lambda one: (one.deadline, one.id)))

    def notices(self, patient: int) -> tuple[Notice, ...]:
        """Every notice to the patient, linked keys included."""
        return self._followed(patient, "notice", decode_notice)

    def _followed(self, patient: int, kind: str, decode: Callable[[bytes], T]) -> tuple[T, ...]:
        return united(self._followed_of(key, kind, decode) for key in self.linked_keys(patient))

    def _followed_of(self, key: int, kind: str, decode: Callable[[bytes], T]) -> list[T]:
        rows = self._connection.all(
            "select data from shelf where place between ? and ? and patient = ? and about = ? order by place",
            (*part_span(key, FOLLOWED), key, kind),
        )
        return [decode(data) for (data,) in rows]


class FollowedWrites(FollowedReads, EvidenceWrites):
    """Changing what follows a look, inside an act."""

    def put_attempt(self, patient: int, attempt: Attempt) -> None:
        """Keep an attempt; those made long before it are forgotten."""
        self._connection.run(
            "delete from shelf where place between ? and ? and patient = ? and about = 'attempt' and name < ?",
            (*part_span(patient, FOLLOWED), patient, _instant(attempt.at - ATTEMPTS_KEPT + 1)),
        )
        self._put(patient, "attempt", _name_of(attempt), encode(attempt), FOLLOWED)

    def put_follow_up(self, follow_up: FollowUp) -> None:
        """Add a follow-up, or replace the one with its id."""
        patient = follow_up.patient
        self._put(patient, "follow-up", follow_up.id.encode(), encode(follow_up), FOLLOWED)
        self._connection.run(
            "insert or ignore into follow_up_locator (organisation, patient) values (?, ?)",
            (by_organisation(follow_up), patient),
        )

    def put_notice(self, notice: Notice) -> None:
        """Add a notice, or replace the one with its id."""
        self._put(notice.patient, "notice", notice.id.encode(), encode(notice), FOLLOWED)


def _name_of(attempt: Attempt) -> bytes:
    """By time, so that old ones are found by name."""
    return _instant(attempt.at) + sha256(encode((attempt.actor, attempt.session))).digest()[:8]


def _instant(at: int) -> bytes:
    return max(0, at).to_bytes(8, "big")
