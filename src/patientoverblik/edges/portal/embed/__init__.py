"""The overview inside a record system: how it is opened there, and the pages of the one patient it was opened for."""

from patientoverblik.edges.portal.embed.addresses import ENTRANCES, ROOT, START
from patientoverblik.edges.portal.embed.cookies import COOKIE
from patientoverblik.edges.portal.embed.framed import framed
from patientoverblik.edges.portal.embed.launch import routes

__all__ = ["COOKIE", "ENTRANCES", "ROOT", "START", "framed", "routes"]
