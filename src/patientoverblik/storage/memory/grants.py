"""What citizens have allowed apps, in the memory storage."""

from collections.abc import Callable

from patientoverblik.storage.memory.state import State


class GrantReads:
    """Reading grants and secrets of the state that ``_now`` gives."""

    _now: Callable[[], State]

    def grant(self, grant: str) -> bytes | None:
        """A grant by its id."""
        found = self._now().grants.get(grant)
        return found[2] if found else None

    def grants_of(self, patient: int) -> tuple[bytes, ...]:
        """Every grant about a patient key."""
        return tuple(data for about, _, data in self._now().grants.values() if about == patient)

    def grants_by(self, giver: int) -> tuple[bytes, ...]:
        """Every grant given by a person."""
        return tuple(data for _, by, data in self._now().grants.values() if by == giver)

    def spendable(self, digest: str) -> bytes | None:
        """A secret by its hash."""
        return self._now().spendables.get(digest)


class GrantWrites(GrantReads):
    """Changing grants and secrets in a draft."""

    def put_grant(self, grant: str, patient: int, giver: int, data: bytes) -> None:
        """Keep or replace a grant."""
        self._now().grants[grant] = (patient, giver, data)

    def put_spendable(self, digest: str, _grant: str, _patient: int, data: bytes) -> None:
        """Keep or replace a secret."""
        self._now().spendables[digest] = data
