"""Document Bundles of what a reader may see: a Composition first, then all it refers to (R4 documents.html).

Every reference leads to something within; narrative is plain text, escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import msgspec

from patientoverblik.edges.fhir.bundle import entry, with_entries
from patientoverblik.edges.fhir.call import Answer, Call, Resource
from patientoverblik.edges.fhir.finding import Pool
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.registered import URI, bare
from patientoverblik.edges.fhir.rendition import Rendition, references, rendered
from patientoverblik.service.contents import Contents

XHTML = "http://www.w3.org/1999/xhtml"
EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
AUTHOR = "Samlet patientoverblik"


def section(
    title: str, names: Sequence[str], words: Iterable[str], code: Resource | None = None, missing: str = ""
) -> Resource:
    """A section: its entries and their words; without entries, ``missing`` says why in words."""
    made: Resource = {"title": title} | ({"code": code} if code else {})
    listed = [text for text in words if text]
    made["text"] = narrative(listed or [missing or title])
    if names:
        return {**made, "entry": [{"reference": name} for name in dict.fromkeys(names)]}
    return {**made, "emptyReason": {"text": missing}} if missing else made


def unavailable(title: str, code: Resource, words: str) -> Resource:
    """A section of what this service does not hold: information is unavailable, never "none known"."""
    reason = {"coding": [{"system": EMPTY, "code": "unavailable", "display": "Unavailable"}], "text": words}
    return {"title": title, "code": code, "text": narrative([words]), "emptyReason": reason}


def narrative(lines: Iterable[str]) -> Resource:
    """Words as a list."""
    items = "".join(f"<li>{escape(line, quote=False)}</li>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="{XHTML}"><ul>{items}</ul></div>'}


class Body(msgspec.Struct, frozen=True, eq=False):
    """What a document holds whenever it is asked for: its sections as JSON, and the resources beside its
    Composition."""

    sections: msgspec.Raw
    inside: tuple[Rendition, ...]


def body_of(pool: Pool, patient: str, sections: list[Resource], more: Iterable[Rendition] = ()) -> Body:
    """The body of sections about the patient of an id: with all that they refer to, and ``more`` beside it."""
    first = (pool.by_name[f"Patient/{patient}"], *more)
    inside = closure(pool, first, references(sections))
    return Body(msgspec.Raw(msgspec.json.encode(sections)), inside)


def document(call: Call, has: Contents, look: str, told: Mapping[str, Any], body: Body) -> Answer:
    """The document of a Composition's title and type; ``look`` is the look it was written down as."""
    composition = rendered(
        {
            "resourceType": "Composition",
            "id": call.opaque.thing(has.patient, bare(look)),
            "status": "final",
            "type": told["type"],
            "subject": {"reference": f"Patient/{call.opaque.patient(has.patient)}"},
            "date": instant(has.at),
            "author": [{"display": AUTHOR}],
            "title": told["title"],
            "section": body.sections,
        },
        "1",
        has.at,
    )
    head = {
        "resourceType": "Bundle",
        "identifier": {"system": URI, "value": look},
        "type": "document",
        "timestamp": instant(has.at),
    }
    return Answer(200, with_entries(head, (entry(call.base, one) for one in (composition, *body.inside))))


def closure(pool: Pool, first: Iterable[Rendition], names: Iterable[str] = ()) -> tuple[Rendition, ...]:
    """Some resources and all that they and ``names`` refer to, each once."""
    found = {one.name: one for one in first}
    waiting = [*names, *(name for one in found.values() for name in one.refers)]
    while waiting:
        name = waiting.pop()
        target = None if name in found else pool.by_name.get(name)
        if target is not None:
            found[name] = target
            waiting += target.refers
    return tuple(found.values())
