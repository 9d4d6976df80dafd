"""From what a party contributes to the record of a document, the way back of ``derive``."""

from patientoverblik.formats.cda.compose.document import compose
from patientoverblik.formats.cda.compose.lost import lost_in

__all__ = ["compose", "lost_in"]
