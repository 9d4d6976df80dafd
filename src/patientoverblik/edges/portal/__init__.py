"""The pages in Danish and the same overview as JSON: doors that translate between the service and a browser."""

from patientoverblik.edges.portal.portal import portal
from patientoverblik.edges.portal.settings import Acts, Persona, PortalSettings, Whose

__all__ = ["Acts", "Persona", "PortalSettings", "Whose", "portal"]
