"""A tree of FHIRPath to a function from the items in focus to the items found.

What is found is a collection: empty where something is not there, and what is asked of nothing is nothing (FHIRPath
2.0, Null and empty).
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from patientoverblik.conformance.fhir.fhirpath.functions import FUNCTIONS, WITH_CRITERIA, WITH_TYPE
from patientoverblik.conformance.fhir.fhirpath.items import Item, Items, World, is_a, under
from patientoverblik.conformance.fhir.fhirpath.parsing import Call, Infix, Literal, Name, Step, Unsupported, parse
from patientoverblik.conformance.fhir.fhirpath.values import boolean, of_boolean, of_value, same, truth

Expression = Callable[[World, Items], Items]


def compiled(text: str) -> Expression:
    """An expression made ready; ``Unsupported`` where it, or a function in it, is not understood here."""
    return _made(parse(text))


def holds(expression: Expression, world: World, focus: Item) -> bool:
    """Whether an invariant holds of an item: what it finds is true, or is there (R4, ElementDefinition.constraint)."""
    return boolean(expression(world, (focus,)))


def _made(tree: Any) -> Expression:
    return _MAKERS[type(tree)](tree)


def _literal(tree: Literal) -> Expression:
    found: Items = () if tree.value is None else of_value(tree.value)
    return lambda _world, _focus: found


def _name(tree: Name) -> Expression:
    name = tree.name
    if name == "$this":
        return lambda _world, focus: focus
    if name in ("%resource", "%rootResource"):
        return lambda world, _focus: (world.resource,)
    if name == "%context":
        return lambda _world, focus: focus
    if name[0] in "$%":
        raise Unsupported(name)
    return lambda _world, focus: tuple(found for one in focus for found in _found(one, name))


def _found(item: Item, name: str) -> Items:
    if name[0].isupper() and item.home == (name, ""):
        return (item,)
    return tuple(under(item, name))


def _step(tree: Step) -> Expression:
    left, right = _made(tree.left), _made(tree.right)
    return lambda world, focus: right(world, left(world, focus))


def _call(tree: Call) -> Expression:
    if tree.name in WITH_TYPE:
        return _typed(tree.name, _type(tree.arguments[0]), _this)
    arguments = tuple(_made(one) for one in tree.arguments)
    if tree.name in WITH_CRITERIA:
        work = WITH_CRITERIA[tree.name]
        return lambda world, focus: work(world, focus, *arguments)
    if tree.name not in FUNCTIONS:
        raise Unsupported(tree.name)
    plain = FUNCTIONS[tree.name]
    return lambda world, focus: plain(world, focus, *(one(world, focus) for one in arguments))


def _this(_world: World, focus: Items) -> Items:
    return focus


def _type(tree: Any) -> str:
    if isinstance(tree, Step):
        return f"{_type(tree.left)}.{_type(tree.right)}"
    if not isinstance(tree, Name):
        raise Unsupported("a type that is computed")
    return tree.name


def _typed(sign: str, type_: str, left: Expression) -> Expression:
    if sign == "is":
        return lambda world, focus: tuple(Item(is_a(one, type_), ("boolean", "")) for one in left(world, focus))
    return lambda world, focus: tuple(one for one in left(world, focus) if is_a(one, type_))


def _infix(tree: Infix) -> Expression:
    left = _made(tree.left)
    if tree.sign in ("is", "as"):
        return _typed(tree.sign, _type(tree.right), left)
    right, work = _made(tree.right), OPERATORS[tree.sign]
    return lambda world, focus: work(left(world, focus), right(world, focus))


_MAKERS: Mapping[type, Callable[[Any], Expression]] = {
    Literal: _literal,
    Name: _name,
    Step: _step,
    Call: _call,
    Infix: _infix,
}


def _and(left: Items, right: Items) -> Items:
    told = truth(left), truth(right)
    return of_boolean(False if False in told else None if None in told else True)


def _or(left: Items, right: Items) -> Items:
    told = truth(left), truth(right)
    return of_boolean(True if True in told else None if None in told else False)


def _xor(left: Items, right: Items) -> Items:
    one, other = truth(left), truth(right)
    return of_boolean(None if one is None or other is None else one != other)


def _implies(left: Items, right: Items) -> Items:
    told = truth(left)
    return of_boolean(True) if told is False else _or(of_boolean(None if told is None else not told), right)


def _equal(left: Items, right: Items) -> Items:
    if not left or not right:
        return ()
    pairs = zip(left, right, strict=False)
    return of_boolean(len(left) == len(right) and all(same(one, other) for one, other in pairs))


def _unequal(left: Items, right: Items) -> Items:
    told = truth(_equal(left, right))
    return of_boolean(None if told is None else not told)


def _in(left: Items, right: Items) -> Items:
    return of_boolean(any(same(left[0], one) for one in right)) if len(left) == 1 else ()


def _union(left: Items, right: Items) -> Items:
    found: list[Item] = []
    for one in (*left, *right):
        if not any(same(one, other) for other in found):
            found.append(one)
    return tuple(found)


def _joined(left: Items, right: Items) -> Items:
    return of_value("".join(str(one.value) for one in (*left[:1], *right[:1])))


def _single(work: Callable[[Any, Any], Any]) -> Callable[[Items, Items], Items]:
    """An operator on one value at each side; nothing where either is not there, or they cannot be compared."""

    def found(left: Items, right: Items) -> Items:
        if len(left) != 1 or len(right) != 1:
            return ()
        try:
            return of_value(work(left[0].value, right[0].value))
        except (TypeError, ArithmeticError):
            return ()

    return found


OPERATORS: Mapping[str, Callable[[Items, Items], Items]] = {
    "and": _and,
    "or": _or,
    "xor": _xor,
    "implies": _implies,
    "=": _equal,
    "!=": _unequal,
    "in": _in,
    "contains": lambda left, right: _in(right, left),
    "|": _union,
    "&": _joined,
    "<": _single(operator.lt),
    ">": _single(operator.gt),
    "<=": _single(operator.le),
    ">=": _single(operator.ge),
    "+": _single(operator.add),
    "-": _single(operator.sub),
    "*": _single(operator.mul),
    "/": _single(lambda one, other: Decimal(one) / Decimal(other)),
    "div": _single(lambda one, other: int(one / other)),
    "mod": _single(operator.mod),
}
