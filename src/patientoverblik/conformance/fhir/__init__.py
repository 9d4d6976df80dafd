"""What is wrong with a FHIR R4 resource, all of it at once: by R4's structure, and by the profiles it claims."""

from patientoverblik.conformance.fhir.check import UNREADABLE, structure
from patientoverblik.conformance.fhir.profiles import Profiles, by_one, claimed, definitions, profiles

__all__ = ["UNREADABLE", "Profiles", "by_one", "claimed", "definitions", "profiles", "structure"]
