"""From a document's record to what it contributes to the overview, in the domain's words."""

from patientoverblik.formats.cda.derive.document import derive

__all__ = ["derive"]
