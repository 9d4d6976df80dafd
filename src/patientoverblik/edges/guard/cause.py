"""The request that is being answered, for whoever writes down what came of it: its id, and the keyed hash of its body.

The hash is taken of the bytes as they come past the gate, whatever door reads them, so no door need think of it. It is
HMAC-SHA-256 under a secret of the installation: a plain hash of a short body could be led back to the person number in
it.
"""

import hmac
import re
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from patientoverblik.service.cause import Cause

REQUEST_ID = "x-request-id"
_FORM = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{7,63}")
_NUMBER = re.compile(r"\d{6}-?\d{4}")


class Incoming:
    """One request as it comes in; what has come of its body is hashed, none of it is kept."""

    def __init__(self, request: str, secret: bytes) -> None:
        """A request of an id, hashed under a secret."""
        self.request = request
        self.transaction = ""
        self._hash = hmac.new(secret, digestmod="sha256")
        self._came = False

    def take(self, body: bytes) -> None:
        """A piece of the body."""
        if body:
            self._came = True
            self._hash.update(body)

    def cause(self) -> Cause:
        """What is known of the request by now."""
        return Cause(self.request, b64encode(self._hash.digest()).decode() if self._came else "", self.transaction)


_answered: ContextVar[Incoming | None] = ContextVar("request", default=None)


def current_cause() -> Cause:
    """The cause of what is done now; empty where no request is being answered."""
    incoming = _answered.get()
    return incoming.cause() if incoming else Cause()


def request_id() -> str:
    """The id of the request that is being answered, empty where there is none."""
    incoming = _answered.get()
    return incoming.request if incoming else ""


def asked_by(transaction: str) -> None:
    """Say what its norm calls the request that is being answered (``ITI-18``)."""
    incoming = _answered.get()
    if incoming:
        incoming.transaction = transaction


@contextmanager
def answering(incoming: Incoming) -> Iterator[None]:
    """While a request is being answered."""
    before = _answered.set(incoming)
    try:
        yield
    finally:
        _answered.reset(before)


def id_of(asked: str) -> str:
    """The id a caller gives its request where it is one; else a new one.

    A UUID always is; other ids are short, of plain characters, and hold nothing that could be a person number, because
    they are logged and sent back.
    """
    try:
        return str(uuid.UUID(asked))
    except ValueError:
        well_formed = _FORM.fullmatch(asked) and not _NUMBER.search(asked)
    return asked if well_formed else str(uuid.uuid4())
