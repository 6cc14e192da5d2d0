"""A learner's formula in the words that known mistakes are written in, for naming only.

``diag(a) B`` and ``B diag(a)`` as ``a ⊙ B``, brackets within a product left out, and the error
``y - d`` as the adjoint that it is.
"""

from __future__ import annotations

from dataclasses import replace

from engine.formulas.construction import negative
from engine.formulas.mistakes.fingerprints import Site
from engine.formulas.mistakes.product_edits import flattened
from engine.formulas.tree import Apply, Node, Product, Sum, Symbol, with_children


def in_usual_words(node: Node, site: Site) -> Node:
    """The formula as the canonical answers would have it; spans are kept."""
    if site.target.kind != "output-adjoint" and site.convention.output in PLAIN_ERRORS:
        model = site.model
        source = site.target.output_source
        node = _with_adjoint(node, (model.output, model.label), model.adjoint_of.get(source or ""))
    # A Jacobian is a matrix, in which W diag(a) is no elementwise product but the wrong order.
    return node if site.target.kind in JACOBIANS else without_diagonals(node)


JACOBIANS = frozenset({"jacobian", "jacobian-product"})
# Outputs and losses for which dE/dv is y - d.
PLAIN_ERRORS = frozenset({"mse-identity", "ce-sigmoid", "ce-softmax"})


def _with_adjoint(node: Node, names: tuple[str, str], adjoint: str | None) -> Node:
    match node:
        case Sum(terms=(Symbol(time=one) as first, Symbol(time=other) as second)) if one == other:
            found = (first.name, second.name)
            if adjoint is not None and set(found) == set(names) and node.signs in ERROR_SIGNS:
                error = Symbol(adjoint, time=one, span=node.span)
                positive = node.signs[found.index(names[0])] > 0
                return error if positive else replace(negative(error), span=node.span)
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [_with_adjoint(child, names, adjoint) for child in children])


ERROR_SIGNS = ((1, -1), (-1, 1))


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
    flat = flattened(node)
    for place, factor in enumerate(flat.factors):
        if isinstance(factor, Apply) and factor.function == "diag" and not factor.order:
            return without_diagonals(_spread(flat, place, factor.argument))
    return flat


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
