"""What readers of withdrawn documents are told, as rows: with the patient, and a locator for each addressee."""

import msgspec

from patientoverblik.service.telling import Telling, addressees
from patientoverblik.storage.sql.followed import FollowedReads, FollowedWrites
from patientoverblik.storage.sql.packing import encode
from patientoverblik.storage.sql.place import FOLLOWED
from patientoverblik.storage.sql.putting import once
from patientoverblik.storage.union import reachable

_decode = msgspec.msgpack.Decoder(Telling).decode


class TellingReads(FollowedReads):
    """Who has been told of what."""

    def tellings(self, patient: int) -> tuple[Telling, ...]:
        """Every telling of documents of the patient, linked keys included."""
        return self._followed(patient, "telling", _decode)

    def tellings_of(self, who: str) -> tuple[Telling, ...]:
        """Every telling to a person or an organisation, by patient."""
        rows = self._connection.all("select patient from telling_locator where who = ? order by patient", (who,))
        held = (one for (key,) in rows for one in self._followed_of(key, "telling", _decode))
        return tuple(one for one in held if who in addressees(one.reader))

    def once_linked(self, patient: int) -> tuple[int, ...]:
        """The key and every key that is or ever was linked with it."""
        return reachable(patient, lambda key: (*self._neighbours(key), *self._past(key)))

    def _past(self, patient: int) -> list[int]:
        rows = self._connection.all("select other from past_link where patient = ?", (patient,))
        return [row[0] for row in rows]


class TellingWrites(TellingReads, FollowedWrites):
    """Tellings inside an act."""

    def put_telling(self, telling: Telling) -> None:
        """Add a telling, or replace the one with its id."""
        self._put(telling.patient, "telling", telling.id.encode(), encode(telling), FOLLOWED)
        for who in addressees(telling.reader):
            self._connection.later(once("telling_locator", "who", "patient"), (who, telling.patient))

    def unlink(self, one: int, other: int) -> None:
        """Undo exactly one link, and remember that it was; nothing where there is none."""
        for patient, linked in ((one, other), (other, one)):
            if linked in self._neighbours(patient):
                self._connection.later(once("past_link", "patient", "other"), (patient, linked))
        super().unlink(one, other)
