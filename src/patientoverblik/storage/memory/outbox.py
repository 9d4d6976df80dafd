"""The outbox in the memory storage."""

from collections.abc import Callable

from msgspec.structs import replace

from patientoverblik.service.outbox import PULLED, Message, Queue
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.memory.state import State, Waiting


class OutboxReads:
    """What waits and what failed."""

    _now: Callable[[], State]

    def queues(self) -> tuple[Queue, ...]:
        """Every feed that has messages for us to deliver, by name."""
        held = {message.feed for message, _ in self._now().outbox.values()}
        feeds = sorted(feed for feed in held if not feed.startswith(PULLED))
        return tuple(self._queue(feed) for feed in feeds)

    def failed(self, feed: str, most: int) -> tuple[Message, ...]:
        """Messages that were given up, oldest first."""
        return tuple(one.message for one in self._of(feed, given_up=True))[:most]

    def patient_ids(self, patient: int) -> tuple[PatientId, ...]:
        """Every number of a patient key, in order."""
        held = [number for number, key in self._now().patients.items() if key == patient]
        return tuple(sorted(held, key=lambda number: (number.system, number.value)))

    def _queue(self, feed: str) -> Queue:
        waiting = self._of(feed, given_up=False)
        oldest = waiting[0].message.due if waiting else 0
        return Queue(feed, len(waiting), len(self._of(feed, given_up=True)), oldest)

    def _of(self, feed: str, given_up: bool) -> list[Waiting]:
        held = [one for one in self._now().outbox.values() if one.message.feed == feed and one.given_up == given_up]
        return sorted(held, key=lambda one: (one.message.due, one.message.patient, one.message.id))


class OutboxWrites(OutboxReads):
    """The outbox inside an act."""

    def post(self, message: Message) -> None:
        """Put a message in the outbox once."""
        self._now().outbox.setdefault(_key(message), Waiting(message, False))

    def claim(self, feed: str, at: int, until: int, most: int) -> tuple[Message, ...]:
        """Take messages that are due; nobody else has them before ``until``."""
        due = [one.message for one in self._of(feed, given_up=False) if one.message.due <= at][:most]
        taken = tuple(replace(message, due=until) for message in due)
        for message in taken:
            self._now().outbox[_key(message)] = Waiting(message, False)
        return taken

    def sent(self, message: Message) -> None:
        """A message was delivered and is forgotten."""
        self._now().outbox.pop(_key(message), None)

    def postpone(self, message: Message, due: int, given_up: bool = False) -> None:
        """Try again later, or give up; nothing where somebody else has claimed it since."""
        held = self._now().outbox.get(_key(message))
        if held and not held.given_up and held.message.due == message.due:
            self._now().outbox[_key(message)] = Waiting(replace(message, due=due), given_up)

    def revive(self, feed: str, at: int) -> int:
        """Let every message that was given up wait again."""
        given_up = self._of(feed, given_up=True)
        for one in given_up:
            self._now().outbox[_key(one.message)] = Waiting(replace(one.message, due=at, attempts=0), False)
        return len(given_up)


def _key(message: Message) -> tuple[int, str, str]:
    return message.patient, message.feed, message.id
