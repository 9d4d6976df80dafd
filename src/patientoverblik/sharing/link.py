"""One person under two patient identifiers: linking unites, unlinking restores exactly (DESIGN 14)."""

from patientoverblik.problems import Finding
from patientoverblik.sharing.ports import OpenShelf


def link(shelf: OpenShelf, one: int, other: int) -> tuple[int, ...] | Finding:
    """Link two patient keys; every key that is now one patient, ascending. Nothing is moved or copied, and keys that
    are one patient already get no second link: so each link is the only one between the two sides it joins."""
    if one == other:
        return Finding("sharing.links-itself")
    if other not in shelf.linked_keys(one):
        shelf.link(one, other)
    return shelf.linked_keys(one)


def unlink(shelf: OpenShelf, one: int, other: int) -> tuple[int, ...] | Finding:
    """Undo the link between two keys; the keys still linked with the first. Other links stand; keys that are one
    patient through a third alone have no link to undo."""
    if other not in shelf.linked_keys(one):
        return Finding("sharing.not-linked")
    shelf.unlink(one, other)
    left = shelf.linked_keys(one)
    return Finding("sharing.not-linked") if other in left else left
