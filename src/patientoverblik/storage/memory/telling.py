"""What readers of withdrawn documents are told, in the memory storage."""

from collections.abc import Callable

from patientoverblik.service.telling import Telling, addressees
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.union import reachable


class TellingReads:
    """Who has been told of what."""

    _now: Callable[[], State]

    def tellings(self, patient: int) -> tuple[Telling, ...]:
        """Every telling of documents of the patient, linked keys included."""
        links = self._now().links
        keys = reachable(patient, lambda key: (other for pair in links if key in pair for other in pair))
        return tuple(one for key in keys for one in self._now().tellings.get(key, {}).values())

    def tellings_of(self, who: str) -> tuple[Telling, ...]:
        """Every telling to a person or an organisation, by patient."""
        held = (self._now().tellings[key] for key in sorted(self._now().tellings))
        return tuple(one for rows in held for one in rows.values() if who in addressees(one.reader))

    def once_linked(self, patient: int) -> tuple[int, ...]:
        """The key and every key that is or ever was linked with it."""
        links = (*self._now().links, *self._now().past_links)
        return reachable(patient, lambda key: (other for pair in links if key in pair for other in pair))


class TellingWrites(TellingReads):
    """Tellings inside an act."""

    def put_telling(self, telling: Telling) -> None:
        """Add a telling, or replace the one with its id."""
        held = self._now().tellings.get(telling.patient, {})
        self._now().tellings[telling.patient] = {**held, telling.id: telling}
