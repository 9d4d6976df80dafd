"""SMART App Launch 2.2 scopes: read strictly, and a pure answer to whether an interaction is within them.

A scope never widens what :func:`patientoverblik.access.decide` allows; it is asked before, and both must say yes.
What is not understood is ignored and named (RFC 6749 §3.3).
"""

import re
from collections.abc import Iterable
from typing import Literal, get_args
from urllib.parse import parse_qsl

import msgspec

from patientoverblik.access import Purpose

Context = Literal["patient", "user", "system"]
ANY = "*"
# Scopes that ask for something else than resources (SMART 2.2, "Scopes for requesting context data" and identity data).
ASKING = ("openid", "fhirUser", "launch", "launch/patient", "offline_access")
PURPOSES: dict[Context, tuple[Purpose, ...]] = {
    "patient": ("treatment", "own-overview", "on-behalf"),
    "user": ("treatment", "own-overview", "on-behalf"),
    "system": ("delivery",),
}
_RESOURCE = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{2,40})\.(c?r?u?d?s?)(?:\?([^?#]{1,200}))?", re.ASCII)


class Scope(msgspec.Struct, frozen=True):
    """One resource scope; ``parameters`` are the search parameters it is narrowed by, in the order they stand."""

    context: Context
    resource: str
    interactions: str
    parameters: tuple[tuple[str, str], ...] = ()


class Scopes(msgspec.Struct, frozen=True):
    """What a token's scope claim says: resource scopes, other scopes we know, and those we do not."""

    resources: tuple[Scope, ...] = ()
    asking: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()


class Interaction(msgspec.Struct, frozen=True):
    """Something a door is about to do: FHIR type, one letter of ``cruds``, and why.

    ``bound`` says whether the patient is the very one the token is bound to; ``filters`` are the search parameters the
    door applies to all that it answers with.
    """

    resource: str
    letter: str
    purpose: Purpose
    bound: bool = False
    filters: frozenset[tuple[str, str]] = frozenset()


def parse_scope(text: str) -> Scope | None:
    """One resource scope as ``context/Type.cruds?name=value``; None where it is not exactly that."""
    found = _RESOURCE.fullmatch(text)
    if found is None or not found[3]:
        return None
    parameters = _parameters(found[4])
    return None if parameters is None else Scope(_context(found[1]), found[2], found[3], parameters)


def parse_scopes(words: Iterable[str]) -> Scopes:
    """Every scope of a claim, sorted into what is understood and what is not."""
    resources: list[Scope] = []
    asking: set[str] = set()
    unknown: list[str] = []
    for word in dict.fromkeys(words):
        scope = parse_scope(word)
        if scope is not None:
            resources.append(scope)
        elif word in ASKING:
            asking.add(word)
        else:
            unknown.append(word)
    return Scopes(tuple(resources), frozenset(asking), tuple(unknown))


def permits(scopes: Scopes, interaction: Interaction) -> bool:
    """Whether one of the scopes holds the whole interaction; several are never put together into one."""
    return any(_holds(scope, interaction) for scope in scopes.resources)


def covers(given: Scope, asked: Scope) -> bool:
    """Whether everything ``asked`` permits is permitted by ``given`` too."""
    return (
        given.context == asked.context
        and given.resource in (ANY, asked.resource)
        and set(asked.interactions) <= set(given.interactions)
        and set(given.parameters) <= set(asked.parameters)
    )


def granted(registered: Iterable[str], asked: Iterable[str]) -> tuple[str, ...]:
    """The scopes of a request that a client may have: those it is registered for, and narrower ones."""
    may = parse_scopes(registered)
    return tuple(word for word in dict.fromkeys(asked) if _may_have(may, word))


def _may_have(may: Scopes, word: str) -> bool:
    scope = parse_scope(word)
    return word in may.asking if scope is None else any(covers(given, scope) for given in may.resources)


def _holds(scope: Scope, interaction: Interaction) -> bool:
    return (
        interaction.purpose in PURPOSES[scope.context]
        and (interaction.bound or scope.context != "patient")
        and scope.resource in (ANY, interaction.resource)
        and len(interaction.letter) == 1
        and interaction.letter in scope.interactions
        and set(scope.parameters) <= interaction.filters
    )


def _parameters(query: str | None) -> tuple[tuple[str, str], ...] | None:
    if query is None:
        return ()
    try:
        found = tuple(parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=10))
    except ValueError:
        return None
    return found if all(name and value for name, value in found) else None


def _context(word: str) -> Context:
    return next(each for each in get_args(Context) if each == word)
