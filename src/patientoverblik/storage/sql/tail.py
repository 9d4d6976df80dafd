"""The tail of the trail: a slip for each entry that no checkpoint covers yet.

Slips are added behind the newest of their lane, so that every act writes the same page of the database and none of a
chain's own. A lane belongs to one writer at a time.
"""

from patientoverblik.service.seals import Chain, Head, Slip, TailEnd
from patientoverblik.service.tail import beginning_of, slip_after
from patientoverblik.storage.sql.connection import Connection

_SLIP = "select lane, number, patient, organisation, entry, key, mac, sealed from trail_tail"

_END = "select number, mac from trail_tail where lane = ? order by number desc limit 1"


class TailReads:
    """Reading slips."""

    def __init__(self, connection: Connection) -> None:
        """Read through ``connection``."""
        self._connection = connection

    def slips(self, after: tuple[int, int], most: int) -> tuple[Slip, ...]:
        """Slips behind (lane, number), by lane and number."""
        rows = self._connection.all(
            f"{_SLIP} where (lane, number) > (?, ?) order by lane, number limit ?", (*after, most)
        )
        return tuple(_slip(row) for row in rows)

    def tail_ends(self) -> tuple[TailEnd, ...]:
        """The end of every lane."""
        rows = self._connection.all("select lane, max(number) from trail_tail group by lane order by lane")
        return tuple(slip.end for lane, number in rows for slip in self.slips((lane, number - 1), 1))

    def open_chains(self, most: int) -> tuple[Chain, ...]:
        """Chains with entries that no checkpoint covers."""
        rows = self._connection.all(
            "select distinct patient, organisation from trail_tail where sealed = 0 limit ?", (most,)
        )
        return tuple(Chain(*row) for row in rows)


class TailWrites(TailReads):
    """Adding and covering slips inside an act."""

    def _expect_slip(self) -> None:
        self._connection.ahead(_END, (self._connection.lane,))

    def _add_slip(self, head: Head) -> None:
        """Tell in the tail that ``head`` was written."""
        lane = self._connection.lane
        row = self._connection.one(_END, (lane,))
        before = TailEnd(lane, row[0], as_bytes(row[1])) if row else beginning_of(lane)
        slip = slip_after(before, head, self._connection.trail_key)
        self._connection.later(
            "insert into trail_tail (lane, number, patient, organisation, entry, key, mac)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (lane, slip.number, head.patient, head.organisation, head.number, slip.key, slip.mac),
        )
        self._connection.known(_END, (lane,), [(slip.number, slip.mac)])

    def _cover(self, tail: TailEnd) -> None:
        """Forget the slips before an end, which stays as covered."""
        self._connection.later("delete from trail_tail where lane = ? and number < ?", (tail.lane, tail.number))
        self._connection.later(
            "update trail_tail set sealed = 1 where lane = ? and number = ? and sealed = 0", (tail.lane, tail.number)
        )


def as_bytes(value: object) -> bytes:
    """A column as bytes, whatever somebody may have put there."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def _slip(row: tuple[int, int, int, str, int, str, bytes, int]) -> Slip:
    lane, number, patient, organisation, entry, key, mac, sealed = row
    return Slip(lane, number, Chain(patient, organisation), entry, key, as_bytes(mac), bool(sealed))
