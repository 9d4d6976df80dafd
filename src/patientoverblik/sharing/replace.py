"""Replacing: which documents a new one may take the place of, and what happens to them (TF-3 §4.2.2.2.3; DESIGN 11).

The request's own RPLC wins over what the document says. A target that is not the sender's own is answered like one that
does not exist.
"""

from collections.abc import Iterator

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.candidate import Candidate, Verdict
from patientoverblik.sharing.lookup import entries_named, entry_of
from patientoverblik.sharing.model import AssociationType, DocumentEntry
from patientoverblik.sharing.ownership import Successions, may_change, owners, speaks_for
from patientoverblik.sharing.ports import OpenShelf, Shelf

REPLACING: tuple[AssociationType, ...] = ("RPLC", "XFRM_RPLC")
ADDING: tuple[AssociationType, ...] = ("APND", "XFRM", "signs", "is-snapshot-of")
FOLLOWING = frozenset({"APND", "XFRM"})


def judge_related(shelf: Shelf, candidate: Candidate, successions: Successions, keys: tuple[int, ...]) -> Verdict:
    """What the document replaces and adds to, for the patient with these linked keys."""
    requested = candidate.document.targets(*REPLACING)
    if requested:
        verdict = _requested(shelf, candidate, successions, keys)
    else:
        verdict = _stated(shelf, candidate, successions, keys)
    return msgspec.structs.replace(verdict, faults=(*verdict.faults, *_additions(shelf, candidate, successions, keys)))


def deprecate_replaced(shelf: OpenShelf, old: DocumentEntry, new: DocumentEntry) -> None:
    """Deprecate a replaced entry and, with it, what was appended to it or transformed from it."""
    for entry in (old, *followers(shelf, old)):
        if entry.status == "approved":
            shelf.put_entry(
                msgspec.structs.replace(
                    entry,
                    status="deprecated",
                    deprecated_at=new.registered,
                    deprecated_by=_name(new),
                    replaced_by=new.uuid,
                )
            )


def followers(shelf: Shelf, entry: DocumentEntry) -> tuple[DocumentEntry, ...]:
    """Every entry appended to or transformed from this one, in steps too."""
    links = [link for key in shelf.linked_keys(entry.patient) for link in shelf.associations(key)]
    found = {entry.uuid: entry}
    waiting = [entry.uuid]
    while waiting:
        target = waiting.pop()
        for link in links:
            child = entry_of(shelf, link.source) if link.target == target else None
            if link.type in FOLLOWING and link.status == "approved" and child is not None and child.uuid not in found:
                found[child.uuid] = child
                waiting.append(child.uuid)
    return tuple(found.values())[1:]


def _requested(shelf: Shelf, candidate: Candidate, successions: Successions, keys: tuple[int, ...]) -> Verdict:
    targets = [entry_of(shelf, uuid) for uuid in candidate.document.targets(*REPLACING)]
    faults = [fault for target in targets for fault in _faults(candidate, target, successions, keys)]
    replaced = tuple(target for target in targets if target is not None)
    stated = set(candidate.document.described.replaces)
    differs = stated and stated.isdisjoint(target.unique_id for target in replaced)
    return Verdict(
        faults=tuple(faults),
        notes=(Finding("sharing.replaces-other-than-stated", place=candidate.place),) if differs else (),
        replaced=replaced,
        links=candidate.document.related,
    )


def _stated(shelf: Shelf, candidate: Candidate, successions: Successions, keys: tuple[int, ...]) -> Verdict:
    faults: list[Finding] = []
    notes: list[Finding] = []
    replaced: list[DocumentEntry] = []
    for unique_id in candidate.document.described.replaces:
        target = _stated_target(shelf, unique_id, candidate, successions, keys)
        if target is None:
            notes.append(Finding("sharing.replaced-not-here", place=candidate.place))
        elif target.status == "approved":
            replaced.append(target)
        elif target.replaced_by:
            faults.append(Finding("sharing.target-deprecated", place=candidate.place))
        else:
            notes.append(Finding("sharing.replaced-already-withdrawn", place=candidate.place))
    links = (*candidate.document.related, *(("RPLC", target.uuid) for target in replaced))
    return Verdict(faults=tuple(faults), notes=tuple(notes), replaced=tuple(replaced), links=links)


def _stated_target(
    shelf: Shelf, unique_id: str, candidate: Candidate, successions: Successions, keys: tuple[int, ...]
) -> DocumentEntry | None:
    own = [
        entry
        for entry in entries_named(shelf, unique_id)
        if entry.patient in keys and _owns(candidate, entry, successions)
    ]
    approved = [entry for entry in own if entry.status == "approved"]
    return next(iter(approved or own), None)


def _owns(candidate: Candidate, target: DocumentEntry, successions: Successions) -> bool:
    """Whether the target belongs to the document's authors, and the sender may speak for it."""
    own = may_change(target, owners(candidate.draft), successions)
    return own and speaks_for(candidate.acting, target, successions)


def _faults(
    candidate: Candidate, target: DocumentEntry | None, successions: Successions, keys: tuple[int, ...]
) -> Iterator[Finding]:
    if target is None or not _owns(candidate, target, successions):
        yield Finding("sharing.target-unknown", place=candidate.place)
        return
    if target.patient not in keys:
        yield Finding("sharing.target-of-other-patient", place=candidate.place)
    if target.status != "approved":
        yield Finding("sharing.target-deprecated", place=candidate.place)
    if not _same_type(target, candidate.draft):
        yield Finding("sharing.target-of-other-type", place=candidate.place)


def _same_type(one: DocumentEntry, other: DocumentEntry) -> bool:
    codes = [(code.scheme, code.code) for code in (one.type_code, other.type_code) if code is not None]
    return one.object_type == other.object_type and len(set(codes)) < 2


def _additions(
    shelf: Shelf, candidate: Candidate, successions: Successions, keys: tuple[int, ...]
) -> Iterator[Finding]:
    """Only to one's own: what is added to a document goes when its owner replaces it (DESIGN 11)."""
    for type_, uuid in candidate.document.related:
        if type_ not in (*REPLACING, *ADDING):
            yield Finding("sharing.association-not-allowed", place=candidate.place, about=type_)
        elif type_ in ADDING and uuid not in candidate.beside:
            target = entry_of(shelf, uuid)
            if target is None or not _owns(candidate, target, successions):
                yield Finding("sharing.target-unknown", place=candidate.place)
            elif target.patient not in keys:
                yield Finding("sharing.target-of-other-patient", place=candidate.place)
            elif target.status != "approved":
                yield Finding("sharing.target-deprecated", place=candidate.place)


def _name(entry: DocumentEntry) -> str:
    place = next(iter(entry.origins), None)
    return place.name or place.value if place else ""
