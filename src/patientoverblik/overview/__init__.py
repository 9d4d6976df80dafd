"""One picture from many documents: gather, reconcile, differences, timeline."""

from patientoverblik.overview.build import build
from patientoverblik.overview.gather import Held
from patientoverblik.overview.history import versions_of
from patientoverblik.overview.model import (
    Attribution,
    Counts,
    Difference,
    Dropped,
    Flag,
    Line,
    LineKind,
    LineValue,
    MeasurementGroup,
    Overview,
    Person,
    Phase,
    Section,
    SectionState,
    SourceState,
    SourceStateKind,
    TargetBeside,
    TimelineEvent,
    UnreadDocument,
    Who,
    Wording,
)
from patientoverblik.overview.text import text_of
from patientoverblik.overview.view import Elsewhere, SectionProfile, View, load_view, view_names

__all__ = [
    "Attribution",
    "Counts",
    "Difference",
    "Dropped",
    "Elsewhere",
    "Flag",
    "Held",
    "Line",
    "LineKind",
    "LineValue",
    "MeasurementGroup",
    "Overview",
    "Person",
    "Phase",
    "Section",
    "SectionProfile",
    "SectionState",
    "SourceState",
    "SourceStateKind",
    "TargetBeside",
    "TimelineEvent",
    "UnreadDocument",
    "View",
    "Who",
    "Wording",
    "build",
    "load_view",
    "text_of",
    "versions_of",
    "view_names",
]
