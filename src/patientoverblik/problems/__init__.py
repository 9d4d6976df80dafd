"""The problem catalogue: every fault the service can tell of, with its texts and wire codes."""

from patientoverblik.problems.catalogue import CATALOGUE, Finding, Problem, Severity, load_catalogue
from patientoverblik.problems.fault import Fault

__all__ = ["CATALOGUE", "Fault", "Finding", "Problem", "Severity", "load_catalogue"]
