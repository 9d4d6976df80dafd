"""Subscribers told of what was registered (IHE DSUB, ITI-53): each notification by POST to its own consumer.

What is told is decided at the moment of sending. An address is asked only because the installation's settings name it;
nothing is followed from there, and nothing of an answer is read but its status.
"""

from collections.abc import Callable, Mapping, Sequence

import httpx

from patientoverblik.notify.feed import Undelivered
from patientoverblik.service.notification import Notification
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader
from patientoverblik.service.subscription import FEED

TIMEOUT_SECONDS = 15.0
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}
# Answers that say nothing of the notification: not let in, no such place, too slow, too many.
OF_NOBODY = (401, 403, 404, 407, 408, 429)
REDIRECTS = range(300, 400)


class Subscribers:
    """The feed of notifications. ``decided`` says what is to be sent of a message now, None for nothing; ``written``
    makes the message of it."""

    name = FEED
    kinds: frozenset[Kind] = frozenset({"notification"})
    together = 20
    lease = 15 * 60 * 1000

    def __init__(
        self,
        decided: Callable[[Message], Notification | None],
        written: Callable[[Notification], bytes],
        client: httpx.Client,
    ) -> None:
        """Tell the consumers of subscriptions; ``client`` carries the certificates."""
        self._decided = decided
        self._written = written
        self._client = client

    def tell(self, _reader: Reader, messages: Sequence[Message]) -> Mapping[str, Undelivered]:
        """Send a batch one by one; a consumer that does not answer is not asked again in it."""
        left: dict[str, Undelivered] = {}
        silent: set[str] = set()
        for message in messages:
            told = self._decided(message)
            if told is None:
                continue
            consumer = told.subscription.consumer
            refusal = Undelivered("notify.unreachable", counts=False) if consumer in silent else self._post(told)
            if refusal is not None:
                left[message.id] = refusal
                silent |= set() if refusal.counts else {consumer}
        return left

    def _post(self, told: Notification) -> Undelivered | None:
        try:
            status = self._status(told.subscription.consumer, self._written(told))
        except httpx.HTTPError:
            return Undelivered("notify.unreachable", counts=False)
        if status >= 500 or status in OF_NOBODY or status in REDIRECTS:
            return Undelivered("notify.unreachable", counts=False)
        return None if status < 300 else Undelivered("notify.entry-refused")

    def _status(self, address: str, body: bytes) -> int:
        sending = self._client.stream(
            "POST", address, content=body, headers=SOAP, timeout=TIMEOUT_SECONDS, follow_redirects=False
        )
        with sending as answer:
            return answer.status_code
