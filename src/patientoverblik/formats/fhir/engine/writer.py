"""The writer of a shape: the same tree the other way, properties in R4's order, absent what says nothing.

Constants are written where anything else is; what R4 requires and care does not know says that it is absent.
"""

from collections.abc import Callable
from typing import Any

from patientoverblik.care import Unknown
from patientoverblik.formats.fhir.engine.invariants import OWED, SETTLE
from patientoverblik.formats.fhir.engine.kinds import absence
from patientoverblik.formats.fhir.engine.tree import Leaf, Option, Tree
from patientoverblik.formats.fhir.r4 import Child, children

Values = list[Any]
Node = dict[str, Any]
Emit = Callable[[Values, Any, Node], bool]
Writer = Callable[[Values, Any], tuple[Node, bool]]
SILENT: Any = object()
"""The value of a field that is not to be written."""
NOT_KNOWN = {"extension": absence(Unknown())}


def writer(tree: Tree) -> Writer:
    """The writer of a tree: gives the object, and whether anything but constants stands in it."""
    ordered = sorted(tree.branches.values(), key=lambda one: one.child.order)
    emits = [_emit(branch.child, option) for branch in ordered for option in branch.options]
    owed = _owed(tree)
    known = children(tree.home)
    invariant, settle = OWED.get(tree.home, _none), SETTLE.get(tree.home, _nothing_to_settle)
    order = {key: child.order for key, child in known.items()}
    shared = len({branch.child.order for branch in ordered}) < len(ordered)
    sorted_after = bool(owed) or shared or tree.home in OWED or tree.home in SETTLE

    def write(values: Values, pen: Any) -> tuple[Node, bool]:
        node: Node = {}
        said = [emit(values, pen, node) for emit in emits]
        for child in (*owed, *(known[key] for key in invariant(node))):
            _owe(child, node)
        settle(node)
        return (_in_order(node, order) if sorted_after else node), any(said)

    return write


def _none(_node: Node) -> tuple[str, ...]:
    return ()


def _nothing_to_settle(_node: Node) -> None:
    return None


def _owed(tree: Tree) -> list[Child]:
    return [child for child in children(tree.home).values() if child.required and child.key != "url"]


def _owe(child: Child, node: Node) -> None:
    """A required property that is not there says that it is not known."""
    if child.key not in node and f"_{child.key}" not in node:
        wrapped = NOT_KNOWN if not child.many else [NOT_KNOWN]
        node[f"_{child.key}" if child.primitive else child.key] = wrapped


def _in_order(node: Node, order: dict[str, int]) -> Node:
    return dict(sorted(node.items(), key=lambda one: order.get(one[0].removeprefix("_"), -1)))


def _emit(child: Child, option: Option) -> Emit:
    if option.quiet:
        return _nothing
    if option.tree is not None:
        return _inner(child, option.tree, option.loop)
    if option.leaf is None:
        return _constant(child, option.values[0])
    return _leaf(child, option.leaf)


def _nothing(_values: Values, _pen: Any, _node: Node) -> bool:
    return False


def _constant(child: Child, text: str) -> Emit:
    value: Any = {"true": True, "false": False}.get(text, text) if child.type == "boolean" else text

    def emit(_values: Values, _pen: Any, node: Node) -> bool:
        _put(child, node, value, None)
        return False

    return emit


def _put(child: Child, node: Node, wire: Any, sibling: Any) -> None:
    if wire is not None:
        if child.many:
            node.setdefault(child.key, []).append(wire)
        else:
            node.setdefault(child.key, wire)
    if sibling is not None:
        node[f"_{child.key}"] = sibling


def _leaf(child: Child, leaf: Leaf) -> Emit:
    if leaf.slot < 0:
        return _by_itself(child, leaf)
    write, slot, accepts = leaf.kind.write, leaf.slot, leaf.kind.accepts

    def one(values: Values, pen: Any, node: Node) -> bool:
        value = values[slot]
        if not isinstance(value, accepts):
            return False
        wire, sibling = write(value, pen)
        _put(child, node, wire, sibling)
        return wire is not None or sibling is not None

    def each(values: Values, pen: Any, node: Node) -> bool:
        found = values[slot]
        for value in () if found is SILENT else found:
            _put(child, node, *write(value, pen))
        return found is not SILENT

    return each if leaf.many and not leaf.loops and child.many else one


def _by_itself(child: Child, leaf: Leaf) -> Emit:
    """A constant that its kind writes: who the patient is, or what belongs to the plan."""

    def emit(_values: Values, pen: Any, node: Node) -> bool:
        wire, sibling = leaf.kind.write(None, pen)
        for one in wire if isinstance(wire, list) else () if wire is None else (wire,):
            _put(child, node, one, sibling)
        return False

    return emit


def _inner(child: Child, tree: Tree, loop: int) -> Emit:
    write = writer(tree)
    always = not _has_fields(tree)

    def once(values: Values, pen: Any, node: Node) -> bool:
        found, said = write(values, pen)
        if said or (always and found):
            _put(child, node, found, None)
        return said

    def each(values: Values, pen: Any, node: Node) -> bool:
        found = values[loop]
        for value in () if found is SILENT else found:
            values[loop] = value
            once(values, pen, node)
        values[loop] = SILENT
        return found is not SILENT

    return once if loop < 0 else each


def _has_fields(tree: Tree) -> bool:
    return any(_fills(option) for branch in tree.branches.values() for option in branch.options)


def _fills(option: Option) -> bool:
    if option.tree is not None:
        return _has_fields(option.tree)
    return option.leaf is not None and option.leaf.slot >= 0
