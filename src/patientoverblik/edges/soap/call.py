"""One call at the door: the message, who sent it, and what a transaction may use to answer it."""

import binascii
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator

import msgspec
from lxml import etree

from patientoverblik.access import Actor, Purpose
from patientoverblik.edges.identity import Identified
from patientoverblik.edges.soap.envelope import Message
from patientoverblik.edges.soap.levels import Levels
from patientoverblik.edges.soap.names import XDS, XOP
from patientoverblik.service import House
from patientoverblik.service.capacity import deliverer, usual_purpose


class Call(msgspec.Struct, frozen=True):
    """A message whose sender is known; ``actor`` knows its own patient key; ``levels`` are those of its transaction,
    which is known by its number (``iti18``). ``origin`` is where the door is reached from outside, ``named`` what the
    address itself names, where it names something."""

    house: House
    message: Message
    who: Identified
    actor: Actor
    levels: Levels = Levels()
    number: str = ""
    origin: str = ""
    named: str = ""

    @property
    def purpose(self) -> Purpose:
        """What the sender is here for: what the token says, else what its kind of actor comes for."""
        return self.who.purpose or usual_purpose(self.actor.kind)

    @property
    def submitter(self) -> Actor:
        """Who delivers."""
        return deliverer(self.actor)


class Reply(msgspec.Struct, frozen=True):
    """What a transaction answers: XML for the body, and parts beside it (Content-ID, media type, bytes).

    ``fault`` is the action of an answer that is a fault of the transaction's own norm.
    """

    body: str
    parts: tuple[tuple[str, str, bytes], ...] = ()
    fault: str = ""


Transaction = Callable[[Call], Awaitable[Reply]]


def documents(message: Message) -> Iterator[tuple[str, bytes | None]]:
    """(id, bytes) of every Document of a request, by reference to a part or inline; None where they cannot be had."""
    for document in message.request.iterchildren(f"{{{XDS}}}Document"):
        include = document.find(f"{{{XOP}}}Include")
        yield document.get("id", "").strip(), _inline(document) if include is None else _part(message, include)


def _part(message: Message, include: etree._Element) -> bytes | None:
    return message.package.part(include.get("href", "").strip())


def _inline(document: etree._Element) -> bytes | None:
    try:
        return b64decode("".join(str(text) for text in document.itertext()), validate=False)
    except (binascii.Error, ValueError):
        return None
