"""MinLog2 over HTTPS: batches of entries in a SOAP 1.1 envelope, and what the answer says of each (nsp.md §4).

The answer tells ``NumberFailed`` and, by SequenceNumber, which entries failed. Where it tells of failures and not
which, or of fewer entries than were sent, nothing of the batch counts as delivered, and each entry is told again alone.
"""

from collections.abc import Mapping, Sequence

import httpx

from patientoverblik.notify.feed import Undelivered
from patientoverblik.notify.minlog import MOST_TOGETHER, Entry, entry_of
from patientoverblik.notify.minlog_wire import answer_of, envelope
from patientoverblik.notify.record import Ourselves, record_of
from patientoverblik.problems import Fault
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader

TIMEOUT_SECONDS = 30.0
ACTION = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


class MinLog:
    """The feed of looks to MinLog2."""

    name = "minlog"
    kinds: frozenset[Kind] = frozenset({"look"})
    together = MOST_TOGETHER
    lease = 120_000

    def __init__(self, url: str, ourselves: Ourselves, client: httpx.Client) -> None:
        """Tell the service at ``url``; ``client`` carries the certificates."""
        self._url = url
        self._ourselves = ourselves
        self._client = client

    def tell(self, reader: Reader, messages: Sequence[Message]) -> Mapping[str, Undelivered]:
        """Register the entries of a batch. MinLog takes people alone: what a system was told stands in our own log."""
        records = {message.id: record_of(reader, message) for message in messages}
        people = {id_: record for id_, record in records.items() if record.actor.kind != "system"}
        made = {id_: entry_of(record, self._ourselves) for id_, record in people.items()}
        left = {id_: Undelivered(entry, final=True) for id_, entry in made.items() if isinstance(entry, str)}
        entries = {id_: entry for id_, entry in made.items() if isinstance(entry, Entry)}
        return left | self._register(entries) if entries else left

    def _register(self, entries: Mapping[str, Entry]) -> dict[str, Undelivered]:
        answer = answer_of(self._post(envelope(list(entries.values()))))
        failed = {id_ for id_, entry in entries.items() if entry.sequence in answer.sequences}
        if answer.failed > len(failed) or answer.added + len(failed) < len(entries):
            code = "notify.unclear-refusal" if len(entries) > 1 else "notify.entry-refused"
            return {id_: Undelivered(code) for id_ in entries}
        return {id_: Undelivered("notify.entry-refused") for id_ in failed}

    def _post(self, body: bytes) -> bytes:
        try:
            answer = self._client.post(self._url, content=body, headers=ACTION, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError:
            raise Fault("notify.unreachable") from None
        if not answer.is_success:
            raise Fault("notify.unreachable" if answer.status_code >= 500 else "notify.refused")
        return answer.content
