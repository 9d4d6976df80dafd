"""ITI-43 Retrieve Document Set (TF-2 3.43): what can be had comes, the rest is told, each document by its own id."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

import msgspec
from lxml import etree

from patientoverblik.access import Refusal
from patientoverblik.edges.soap.answers import Outcome, retrieve_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.looking import notices, set_aside
from patientoverblik.edges.soap.names import XDS, XOP
from patientoverblik.edges.soap.objects import community
from patientoverblik.problems import Finding
from patientoverblik.service import Retrieved
from patientoverblik.service.on_demand import fetch


class Wish(msgspec.Struct, frozen=True):
    """One document asked for: where it is said to be, and its uniqueId."""

    home: str
    repository: str
    document: str


async def retrieve_document_set(call: Call) -> Reply:
    """The documents asked for, byte for byte, in parts of their own."""
    return await fetched(call, tuple(wishes_of(call.message.request)))


async def fetched(call: Call, wishes: tuple[Wish, ...]) -> Reply:
    """The answer to a request that is understood."""
    refused = await set_aside(call)
    if refused is not None:
        return Reply(retrieve_response("Failure", (), (refused,)))
    found: list[tuple[Wish, Retrieved]] = []
    faults: list[Finding] = [] if wishes else [Finding("xds.nothing-asked")]
    for wish in wishes:
        answer = await _one(call, wish)
        if isinstance(answer, Retrieved):
            found.append((wish, answer))
        else:
            faults.append(answer)
    parts = tuple(
        (f"document-{number}@patientoverblik", one.entry.mime_type, one.data) for number, (_, one) in enumerate(found)
    )
    described = (_response(call, wish, one, part[0]) for (wish, one), part in zip(found, parts, strict=True))
    told = (*faults, *notices(False, any(one.override for _, one in found)))
    return Reply(retrieve_response(_outcome(found, faults), described, told), parts)


def fault_of(call: Call, wish: Wish) -> Finding | None:
    """What is wrong with where a document is said to be: not our community, or not our repository."""
    if wish.home and community(wish.home) != community(call.house.home):
        return Finding("xds.unknown-community", place=wish.document)
    if wish.repository != call.house.repository:
        return Finding("xds.unknown-repository", place=wish.document)
    return None


async def _one(call: Call, wish: Wish) -> Retrieved | Finding:
    fault = fault_of(call, wish)
    if fault is not None:
        return fault
    answer = await fetch(call.house, call.actor, call.purpose, wish.document, call.who.patient)
    return Finding(answer.code, place=wish.document) if isinstance(answer, Refusal) else answer


def _outcome(found: list[tuple[Wish, Retrieved]], faults: list[Finding]) -> Outcome:
    if not faults:
        return "Success"
    return "PartialSuccess" if found else "Failure"


def wishes_of(request: etree._Element) -> Iterator[Wish]:
    """What a RetrieveDocumentSetRequest asks for."""
    for asked in request.iterchildren(f"{{{XDS}}}DocumentRequest"):
        yield Wish(
            *(
                "".join((asked.findtext(f"{{{XDS}}}{name}") or "").split())
                for name in ("HomeCommunityId", "RepositoryUniqueId", "DocumentUniqueId")
            )
        )


def _response(call: Call, wish: Wish, one: Retrieved, part: str) -> str:
    return (
        f"<x:DocumentResponse><x:HomeCommunityId>{escape(community(call.house.home))}</x:HomeCommunityId>"
        f"<x:RepositoryUniqueId>{escape(one.entry.repository)}</x:RepositoryUniqueId>"
        f"<x:DocumentUniqueId>{escape(wish.document)}</x:DocumentUniqueId>{_made_now(wish, one)}"
        f"<x:mimeType>{escape(one.entry.mime_type)}</x:mimeType>"
        f'<x:Document><xop:Include xmlns:xop="{XOP}" href="cid:{part}"/></x:Document></x:DocumentResponse>'
    )


def _made_now(wish: Wish, one: Retrieved) -> str:
    """Where a document that was made because it was asked for is kept from now on, and its own id (TF-2 3.43.5)."""
    if one.entry.unique_id == wish.document or one.entry.uuid == wish.document:
        return ""
    return (
        f"<x:NewRepositoryUniqueId>{escape(one.entry.repository)}</x:NewRepositoryUniqueId>"
        f"<x:NewDocumentUniqueId>{escape(one.entry.unique_id)}</x:NewDocumentUniqueId>"
    )
