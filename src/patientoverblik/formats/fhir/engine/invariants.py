"""What R4's invariants ask of what is written: what must at least be said to be absent, and what may not stand in its
own place because of what is said beside it. That stands in an extension there, so that nothing is lost.
"""

from collections.abc import Callable, Mapping
from typing import Any

from patientoverblik.care import parse_moment
from patientoverblik.formats.fhir.engine.tables import extensions
from patientoverblik.formats.fhir.r4 import Home

Node = dict[str, Any]
ENDED = frozenset({"inactive", "remission", "resolved"})
"""The clinical statuses of a condition that is over, and what is under them (HL7 condition-clinical)."""
DATE = len("2026-01-01")
OWED: Mapping[Home, Callable[[Node], tuple[str, ...]]] = {
    ("Appointment", ""): lambda _node: ("start", "end"),
    ("Organization", ""): lambda node: () if "identifier" in node else ("name",),
}
"""What must be there, if only to say that it is absent (app-2, app-3; org-1)."""


def _period(node: Node) -> None:
    """per-1: a period does not end before it begins."""
    start, end = node.get("start"), node.get("end")
    if start is not None and end is not None and _is_after(start, end):
        _aside(node, "end", "end")


def _is_after(one: str, other: str) -> bool:
    """Whether a time is after another, as far as both are told."""
    if len(one) > DATE and len(other) > DATE:
        return parse_moment(one).earliest > parse_moment(other).earliest
    told = min(len(one), len(other), DATE)
    return one[:told] > other[:told]


def _condition(node: Node) -> None:
    """con-5: what was entered in error has no clinical status; con-4: only what is over has abated."""
    if "entered-in-error" in _codes(node, "verificationStatus"):
        _aside(node, "clinicalStatus", "clinical-status")
    if not _codes(node, "clinicalStatus") & ENDED:
        _aside(node, "abatementDateTime", "abatement")


def _codes(node: Node, name: str) -> set[str]:
    return {one.get("code", "") for one in node.get(name, {}).get("coding", ())}


def _aside(node: Node, name: str, extension: str) -> None:
    """What a property says, and what is said beside it, said by an extension instead."""
    known = extensions()[extension]
    beside = {f"{mark}{known.key}": node.pop(f"{mark}{name}") for mark in ("", "_") if f"{mark}{name}" in node}
    if beside:
        node.setdefault("extension", []).append({"url": known.url, **beside})


SETTLE: Mapping[Home, Callable[[Node], None]] = {("Period", ""): _period, ("Condition", ""): _condition}
"""What is settled of an object once all of it is written."""
