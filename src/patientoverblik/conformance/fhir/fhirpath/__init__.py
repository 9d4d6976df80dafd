"""FHIRPath 2.0, as much of it as invariants and discriminators of Danish profiles are written in."""

from patientoverblik.conformance.fhir.fhirpath.compiling import Expression, compiled, holds
from patientoverblik.conformance.fhir.fhirpath.items import Item, World, item_of
from patientoverblik.conformance.fhir.fhirpath.parsing import Unsupported

__all__ = ["Expression", "Item", "Unsupported", "World", "compiled", "holds", "item_of"]
