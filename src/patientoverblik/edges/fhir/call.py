"""One call at the door, and what is answered: resources as values, whatever form the wire has."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from patientoverblik.access import Actor, Purpose
from patientoverblik.conformance.fhir import Profiles
from patientoverblik.edges.fhir.opaque import Opaque
from patientoverblik.edges.fhir.sender import Sender
from patientoverblik.formats.fhir import encode_json
from patientoverblik.problems import Finding
from patientoverblik.service import House

PATH = "/fhir"
"""Where the door is, below the service's own address."""
Resource = dict[str, Any]
Asked = tuple[tuple[str, str], ...]


class Call(msgspec.Struct, frozen=True):
    """A request whose sender is known and may make it by their token.

    ``type``, ``id`` and ``version`` stand in the address; ``asked`` are the parameters of address and form in order,
    ``resource`` is the body and ``faults`` what R4 finds wrong with it; ``base`` is our own address, and ``headers``
    are those of the request by lower-case name. ``profiles`` are those that resources are held against, where the
    installation has any.
    """

    house: House
    opaque: Opaque
    sender: Sender
    base: str
    type: str = ""
    id: str = ""
    version: str = ""
    asked: Asked = ()
    resource: Resource | None = None
    headers: Mapping[str, str] = {}
    faults: tuple[Finding, ...] = ()
    profiles: Profiles | None = None

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.sender.actor

    @property
    def strict(self) -> bool:
        """Whether a parameter that is not known refuses the search (``Prefer: handling=strict``)."""
        return self.prefers("handling") == "strict"

    def prefers(self, name: str) -> str:
        """What the ``Prefer`` header says of something (RFC 7240); empty where it says nothing."""
        parts = (each.partition("=") for each in self.headers.get("prefer", "").replace(",", ";").split(";"))
        return next((value.strip().strip('"') for key, _, value in parts if key.strip().lower() == name), "")

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter."""
        return tuple(value for key, value in self.asked if key == name)

    def purpose(self, patient: int) -> Purpose:
        """What the sender is here for with a patient: what the token says, else by who they are."""
        return self.sender.purpose_with(self.house.storage.reader(), patient)


class Answer(msgspec.Struct, frozen=True):
    """What is answered: a resource as JSON, or with ``media`` anything else as it is."""

    status: int = 200
    data: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    media: str = ""


Run = Callable[[Call], Awaitable[Answer]]


def answered(resource: Resource, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """An answer with a resource."""
    return Answer(status, encode_json(resource), headers)


def with_headers(answer: Answer, *headers: tuple[str, str]) -> Answer:
    """An answer with more headers."""
    return msgspec.structs.replace(answer, headers=(*answer.headers, *headers))
