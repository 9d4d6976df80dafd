"""Registry objects as they stand on the wire (ebRIM 3.0; ITI TF-3 4.2): read into plain values, written from them."""

from patientoverblik.edges.soap.ebrim.model import Classification, RegistryObject, Slots
from patientoverblik.edges.soap.ebrim.read import read_objects
from patientoverblik.edges.soap.ebrim.write import xml_of

__all__ = ["Classification", "RegistryObject", "Slots", "read_objects", "xml_of"]
