"""One person under two patient identifiers: linking unites, unlinking restores exactly (DESIGN 14)."""

from patientoverblik.problems import Finding
from patientoverblik.sharing.ports import OpenShelf


def link(shelf: OpenShelf, one: int, other: int) -> tuple[int, ...] | Finding:
    """Link two patient keys; every key that is now one patient, ascending. Nothing is moved or copied."""
    if one == other:
        return Finding("sharing.links-itself")
    shelf.link(one, other)
    return shelf.linked_keys(one)


def unlink(shelf: OpenShelf, one: int, other: int) -> tuple[int, ...] | Finding:
    """Undo the link between two keys; the keys still linked with the first. Other links stand."""
    if other not in shelf.linked_keys(one):
        return Finding("sharing.not-linked")
    shelf.unlink(one, other)
    return shelf.linked_keys(one)
