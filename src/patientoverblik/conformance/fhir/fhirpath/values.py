"""Items as truth, and truth as items: one value, nothing, or what is there (FHIRPath 2.0, Singleton evaluation)."""

from decimal import Decimal
from typing import Any

from patientoverblik.conformance.fhir.fhirpath.items import Item, Items

_NAMES = {bool: "boolean", int: "integer", Decimal: "decimal", float: "decimal", str: "string"}


def of_value(value: Any) -> Items:
    """One value as a collection."""
    return (Item(value, (_NAMES.get(type(value), ""), "")),)


TRUE, FALSE = of_value(True), of_value(False)


def of_boolean(told: bool | None) -> Items:
    """Yes, no, or nothing."""
    return () if told is None else TRUE if told else FALSE


def truth(found: Items) -> bool | None:
    """What a collection says where a yes or no is wanted: None where it is empty; one value that is none of them is
    there."""
    if not found:
        return None
    return found[0].value if len(found) == 1 and isinstance(found[0].value, bool) else True


def boolean(found: Items) -> bool:
    """The same, where nothing is no."""
    return truth(found) is True


def same(one: Item, other: Item) -> bool:
    """Whether two items are equal: of one kind of value, and of the same."""
    kinds = isinstance(one.value, bool), isinstance(other.value, bool)
    return bool(kinds[0] == kinds[1] and one.value == other.value)
