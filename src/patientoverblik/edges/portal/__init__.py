"""The pages in Danish and the same overview as JSON: doors that translate between the service and a browser.

The application is made by :func:`patientoverblik.edges.portal.portal.portal`; it is not imported here, so that the page
assets can be laid out before anything else of the program is needed.
"""

from patientoverblik.edges.portal.settings import Acts, Persona, PortalSettings, Whose

__all__ = ["Acts", "Persona", "PortalSettings", "Whose"]
