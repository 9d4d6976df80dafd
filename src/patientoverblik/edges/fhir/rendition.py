"""A resource as the door holds it: taken apart, to be searched, and as the bytes that are sent."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.edges.fhir.call import Resource
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.formats.fhir import encode_json


class Rendition(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One resource. ``name`` is what it is referred to by (``Type/id``), ``version`` its versionId and ``updated`` its
    time (ms UTC); ``entry`` the entryUUID of the document it is from, empty where it is from none, and ``also`` those
    of others that it is from too; ``refers`` what it refers to (``Type/id``)."""

    name: str
    type: str
    id: str
    version: str
    updated: int
    resource: Resource
    data: bytes
    entry: str = ""
    refers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        """The entryUUIDs of the documents it is from."""
        return (self.entry, *self.also) if self.entry else self.also

    @property
    def etag(self) -> str:
        """Its version as an entity tag; weak, since one version has many forms."""
        return f'W/"{self.version}"'


def rendered(resource: Mapping[str, Any], version: str, updated: int, entry: str = "") -> Rendition:
    """A rendition of a resource, with what the door says of it in ``meta``."""
    at = {"lastUpdated": instant(updated)} if updated else {}
    meta = {"versionId": version, **at, **resource.get("meta", {})}
    first = {name: resource[name] for name in ("resourceType", "id")}
    whole = {**first, "meta": meta, **{name: value for name, value in resource.items() if name != "meta"}}
    refers = tuple(dict.fromkeys(references(whole)))
    kind, name = resource["resourceType"], resource["id"]
    return Rendition(f"{kind}/{name}", kind, name, version, updated, whole, encode_json(whole), entry, refers)


def documents_of(shown: Iterable[Rendition]) -> frozenset[str]:
    """The documents that some resources are from."""
    return frozenset(entry for one in shown for entry in one.documents)


def references(value: Any) -> Iterator[str]:
    """Every literal reference in a resource, but for those within it."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        literal = value.get("reference")
        if isinstance(literal, str) and not literal.startswith("#"):
            yield literal
        for name, each in value.items():
            if name != "reference" and isinstance(each, dict | list):
                yield from references(each)


SUMMARISED = {
    "meta": {"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}]}
}
ALWAYS = frozenset({"resourceType", "id", "meta", "implicitRules"})
"""Elements that stand in every form of a resource."""


def narrowed(one: Rendition, elements: Iterable[str]) -> bytes:
    """The resource with some of its elements, marked as no more than that."""
    kept = ALWAYS | {name.partition(".")[0] for name in elements}
    left = {name: value for name, value in one.resource.items() if name in kept}
    return encode_json({**left, "meta": {**left["meta"], **SUMMARISED["meta"]}})


def without_text(one: Rendition) -> bytes:
    """The resource without its narrative (``_summary=data``)."""
    left = {name: value for name, value in one.resource.items() if name != "text"}
    return encode_json({**left, "meta": {**left["meta"], **SUMMARISED["meta"]}})
