"""``diag(a) B`` and ``B diag(a)`` as ``a ⊙ B``, for naming: known mistakes are written so."""

from __future__ import annotations

from dataclasses import replace

from engine.formulas.construction import with_children
from engine.formulas.tree import Apply, Node, Product


def without_diagonals(node: Node) -> Node:
    """The formula with every diagonal factor as an elementwise one; spans are kept."""
    children = list(node.children())
    if not children:
        return node
    changed = [without_diagonals(child) for child in children]
    if any(new is not old for new, old in zip(changed, children, strict=True)):
        node = with_children(node, changed)
    if not isinstance(node, Product):
        return node
    for place, factor in enumerate(node.factors):
        if isinstance(factor, Apply) and factor.function == "diag" and not factor.order:
            return without_diagonals(_spread(node, place, factor.argument))
    return node


def _spread(node: Product, place: int, diagonal: Node) -> Node:
    """The diagonal joined to its right neighbour, or to its left one at the end."""
    start = place if place + 1 < len(node.factors) else place - 1
    pair = list(node.factors[start : start + 2])
    pair[place - start] = diagonal
    joined = Product(tuple(pair), ("hadamard",), span=node.span if len(node.factors) == 2 else None)
    factors = (*node.factors[:start], joined, *node.factors[start + 2 :])
    if len(factors) == 1:
        return joined
    operators = node.operators[:start] + node.operators[start + 1 :]
    return replace(node, factors=factors, operators=operators)
