"""ITI-68 Retrieve Document (IHE MHD 4.2, volume 2, 3.68): the bytes as they were submitted, or as a Binary if asked."""

from base64 import b64encode

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.call import Answer, Call, answered
from patientoverblik.edges.fhir.media import SAID, preferred
from patientoverblik.edges.fhir.outcome import refused
from patientoverblik.edges.fhir.registered import URN
from patientoverblik.edges.fhir.whose import owner_of
from patientoverblik.problems import Finding
from patientoverblik.service.on_demand import fetch

ANY = ("*/*", "")
GONE_ASIDE = frozenset({"sharing.document-withheld", "sharing.not-made", "sharing.document-elsewhere"})
"""Refusals that tell something of a document the reader may know of already."""


async def retrieve(call: Call) -> Answer:
    """The document of an entryUUID."""
    own = call.sender.bound
    owner = owner_of(call, call.id)
    if own is not None and owner not in call.house.storage.reader().linked_keys(own):
        owner = 0
    found = await fetch(call.house, call.actor, call.purpose(owner), f"{URN}{call.id}", None if own is None else own)
    if isinstance(found, Refusal):
        return refused(Finding(found.code if found.code in GONE_ASIDE else "rest.not-found"))
    form = _form(call.headers.get("accept", ""), found.entry.mime_type)
    if form == "raw":
        return Answer(200, found.data, media=found.entry.mime_type)
    if form == "none":
        return refused(Finding("rest.not-acceptable"))
    told = {"resourceType": "Binary", "id": call.id, "contentType": found.entry.mime_type}
    return answered({**told, "data": b64encode(found.data).decode()})


def _form(accept: str, mime_type: str) -> str:
    """Whether the bytes themselves are wanted, a Binary around them, or neither."""
    kind = mime_type.partition(";")[0].strip().lower()
    family = f"{kind.partition('/')[0]}/*"
    for each in preferred(accept):
        if each in (*ANY, kind, family):
            return "raw"
        if each in SAID and "fhir" in each:
            return "binary"
    return "none"
