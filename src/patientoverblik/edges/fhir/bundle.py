"""Bundles put together from resources that are bytes already (R4 bundle.html)."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from patientoverblik.edges.fhir.asked import Search
from patientoverblik.edges.fhir.call import Answer
from patientoverblik.edges.fhir.finding import Page
from patientoverblik.edges.fhir.outcome import outcome
from patientoverblik.edges.fhir.rendition import Rendition, narrowed, without_text
from patientoverblik.formats.fhir import encode_json
from patientoverblik.problems import Finding

MANDATORY = {
    "DocumentReference": ("masterIdentifier", "identifier", "status", "type", "subject", "date", "content"),
    "CarePlan": ("identifier", "status", "intent", "category", "title", "subject", "period"),
    "Goal": ("identifier", "lifecycleStatus", "category", "description", "subject"),
}
"""What ``_summary=true`` keeps of the types whose summary elements are of use; of others everything but narrative."""
TEXT = ("text", "status", "intent", "lifecycleStatus", "subject", "code", "description", "content")


def searchset(
    base: str, search: Search, page: Page, links: Iterable[tuple[str, str]], told: Iterable[Finding]
) -> Answer:
    """The searchset of a page: what was found, what comes along, what there is to say; links as (relation, address)."""
    entries = [*_entries(base, search, page.found, "match"), *_entries(base, search, page.along, "include")]
    findings = tuple(told)
    if findings:
        entries.append(b'{"resource":%b,"search":{"mode":"outcome"}}' % encode_json(outcome(findings)))
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if search.total != "none":
        head["total"] = page.total
    head["link"] = [{"relation": relation, "url": address} for relation, address in links]
    return Answer(200, with_entries(head, entries))


def with_entries(head: dict[str, Any], entries: Iterable[bytes]) -> bytes:
    """A Bundle of a head and entries that are bytes already."""
    listed = b",".join(entries)
    opened = encode_json(head)[:-1]
    return b'%b,"entry":[%b]}' % (opened, listed) if listed else opened + b"}"


def entry(base: str, one: Rendition, data: bytes = b"") -> bytes:
    """One entry of a bundle that is no search."""
    return b'{"fullUrl":"%b","resource":%b}' % (f"{base}/{one.name}".encode(), data or one.data)


def _entries(base: str, search: Search, found: Iterable[Rendition], mode: str) -> Iterator[bytes]:
    if search.summary == "count":
        return
    head, tail = f'{{"fullUrl":"{base}/'.encode(), f',"search":{{"mode":"{mode}"}}}}'.encode()
    for one in found:
        yield b'%b%b","resource":%b%b' % (head, one.name.encode(), formed(search, one), tail)


def formed(search: Search, one: Rendition) -> bytes:
    """A resource as a search wants it: whole, or some of it."""
    if search.elements and one.type == search.type:
        return narrowed(one, (*search.elements, *MANDATORY.get(one.type, ())[:3]))
    if search.summary == "text":
        return narrowed(one, TEXT)
    if search.summary == "true":
        return narrowed(one, MANDATORY[one.type]) if one.type in MANDATORY else without_text(one)
    return without_text(one) if search.summary == "data" else one.data


def address(base: str, kind: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The address of a search."""
    said = urlencode(list(parameters), quote_via=quote, safe="/:,|")
    return f"{base}/{kind}?{said}" if said else f"{base}/{kind}"
