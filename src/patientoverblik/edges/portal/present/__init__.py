"""From an overview to a page: plain functions that choose words and order, and decide nothing."""

from patientoverblik.edges.portal.present.overview import present

__all__ = ["present"]
