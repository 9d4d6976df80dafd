"""ATNA's syslog feed (ITI-20): RFC 5424 messages over TLS with octet counting (RFC 5425).

The protocol has no receipt: what was handed to the connection counts as delivered once the connection has ended in good
order. A batch goes on one connection; one that is reset gives the whole batch back.
"""

import contextlib
import socket
import ssl
from collections.abc import Mapping, Sequence

import msgspec

from patientoverblik.notify.audit_message import audit_message
from patientoverblik.notify.feed import Undelivered
from patientoverblik.notify.record import Ourselves, record_of
from patientoverblik.notify.texts import instant
from patientoverblik.problems import Fault
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader

TIMEOUT_SECONDS = 15.0
# Facility 10 (security), severity 5 (notice): ITI TF-2 3.20.4.1.2.
PRIORITY = 10 * 8 + 5
MESSAGE_ID = "IHE+RFC-3881"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class SyslogPlace(msgspec.Struct, frozen=True):
    """Where the repository listens, and what this machine and process are called in the messages."""

    host: str
    port: int = 6514
    machine: str = "-"
    process: str = "-"


class SyslogAudit:
    """The feed of events to an audit record repository."""

    name = "atna-syslog"
    kinds: frozenset[Kind] = frozenset({"event"})
    together = 200
    lease = 60_000

    def __init__(self, place: SyslogPlace, ourselves: Ourselves, context: ssl.SSLContext) -> None:
        """Tell the repository at ``place``; ``context`` says whom to trust and who we are."""
        self._place = place
        self._ourselves = ourselves
        self._context = context

    def tell(self, reader: Reader, messages: Sequence[Message]) -> Mapping[str, Undelivered]:
        """Send the events of a batch on one connection."""
        frames = b"".join(self._frame(reader, message) for message in messages)
        try:
            with (
                socket.create_connection((self._place.host, self._place.port), TIMEOUT_SECONDS) as plain,
                self._context.wrap_socket(plain, server_hostname=self._place.host) as connection,
            ):
                connection.sendall(frames)
                _end(connection)
        except (OSError, ValueError):
            raise Fault("notify.unreachable") from None
        return {}

    def _frame(self, reader: Reader, message: Message) -> bytes:
        record = record_of(reader, message)
        return framed(syslog(audit_message(record, self._ourselves), record.at, self._place))


def _end(connection: ssl.SSLSocket) -> None:
    """End the connection; many receivers close theirs without the farewell that TLS wants."""
    with contextlib.suppress(ssl.SSLEOFError, ssl.SSLZeroReturnError):
        connection.unwrap()


def syslog(body: bytes, at: int, place: SyslogPlace) -> bytes:
    """One RFC 5424 message whose text is an audit message in UTF-8."""
    header = f"<{PRIORITY}>1 {instant(at)} {place.machine} patientoverblik {place.process} {MESSAGE_ID} - "
    return header.encode("ascii", errors="replace") + BYTE_ORDER_MARK + body


def framed(message: bytes) -> bytes:
    """A message behind its length in octets (RFC 5425 §4.3)."""
    return str(len(message)).encode() + b" " + message
