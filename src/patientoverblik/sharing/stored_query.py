"""The stored queries of the norm over what exists for a reader (ITI-18; TF-2 3.18.4.1.2.3.7).

Each query is one function from a holding to its answer; nothing here can reach what the reader may not see.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import msgspec

from patientoverblik.access.visible import within
from patientoverblik.sharing.find import Query, authored, fitting, like
from patientoverblik.sharing.holding import Holding
from patientoverblik.sharing.model import (
    Association,
    AssociationType,
    Code,
    DocumentEntry,
    Folder,
    Status,
    SubmissionSet,
)

QueryName = Literal[
    "FindDocuments",
    "FindDocumentsByReferenceId",
    "FindSubmissionSets",
    "FindFolders",
    "GetAll",
    "GetDocuments",
    "GetFolders",
    "GetAssociations",
    "GetDocumentsAndAssociations",
    "GetSubmissionSets",
    "GetSubmissionSetAndContents",
    "GetFolderAndContents",
    "GetFoldersForDocument",
    "GetRelatedDocuments",
]
BOTH: tuple[Status, ...] = ("approved", "deprecated")
ENTRIES_ALONE: frozenset[QueryName] = frozenset({"FindDocuments", "FindDocumentsByReferenceId", "GetDocuments"})
"""The queries that are answered without sets, folders and associations."""


class Wanted(msgspec.Struct, frozen=True):
    """A stored query. ``entry`` filters document entries; ``uuids``, ``unique_ids`` and ``logical_ids`` name the object
    the query starts from; ``association_statuses`` are those of the associations it goes by. Times are milliseconds
    UTC, from ≤ t < to, 0 is open. Empty asks for any."""

    name: QueryName
    entry: Query = Query()
    uuids: tuple[str, ...] = ()
    unique_ids: tuple[str, ...] = ()
    logical_ids: tuple[str, ...] = ()
    set_statuses: tuple[Status, ...] = BOTH
    folder_statuses: tuple[Status, ...] = BOTH
    association_types: tuple[AssociationType, ...] = ()
    association_statuses: tuple[Status, ...] = ("approved",)
    source_ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    content_types: tuple[Code, ...] = ()
    intended_recipients: tuple[str, ...] = ()
    submitted_from: int = 0
    submitted_to: int = 0
    folder_codes: tuple[tuple[Code, ...], ...] = ()
    updated_from: int = 0
    updated_to: int = 0


class Answer(msgspec.Struct, frozen=True):
    """The registry objects that a query finds, each kind in the order registered."""

    entries: tuple[DocumentEntry, ...] = ()
    sets: tuple[SubmissionSet, ...] = ()
    folders: tuple[Folder, ...] = ()
    associations: tuple[Association, ...] = ()


def answer(held: Holding, wanted: Wanted) -> Answer:
    """What the query finds among what exists for the reader."""
    return _QUERIES[wanted.name](_with_links(held, wanted.association_statuses), wanted)


def _with_links(held: Holding, statuses: tuple[Status, ...]) -> Holding:
    """The holding with the associations that a query speaks of: what they say is the same whatever it asks for."""
    links = tuple(link for link in held.associations if link.status in statuses)
    return held if len(links) == len(held.associations) else msgspec.structs.replace(held, associations=links)


def _find_documents(held: Holding, wanted: Wanted) -> Answer:
    return Answer(entries=_entries(held, wanted))


def _find_sets(held: Holding, wanted: Wanted) -> Answer:
    return Answer(sets=tuple(one for one in held.sets if _fits_set(one, wanted)))


def _find_folders(held: Holding, wanted: Wanted) -> Answer:
    return Answer(folders=tuple(one for one in held.folders if _fits_folder(one, wanted)))


def _get_all(held: Holding, wanted: Wanted) -> Answer:
    entries = _entries(held, wanted)
    sets = tuple(one for one in held.sets if one.status in wanted.set_statuses)
    folders = tuple(one for one in held.folders if one.status in wanted.folder_statuses)
    return Answer(entries, sets, folders, _among(held, (*entries, *sets, *folders)))


def _get_documents(held: Holding, wanted: Wanted) -> Answer:
    return Answer(entries=_named_entries(held, wanted))


def _get_folders(held: Holding, wanted: Wanted) -> Answer:
    return Answer(folders=tuple(one for one in held.folders if _is_named(one, wanted)))


def _get_associations(held: Holding, wanted: Wanted) -> Answer:
    return Answer(associations=_touching(held, wanted.uuids))


def _get_documents_and_associations(held: Holding, wanted: Wanted) -> Answer:
    entries = _named_entries(held, wanted)
    return Answer(entries, associations=_touching(held, [one.uuid for one in entries]))


def _get_sets(held: Holding, wanted: Wanted) -> Answer:
    links = [link for link in held.associations if link.type == "has-member" and link.target in wanted.uuids]
    sources = {link.source for link in links}
    sets = tuple(one for one in held.sets if one.uuid in sources)
    own = {one.uuid for one in sets}
    return Answer(sets=sets, associations=tuple(link for link in links if link.source in own))


def _get_set_and_contents(held: Holding, wanted: Wanted) -> Answer:
    sets = tuple(one for one in held.sets if one.uuid in wanted.uuids or one.unique_id in wanted.unique_ids)
    return _with_contents(held, wanted, {one.uuid for one in sets}, sets=sets)


def _get_folder_and_contents(held: Holding, wanted: Wanted) -> Answer:
    folders = tuple(one for one in held.folders if _is_named(one, wanted))
    return _with_contents(held, wanted, {one.uuid for one in folders}, folders=folders)


def _with_contents(
    held: Holding,
    wanted: Wanted,
    owners: set[str],
    sets: tuple[SubmissionSet, ...] = (),
    folders: tuple[Folder, ...] = (),
) -> Answer:
    """The owners with their members that fit, and the associations that say so."""
    inside = {link.target for link in held.associations if link.source in owners}
    fits = fitting(wanted.entry)
    entries = tuple(one for one in held.entries if one.uuid in inside and fits(one))
    more = tuple(one for one in held.folders if one.uuid in inside)
    kept = {one.uuid for one in entries} | {one.uuid for one in more}
    links = [link for link in held.associations if link.source in owners and link.target in kept]
    named = {
        link.uuid for link in held.associations if link.source in kept and link.target in kept and link.uuid in inside
    }
    second = [
        link for link in held.associations if link.uuid in named or (link.source in owners and link.target in named)
    ]
    together = dict.fromkeys((*links, *second))
    return Answer(entries, sets, (*folders, *more), tuple(together))


def _get_folders_for_document(held: Holding, wanted: Wanted) -> Answer:
    documents = {one.uuid for one in _named_entries(held, wanted)}
    around = {link.source for link in held.associations if link.type == "has-member" and link.target in documents}
    return Answer(folders=tuple(one for one in held.folders if one.uuid in around))


def _get_related(held: Holding, wanted: Wanted) -> Answer:
    """The named documents and those related to them; nothing where no association of the types is there."""
    first = {one.uuid for one in held.entries if _is_named(one, wanted)}
    fitting = {one.uuid for one in held.entries if one.object_type in wanted.entry.object_types} | first
    links = tuple(
        link
        for link in held.associations
        if link.type in wanted.association_types
        and not first.isdisjoint((link.source, link.target))
        and fitting.issuperset((link.source, link.target))
    )
    ends = {end for link in links for end in (link.source, link.target)}
    return Answer(tuple(one for one in held.entries if one.uuid in ends), associations=links)


def _entries(held: Holding, wanted: Wanted) -> tuple[DocumentEntry, ...]:
    return tuple(filter(fitting(wanted.entry), held.entries))


def _named_entries(held: Holding, wanted: Wanted) -> tuple[DocumentEntry, ...]:
    return tuple(one for one in held.entries if _is_named(one, wanted))


def _is_named(one: DocumentEntry | Folder, wanted: Wanted) -> bool:
    return one.uuid in wanted.uuids or one.unique_id in wanted.unique_ids or one.logical_id in wanted.logical_ids


def _touching(held: Holding, uuids: Iterable[str]) -> tuple[Association, ...]:
    named = frozenset(uuids)
    return tuple(link for link in held.associations if not named.isdisjoint((link.source, link.target)))


def _among(held: Holding, objects: Iterable[DocumentEntry | SubmissionSet | Folder]) -> tuple[Association, ...]:
    ends = {one.uuid for one in objects}
    ends |= {link.uuid for link in held.associations if link.source in ends and link.target in ends}
    return tuple(link for link in held.associations if link.source in ends and link.target in ends)


def _fits_set(one: SubmissionSet, wanted: Wanted) -> bool:
    return (
        one.status in wanted.set_statuses
        and (not wanted.source_ids or one.source_id in wanted.source_ids)
        and (not wanted.content_types or _one_of(one.content_type, wanted.content_types))
        and within(one.submitted, wanted.submitted_from, wanted.submitted_to)
        and authored((one.author,) if one.author else (), wanted.authors)
        and (not wanted.intended_recipients or _is_intended(one, wanted.intended_recipients))
    )


def _is_intended(one: SubmissionSet, patterns: tuple[str, ...]) -> bool:
    return any(like(pattern, recipient) for pattern in patterns for recipient in one.intended_recipients)


def _fits_folder(one: Folder, wanted: Wanted) -> bool:
    return (
        one.status in wanted.folder_statuses
        and (not wanted.unique_ids or one.unique_id in wanted.unique_ids)
        and within(one.updated, wanted.updated_from, wanted.updated_to)
        and all(any(_one_of(code, group) for code in one.codes) for group in wanted.folder_codes)
    )


def _one_of(code: Code | None, codes: Iterable[Code]) -> bool:
    return code is not None and any((one.code, one.scheme) == (code.code, code.scheme) for one in codes)


_QUERIES: Mapping[QueryName, Callable[[Holding, Wanted], Answer]] = {
    "FindDocuments": _find_documents,
    "FindDocumentsByReferenceId": _find_documents,
    "FindSubmissionSets": _find_sets,
    "FindFolders": _find_folders,
    "GetAll": _get_all,
    "GetDocuments": _get_documents,
    "GetFolders": _get_folders,
    "GetAssociations": _get_associations,
    "GetDocumentsAndAssociations": _get_documents_and_associations,
    "GetSubmissionSets": _get_sets,
    "GetSubmissionSetAndContents": _get_set_and_contents,
    "GetFolderAndContents": _get_folder_and_contents,
    "GetFoldersForDocument": _get_folders_for_document,
    "GetRelatedDocuments": _get_related,
}
