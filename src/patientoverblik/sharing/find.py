"""Find a patient's document entries: what does not exist for the reader is gone before anything is counted (DESIGN 13).

List, total and page come from one filter. A cursor names the last entry shown, so it says nothing of what is hidden.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import partial

import msgspec

from patientoverblik.access import Permit, sift
from patientoverblik.access.visible import within
from patientoverblik.problems import Finding
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.lookup import entries_of_all
from patientoverblik.sharing.model import Author, Code, DocumentEntry, ObjectType, Status
from patientoverblik.sharing.ports import Shelf

MOST_ON_A_PAGE = 1000
Key = tuple[str, str]
Test = Callable[[DocumentEntry], bool]


class Query(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to find (ITI-18 FindDocuments); empty asks for any. Times are milliseconds UTC, from ≤ t < to, 0 is open.

    Codes are matched by scheme and code. ``event_codes`` and ``reference_ids`` hold groups: one of each must be there.
    ``authors`` are patterns with % and _. ``after`` is the cursor of the page before.
    """

    statuses: tuple[Status, ...] = ("approved",)
    object_types: tuple[ObjectType, ...] = ("stable",)
    uuids: tuple[str, ...] = ()
    unique_ids: tuple[str, ...] = ()
    class_codes: tuple[Code, ...] = ()
    type_codes: tuple[Code, ...] = ()
    format_codes: tuple[Code, ...] = ()
    facility_types: tuple[Code, ...] = ()
    practice_settings: tuple[Code, ...] = ()
    confidentialities: tuple[Code, ...] = ()
    event_codes: tuple[tuple[Code, ...], ...] = ()
    reference_ids: tuple[tuple[str, ...], ...] = ()
    logical_ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    created_from: int = 0
    created_to: int = 0
    service_start_from: int = 0
    service_start_to: int = 0
    service_stop_from: int = 0
    service_stop_to: int = 0
    limit: int = MOST_ON_A_PAGE
    after: str = ""


class Found(msgspec.Struct, frozen=True):
    """One page, newest first, the total of all pages, and the cursor of the next page (empty if this is the last).

    ``filtered``: the generic notice that a block took something away; never what, from whom, or how much.
    """

    entries: tuple[DocumentEntry, ...]
    total: int
    next: str
    filtered: bool


def find(shelf: Shelf, permit: Permit, query: Query) -> Found | Finding:
    """The patient's entries that exist for the reader and fit the query, each in its latest version; a cursor nobody
    gave out is a finding."""
    entries, filtered = existing(shelf, permit)
    return page_of(latest(entries), query, filtered)


def existing(shelf: Shelf, permit: Permit, keys: Sequence[int] = ()) -> tuple[tuple[DocumentEntry, ...], bool]:
    """Every entry of the patient, all linked keys, that exists for the reader, in the order registered; ``keys`` are
    the linked ones where they are known already."""
    return sift(permit, entries_of_all(shelf, keys or shelf.linked_keys(permit.patient)))


def page_of(entries: Sequence[DocumentEntry], query: Query, filtered: bool = False) -> Found | Finding:
    """One page of those of ``entries`` that fit."""
    after = _position(query.after)
    if query.after and after is None:
        return Finding("sharing.bad-cursor", place="query.after")
    ordered = sorted(filter(fitting(query), entries), key=_order)
    rest = [entry for entry in ordered if after is None or _order(entry) > after]
    limit = max(1, min(query.limit, MOST_ON_A_PAGE))
    page = tuple(rest[:limit])
    return Found(page, len(ordered), _cursor(page[-1]) if len(rest) > limit else "", filtered)


def fitting(query: Query) -> Test:
    """Whether an entry is what the query asks for; only what is asked for is ever looked at."""
    tests = (*_of_kind(query), *_named(query), *_coded(query), *_timed(query))
    return lambda entry: all(test(entry) for test in tests)


def _of_kind(query: Query) -> Iterator[Test]:
    yield lambda entry: entry.status in query.statuses and entry.object_type in query.object_types
    if query.authors:
        yield lambda entry: authored(entry.authors, query.authors)


def _named(query: Query) -> Iterator[Test]:
    if query.uuids:
        yield lambda entry: entry.uuid in query.uuids
    if query.unique_ids:
        yield lambda entry: entry.unique_id in query.unique_ids
    if query.logical_ids:
        yield lambda entry: entry.logical_id in query.logical_ids
    if query.reference_ids:
        yield lambda entry: all(any(one in entry.reference_ids for one in group) for group in query.reference_ids)


def _coded(query: Query) -> Iterator[Test]:
    asked = (
        ("class_code", query.class_codes),
        ("type_code", query.type_codes),
        ("format_code", query.format_codes),
        ("facility_type", query.facility_types),
        ("practice_setting", query.practice_settings),
        ("confidentiality", query.confidentialities),
    )
    yield from (partial(_has_code, name, _keys(codes)) for name, codes in asked if codes)
    yield from (partial(_has_event, _keys(group)) for group in query.event_codes)


def _has_code(name: str, wanted: frozenset[Key], entry: DocumentEntry) -> bool:
    code: Code | None = getattr(entry, name)
    return code is not None and _key(code) in wanted


def _has_event(wanted: frozenset[Key], entry: DocumentEntry) -> bool:
    return not wanted.isdisjoint(_keys(entry.event_codes))


def _timed(query: Query) -> Iterator[Test]:
    asked = (
        ("created", query.created_from, query.created_to),
        ("service_start", query.service_start_from, query.service_start_to),
        ("service_stop", query.service_stop_from, query.service_stop_to),
    )
    yield from (partial(_is_within, name, start, end) for name, start, end in asked if start or end)


def _is_within(name: str, start: int, end: int, entry: DocumentEntry) -> bool:
    return within(getattr(entry, name), start, end)


def authored(authors: Iterable[Author], patterns: tuple[str, ...]) -> bool:
    """Whether one of the authors is like one of the patterns (SQL LIKE over ``family^given``); no pattern fits all."""
    names = ["^".join((author.family, *author.given)) for author in authors] if patterns else []
    return not patterns or any(like(pattern, name) for name in names for pattern in patterns)


def like(pattern: str, text: str) -> bool:
    """Whether a text is like a pattern in which % stands for any letters and _ for one (SQL LIKE)."""
    return fnmatchcase(text, _globbed(pattern))


def _globbed(pattern: str) -> str:
    return pattern.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]").replace("%", "*").replace("_", "?")


def _keys(codes: Iterable[Code]) -> frozenset[Key]:
    return frozenset(_key(code) for code in codes)


def _key(code: Code) -> Key:
    return code.scheme, code.code


def _order(entry: DocumentEntry) -> tuple[int, str]:
    """Newest first by when it was made, or registered where that is not said or lies later; then by its id."""
    made = min(entry.created, entry.registered) if entry.created else entry.registered
    return -made, entry.uuid


def _cursor(entry: DocumentEntry) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(_order(entry))).decode()


def _position(cursor: str) -> tuple[int, str] | None:
    try:
        return msgspec.msgpack.decode(base64.urlsafe_b64decode(cursor), type=tuple[int, str])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
