"""Which names an expression reads for certain, and for which it asks first whether they are there."""

from __future__ import annotations

from engine.expressions import Compiled, tree


def certain(compiled: Compiled) -> frozenset[str]:
    """The free names that are read whatever their values: not those behind a condition."""
    return frozenset().union(*map(_certain, compiled.trees))


def asked(compiled: Compiled) -> frozenset[str]:
    """The names that are asked for by `is defined(name)`."""
    return frozenset().union(*map(_asked, compiled.trees))


def _certain(node: tree.Node) -> frozenset[str]:
    if isinstance(node, tree.Name):
        return frozenset({node.name})
    return frozenset().union(*map(_certain, _always(node)))


def _always(node: tree.Node) -> tuple[tree.Node, ...]:  # noqa: PLR0911 - one line a kind of node
    """The parts of a node that are evaluated whatever the others give, in the scope of the node."""
    match node:
        case tree.If():
            return (node.condition,)
        case tree.Binary():
            return (node.left,) if node.op in ("and", "or") else (node.left, node.right)
        case tree.Call():
            return () if node.function == "is defined" else node.arguments
        case tree.Member() | tree.Filter():
            return (node.of,)
        case tree.Unary():
            return (node.operand,)
        case tree.Between() | tree.In():
            return (node.value,)
        case tree.Loop():
            return (node.iterations[0].over,)
        case tree.Items():
            return node.items
    return ()


def _asked(node: tree.Node) -> frozenset[str]:
    match node:
        case tree.Call() if node.function == "is defined":
            return frozenset(each.name for each in node.arguments if isinstance(each, tree.Name))
        case tree.If():
            parts: tuple[tree.Node, ...] = (node.condition, node.yes, node.no)
        case tree.Binary():
            parts = (node.left, node.right)
        case tree.Unary():
            parts = (node.operand,)
        case tree.Call():
            parts = node.arguments
        case _:
            parts = ()
    return frozenset().union(*map(_asked, parts))
