"""Benefit figures: how the service is used, counted apart from trail and log and without any patient."""

from patientoverblik.insight.recorder import Recorder
from patientoverblik.insight.report import Report, read_events, report

__all__ = ["Recorder", "Report", "read_events", "report"]
