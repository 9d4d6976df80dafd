"""The resources of a document found, in Bundles and contained in others; and that they are all about one person.

An item about somebody else makes the document unreadable: it must never stand in another patient's overview.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from patientoverblik.formats.fhir.encoding import encode_json
from patientoverblik.formats.fhir.engine.compiled import Profile
from patientoverblik.formats.fhir.engine.walk import NOT_THE_TYPE, Walk, Way
from patientoverblik.formats.fhir.index import Entry, Index, subject_key

ABOUT = ("subject", "patient", "for")
"""The elements that say whom a resource is about."""


class AnotherPatient(Exception):  # noqa: N818
    """A document about more than one person."""


def entries_of(
    resource: dict[str, Any], way: Way, walk: Walk, profile: Profile, url: str = "", above: Entry | None = None
) -> Iterator[Entry]:
    """Every resource of a document: in a Bundle, in a Bundle within it, or contained in another."""
    if resource.get("resourceType") == "Bundle" and above is None:
        written = resource.get("entry", [])
        if not isinstance(written, list):
            walk.lose(written, (way, "entry", -1), NOT_THE_TYPE)
            return
        for number, one in enumerate(written):
            yield from _in_entry(one, (way, "entry", number), walk, profile)
        return
    entry = Entry(resource, way, url, above)
    contained = resource.get("contained")
    yield entry
    for number, one in enumerate(contained if isinstance(contained, list) and above is None else ()):
        if isinstance(one, dict):
            yield from entries_of(one, (way, "contained", number), walk, profile, above=entry)
        else:
            walk.lose(one, (way, "contained", number))
    if isinstance(contained, list) and above is None:
        entry.node = {key: one for key, one in resource.items() if key != "contained"}


def _in_entry(written: Any, way: Way, walk: Walk, profile: Profile) -> Iterator[Entry]:
    inner = written.get("resource") if isinstance(written, dict) else None
    if not isinstance(inner, dict):
        walk.lose(written, way)
        return
    beside = {key: one for key, one in written.items() if key != "resource"}
    profile.codecs["BundleEntry"].given(beside, way, walk)
    at = (way, "resource", -1)
    if inner.get("resourceType") == "Bundle":
        profile.codecs["Bundle"].given({key: one for key, one in inner.items() if key != "entry"}, at, walk)
    url = written.get("fullUrl")
    yield from entries_of(inner, at, walk, profile, url if isinstance(url, str) else "")


def document_key(resource: dict[str, Any]) -> str:
    """An OID that follows from what a document says, for one that bears no identifier of its own."""
    return f"2.25.{int.from_bytes(sha256(encode_json(resource)).digest()[:16])}"


def one_patient(index: Index) -> None:
    """Everything is about one person: the Patient that is here, else the same reference everywhere."""
    seen: set[str] = set()
    for entry in index.entries:
        for name in ABOUT:
            written = entry.node.get(name)
            if isinstance(written, dict) and (name != "for" or entry.type == "Task"):
                _about(index, entry, written, seen)
    patients = {subject_of(one) for one in index.entries if one.type == "Patient" and one.above is None}
    if len(patients) > 1 or len(seen) > 1 or (seen and index.patient is not None):
        raise AnotherPatient


def _about(index: Index, entry: Entry, written: dict[str, Any], seen: set[str]) -> None:
    index.current = entry
    if index.patient is not None and index.find(written.get("reference")) is index.patient:
        return
    target = index.find(written.get("reference"))
    if target is not None and target.type == "Patient" and target.above is not None and index.patient is None:
        index.patient = target
        return
    if target is not None and target.type not in ("Patient", ""):
        return
    if written.get("reference") or written.get("identifier"):
        key = subject_key(written)
        index.subject = index.subject or key
        seen.add(key)


def subject_of(entry: Entry) -> str:
    """Who a Patient is, for comparing: its identifiers, else its address."""
    found = entry.node.get("identifier")
    return str(found) if found else entry.url or str(entry.node.get("id"))
