"""Subscribers told over FHIR: each notification by POST to the subscription's own endpoint.

What is told is decided at the moment of sending, and counts as told only once the endpoint took it (2xx). Nothing is
followed from there, and nothing of an answer is read but its status.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence

import httpx

from patientoverblik.connectors.outward import Network, cut_after, outside
from patientoverblik.notify.deliver import wait_after
from patientoverblik.notify.feed import Undelivered
from patientoverblik.service.hook import FEED
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader
from patientoverblik.service.rest_hook import HookNotification

Offered = Callable[[Message], HookNotification | None]
Written = Callable[[HookNotification], tuple[bytes, Mapping[str, str]] | None]
Settled = Callable[[Message, HookNotification, bool], bool]


class RestHooks:
    """The feed of rest-hooks. ``offered`` says what is to be sent for a message now, None for nothing; ``written``
    makes body and headers of it, None where it cannot be sent; ``settled`` is told whether it was taken, and says
    whether the message is done with.
    """

    name = FEED
    kinds: frozenset[Kind] = frozenset({"notification"})
    together = 10
    lease = 15 * 60 * 1000

    def __init__(
        self, offered: Offered, written: Written, settled: Settled, client: httpx.Client, networks: Sequence[Network]
    ) -> None:
        """Tell endpoints on the internet, and in ``networks``; ``client`` carries the certificates."""
        self._offered = offered
        self._written = written
        self._settled = settled
        self._client = client
        self._networks = networks

    def tell(self, _reader: Reader, messages: Sequence[Message]) -> Mapping[str, Undelivered]:
        """Send a batch one by one; an endpoint that does not answer is not asked again in it."""
        left: dict[str, Undelivered] = {}
        silent: set[str] = set()
        for message in messages:
            sent = self._offered(message)
            if sent is None:
                continue
            endpoint = sent.subscription.consumer
            took = endpoint not in silent and self._took(sent)
            if not took:
                silent.add(endpoint)
            if not self._settled(message, sent, took):
                left[message.id] = Undelivered("notify.unreachable", counts=False, spread=spread_of(message))
        return left

    def _took(self, sent: HookNotification) -> bool:
        try:
            return self._status(sent) in range(200, 300)
        except (httpx.HTTPError, OSError):
            return False

    def _status(self, sent: HookNotification) -> int:
        """The status of the answer; 0 where the address may not be asked, or there is nothing it could be sent."""
        to = outside(sent.subscription.consumer, self._networks)
        written = self._written(sent) if to else None
        if to is None or written is None:
            return 0
        body, headers = written
        seconds = float(sent.hook.channel.timeout)
        with cut_after(seconds) as watch:
            sending = self._client.stream(
                "POST",
                to.url,
                content=body,
                headers={**headers, "Host": to.host, "Connection": "close"},  # one address may be of several names
                timeout=seconds,
                follow_redirects=False,
                extensions={**to.extensions, "trace": watch},
            )
            with sending as answer:
                return answer.status_code


def spread_of(message: Message) -> int:
    """A part of the wait (ms), so that those who failed together do not come back together."""
    return secrets.randbelow(wait_after(message.attempts) // 4)
