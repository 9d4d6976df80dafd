"""The trail as it is verified: entry by entry in pages, heads, checkpoints and anchors.

An entry's number is its place within its patient's: it rises along a chain, and has gaps only where two patients share
their places. Verification walks the whole store on purpose; its statements are reviewed (tests/storages/watcher.py).
"""

from collections.abc import Iterator

from patientoverblik.service.seals import Chain, Entry, Head, SealedAnchor, SealedCheckpoint
from patientoverblik.storage.sql.place import EVENT, part_span, span
from patientoverblik.storage.sql.tail import TailReads, as_bytes

PAGE = 1000
_CHECKPOINT = "select number, data, signature, heads from trail_checkpoint"


class SealReads(TailReads):
    """Reading entries, heads and seals."""

    def trail(self) -> Iterator[Entry]:
        """Every entry: those without a patient first, then patient by patient as they lie."""
        after = Chain(-1)
        while page := self.chains_after(after, PAGE):
            for chain in page:
                yield from self.chain_entries(chain)
            after = page[-1]

    def chain_entries(self, chain: Chain) -> Iterator[Entry]:
        """The entries of one chain in order."""
        number = 0
        while rows := self._rows(chain, number):
            for number, data, digest in rows:
                yield Entry(chain, number, as_bytes(data), as_bytes(digest))
            if len(rows) < PAGE:
                return

    def digest_at(self, chain: Chain, number: int) -> bytes | None:
        """The digest of one entry."""
        if chain.patient:
            row = self._connection.one(
                "select name from trail where place = ? and patient = ?",
                (first_place(chain.patient) + number - 1, chain.patient),
            )
        else:
            row = self._connection.one(
                "select digest from organisation_event where organisation = ? and position = ?",
                (chain.organisation, number),
            )
        return as_bytes(row[0]) if row else None

    def head(self, chain: Chain) -> Head | None:
        """The newest entry of a chain."""
        if chain.patient:
            row = self._connection.one(
                "select place, name from trail where place between ? and ? and patient = ? order by place desc limit 1",
                (*part_span(chain.patient, EVENT), chain.patient),
            )
            less = first_place(chain.patient) - 1
        else:
            row = self._connection.one(
                "select position, digest from organisation_event where organisation = ? order by position desc limit 1",
                (chain.organisation,),
            )
            less = 0
        return Head(chain.patient, chain.organisation, row[0] - less, as_bytes(row[1])) if row else None

    def checkpoints(self, after: int, most: int) -> tuple[SealedCheckpoint, ...]:
        """Checkpoints in order, beginning after a number."""
        rows = self._connection.all(f"{_CHECKPOINT} where number > ? order by number limit ?", (after, most))
        return tuple(_sealed(row) for row in rows)

    def last_checkpoint(self) -> SealedCheckpoint | None:
        """The newest checkpoint."""
        row = self._connection.one(f"{_CHECKPOINT} order by number desc limit 1")
        return _sealed(row) if row else None

    def anchor(self, chain: Chain) -> SealedAnchor | None:
        """Where a chain begins, if not at its first entry."""
        row = self._connection.one(
            "select data, signature from trail_anchor where patient = ? and organisation = ?",
            (chain.patient, chain.organisation),
        )
        return SealedAnchor(chain, as_bytes(row[0]), as_bytes(row[1])) if row else None

    def anchors(self) -> Iterator[SealedAnchor]:
        """Every anchor."""
        patient, organisation = -1, ""
        while rows := self._connection.all(
            "select patient, organisation, data, signature from trail_anchor"
            " where (patient, organisation) > (?, ?) order by patient, organisation limit ?",
            (patient, organisation, PAGE),
        ):
            for patient, organisation, data, signature in rows:
                yield SealedAnchor(Chain(patient, organisation), as_bytes(data), as_bytes(signature))

    def chains_after(self, after: Chain, most: int) -> tuple[Chain, ...]:
        """Chains in the order they lie in: those of organisations by name, then those of patients by place."""
        found = [] if after.patient > 0 else self._organisations(after, most)
        if len(found) < most:
            found += self._patients(after.patient if after.patient > 0 else 0, most - len(found))
        return tuple(found)

    def _organisations(self, after: Chain, most: int) -> list[Chain]:
        first = after.patient < 0
        rows = self._connection.all(
            f"select distinct organisation from organisation_event where organisation {'>=' if first else '>'} ?"  # noqa: S608
            " order by organisation limit ?",
            (after.organisation, most),
        )
        return [Chain(0, row[0]) for row in rows]

    def _patients(self, after: int, most: int) -> list[Chain]:
        """Patients in the order of their places, and of their keys where they share places."""
        if self._connection.own_places:
            rows = self._connection.all(
                "select distinct patient from trail where patient > ? order by patient limit ?", (after, most)
            )
            return [Chain(row[0]) for row in rows]
        found = [one for one in self._sharing(span(after)[0]) if one > after] if after else []
        place = span(after)[1] if after else -1
        while len(found) < most:
            row = self._connection.one("select place from trail where place > ? order by place limit 1", (place,))
            if row is None:
                break
            found += self._sharing(row[0])
            place = row[0] | (span(0)[1])
        return [Chain(patient) for patient in found]

    def _sharing(self, place: int) -> list[int]:
        """The patients whose events lie in the stretch that a place belongs to, ascending."""
        first = place & ~span(0)[1]
        last = part_span(0, EVENT)[1]
        rows = self._connection.all(
            "select distinct patient from trail where place between ? and ? order by patient", (first, first + last)
        )
        return [row[0] for row in rows]

    def _rows(self, chain: Chain, number: int) -> list[tuple[int, bytes, bytes]]:
        if not chain.patient:
            return self._connection.all(
                "select position, data, digest from organisation_event where organisation = ? and position > ?"
                " order by position limit ?",
                (chain.organisation, number, PAGE),
            )
        first, last = part_span(chain.patient, EVENT)
        return self._connection.all(
            "select place - ?1 + 1, data, name from trail where place between ?2 and ?3 and patient = ?4"
            " order by place limit ?5",
            (first, first + number, last, chain.patient, PAGE),
        )


def first_place(patient: int) -> int:
    """The place of a patient's first entry."""
    return part_span(patient, EVENT)[0]


def _sealed(row: tuple[int, bytes, bytes, bytes]) -> SealedCheckpoint:
    return SealedCheckpoint(row[0], as_bytes(row[1]), as_bytes(row[2]), as_bytes(row[3]))
