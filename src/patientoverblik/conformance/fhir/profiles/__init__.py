"""Profiles as StructureDefinitions publish them: made ready from the packages at hand, and resources held against
them."""

from patientoverblik.conformance.fhir.profiles.claimed import by_one, claimed
from patientoverblik.conformance.fhir.profiles.compiling import profiles
from patientoverblik.conformance.fhir.profiles.definitions import Definitions, definitions
from patientoverblik.conformance.fhir.profiles.model import Profile, Profiles

__all__ = ["Definitions", "Profile", "Profiles", "by_one", "claimed", "definitions", "profiles"]
