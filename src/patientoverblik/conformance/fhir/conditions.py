"""Invariants of R4 that compare values, each by the name its row has: whether one holds of an object.

An object may be shaped in any way when it comes here: what cannot be compared holds, and is told elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

Object = Mapping[str, Any]
UNTIMED = ("proposed", "cancelled", "waitlist")
ASKING, ANSWERING = ("batch", "transaction", "history"), ("batch-response", "transaction-response", "history")
ENDED = ("resolved", "remission", "inactive")


def period_in_order(one: Object) -> bool:
    """per-1: a period does not end before it begins, as far as both are told."""
    start, end = one.get("start"), one.get("end")
    if not isinstance(start, str) or not isinstance(end, str):
        return True
    if len(start) > 10 and len(end) > 10:
        return _moment(start) <= _moment(end)
    told = min(len(start), len(end), 10)
    return start[:told] <= end[:told]


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _entries(one: Object) -> Iterator[Object]:
    listed = one.get("entry")
    yield from (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()


def _codes(one: Object, name: str) -> set[Any]:
    held = one.get(name)
    listed = held.get("coding") if isinstance(held, dict) else None
    found = (each.get("code") for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()
    return {code for code in found if isinstance(code, str)}


def _is_document(one: Object) -> bool:
    return one.get("type") == "document"


def _identified(one: Object) -> bool:
    held = one.get("identifier")
    return isinstance(held, dict) and "system" in held and "value" in held


def _begins_with_composition(one: Object) -> bool:
    first = next(_entries(one), {}).get("resource")
    return isinstance(first, dict) and first.get("resourceType") == "Composition"


def _addresses_once(one: Object) -> bool:
    if one.get("type") == "history":
        return True
    told = [(each["fullUrl"], _version(each)) for each in _entries(one) if isinstance(each.get("fullUrl"), str)]
    return len(told) == len(set(told))


def _version(entry: Object) -> str:
    resource = entry.get("resource")
    meta = resource.get("meta") if isinstance(resource, dict) else None
    return str(meta.get("versionId", "")) if isinstance(meta, dict) else ""


def _has(one: Object, name: str) -> bool:
    """Whether a primitive is there, if only to say why it is absent."""
    return name in one or f"_{name}" in one


def _abated(one: Object) -> bool:
    return any(name.lstrip("_").startswith("abatement") for name in one)


CONDITIONS: Mapping[str, Callable[[Object], bool]] = {
    "period-in-order": period_in_order,
    "appointment-has-time": lambda one: (_has(one, "start") and _has(one, "end")) or one.get("status") in UNTIMED,
    "cancelled-for-a-reason": lambda one: (
        "cancelationReason" not in one or one.get("status") in ("cancelled", "noshow")
    ),
    "total-of-a-search": lambda one: "total" not in one or one.get("type") in ("searchset", "history"),
    "search-of-a-search": lambda one: (
        one.get("type") == "searchset" or not any("search" in each for each in _entries(one))
    ),
    "requests-where-asked": lambda one: all(
        ("request" in each) == (one.get("type") in ASKING) for each in _entries(one)
    ),
    "responses-where-answered": lambda one: all(
        ("response" in each) == (one.get("type") in ANSWERING) for each in _entries(one)
    ),
    "addresses-once": _addresses_once,
    "document-is-identified": lambda one: not _is_document(one) or _identified(one),
    "document-has-a-time": lambda one: not _is_document(one) or "timestamp" in one,
    "document-begins-with-composition": lambda one: not _is_document(one) or _begins_with_composition(one),
    "abated-is-not-active": lambda one: not _abated(one) or bool(_codes(one, "clinicalStatus") & set(ENDED)),
    "error-has-no-status": lambda one: (
        "entered-in-error" not in _codes(one, "verificationStatus") or "clinicalStatus" not in one
    ),
    "deleted-in-changes": lambda one: (
        one.get("mode") == "changes" or not any("deleted" in each for each in _entries(one))
    ),
    "dates-in-working": lambda one: one.get("mode") == "working" or not any("date" in each for each in _entries(one)),
}
