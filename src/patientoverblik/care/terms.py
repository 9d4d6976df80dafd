"""The words of the model: every class and field carries its Danish and English term, its meaning and its source."""

from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec


class Term(msgspec.Struct, frozen=True):
    """A term of the domain: Danish and English name, meaning in Danish, and where the term comes from."""

    da: str
    en: str
    meaning: str
    source: str


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of every care value: frozen, compared by content, and stored without its defaults.

    Values hold values and never a cycle, so the garbage collector need not walk them. A class that stands in a choice
    with others carries its name under ``is`` when stored.
    """


def class_term(of: type[Value]) -> Term:
    """The term of a class; a class without one is a fault of the model."""
    found = vars(of).get("term")
    if not isinstance(found, Term):
        raise LookupError(f"{of.__name__} has no term")
    return found


def field_terms(of: type[Value]) -> dict[str, Term]:
    """The term of each field of a class, in the order of the fields."""
    hints = get_type_hints(of, include_extras=True)
    return {name: _annotated_term(of, name, hints[name]) for name in of.__struct_fields__}


def _annotated_term(of: type[Value], name: str, hint: Any) -> Term:
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Term):
                return extra
    raise LookupError(f"{of.__name__}.{name} has no term")
