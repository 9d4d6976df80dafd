"""What is wrong with a document, all of it at once."""

from patientoverblik.conformance.check import check
from patientoverblik.conformance.model import Findings
from patientoverblik.conformance.ruleset import recognise

__all__ = ["Findings", "check", "recognise"]
