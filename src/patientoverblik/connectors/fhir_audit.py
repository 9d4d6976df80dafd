"""ATNA's FHIR feed (RESTful ATNA, ITI-20): each record as an AuditEvent, by POST."""

from collections.abc import Mapping, Sequence

import httpx
import msgspec

from patientoverblik.notify.audit_event import audit_event
from patientoverblik.notify.feed import Undelivered
from patientoverblik.notify.record import Ourselves, record_of
from patientoverblik.problems import Fault
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader

TIMEOUT_SECONDS = 15.0
FHIR_JSON = {"Content-Type": "application/fhir+json; charset=utf-8", "Accept": "application/fhir+json"}
# Answers that say nothing of the event: not let in, no such place, too many.
OF_NOBODY = (401, 403, 404, 407, 429)


class FhirAudit:
    """The feed of events to an audit record repository."""

    name = "atna-fhir"
    kinds: frozenset[Kind] = frozenset({"event"})
    together = 50
    lease = 15 * 60 * 1000

    def __init__(self, url: str, ourselves: Ourselves, client: httpx.Client) -> None:
        """Tell the repository whose base address is ``url``; ``client`` carries the certificates."""
        self._url = f"{url.rstrip('/')}/AuditEvent"
        self._ourselves = ourselves
        self._client = client

    def tell(self, reader: Reader, messages: Sequence[Message]) -> Mapping[str, Undelivered]:
        """Post the events of a batch one by one; where nobody is reached the rest waits."""
        left: dict[str, Undelivered] = {}
        for number, message in enumerate(messages):
            try:
                code = self._post(msgspec.json.encode(audit_event(record_of(reader, message), self._ourselves)))
            except Fault as unreached:
                if number == 0:
                    raise
                return left | {rest.id: Undelivered(unreached.code, counts=False) for rest in messages[number:]}
            if code:
                left[message.id] = Undelivered(code)
        return left

    def _post(self, body: bytes) -> str:
        try:
            answer = self._client.post(self._url, content=body, headers=FHIR_JSON, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError:
            raise Fault("notify.unreachable") from None
        if answer.status_code >= 500 or answer.status_code in OF_NOBODY:
            raise Fault("notify.unreachable")
        return "" if answer.is_success else "notify.entry-refused"
