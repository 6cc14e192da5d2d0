"""Short constructors for typed trees, for the parts of the engine that write formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Protocol

from engine.formulas.tree import (
    Apply,
    BigOperator,
    Derivative,
    Index,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    Transpose,
    with_children,
)

NOW = Index.of(0, t=1)
# What the names of gradients begin with that a model gives no letter of their own.
GRADIENT = "grad_"


class Names(Protocol):
    """A notation, as far as it says which quantities have names."""

    @property
    def by_name(self) -> Mapping[str, Any]: ...


def at(shift: int = 0, /, **weights: int) -> Index:
    """The index ``t + shift`` plus the weighted variables: ``at(-1, s=-1)`` is ``t - s - 1``."""
    return Index.of(shift, **{"t": 1, **weights})


def signal(name: str, time: Index | None = NOW) -> Symbol:
    """A signal at a time step (now, unless told)."""
    return Symbol(name, time=time)


def parameter(name: str, update: Index | None = None) -> Symbol:
    """A parameter, perhaps with its update number."""
    return Symbol(name, update=update)


def number(value: int | Fraction) -> Number:
    """An exact number."""
    return Number(Fraction(value))


def product(*factors: Node, operator: str = "juxtaposed") -> Node:
    """A flat product of one operator; one factor stays itself."""
    if len(factors) == 1:
        return factors[0]
    return Product(tuple(factors), (operator,) * (len(factors) - 1))


def hadamard(*factors: Node) -> Node:
    """An elementwise product."""
    return product(*factors, operator="hadamard")


def total(*terms: Node) -> Node:
    """A sum of positive terms; one term stays itself."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms), (1,) * len(terms))


def minus(left: Node, right: Node) -> Sum:
    """A difference."""
    return Sum((left, right), (1, -1))


def negative(node: Node) -> Sum:
    """A leading minus."""
    return Sum((node,), (-1,))


def transposed(node: Node) -> Node:
    """The transpose; two transposes cancel."""
    return node.operand if isinstance(node, Transpose) else Transpose(node)


def applied(function: str, argument: Node, order: int = 0) -> Apply:
    """A function, ``order`` times differentiated, of an argument."""
    return Apply(function, argument, order)


def summed(index: str, low: Index | None, high: Index | None, body: Node) -> BigOperator:
    """A sum sign with its limits."""
    return BigOperator("sum", index, low, high, body)


def gradient(by: Node, of: Node | None = None) -> Derivative:
    """The derivative of the loss, used as a name."""
    return Derivative(of or Symbol("E"), by)


def gradient_spelt_out(node: Symbol, notation: Names) -> Derivative | None:
    """dE/dx for the gradient of a signal that has no letter of its own in a notation."""
    if node.name in notation.by_name or not node.name.startswith(GRADIENT):
        return None
    of = Symbol(node.name.removeprefix(GRADIENT), time=node.time)
    return Derivative(Symbol("E", time=node.outer), of, span=node.span)


def half(node: Node) -> Node:
    """One half of a node."""
    return product(Quotient(number(1), number(2)), node)


def squared(node: Node) -> Power:
    """The (elementwise) square."""
    return Power(node, number(2))


def without_dots(node: Node) -> Node:
    """The tree with every dot between quantities read as juxtaposed."""
    children = list(node.children())
    if not children:
        return node
    if isinstance(node, Product) and "dot" in node.operators:
        plain = tuple("juxtaposed" if one == "dot" else one for one in node.operators)
        node = replace(node, operators=plain)
    return with_children(node, [without_dots(child) for child in children])


def substituted(node: Node, name: str, value: Index) -> Node:
    """The node with the index variable ``name`` replaced in every free place."""
    if isinstance(node, BigOperator):
        low = node.low.substitute(name, value) if node.low else None
        high = node.high.substitute(name, value) if node.high else None
        inner = node.body if node.index == name else substituted(node.body, name, value)
        return replace(node, low=low, high=high, body=inner)
    if isinstance(node, Symbol):
        if node.time is None and node.update is None and node.outer is None:
            return node
        return replace(
            node,
            time=node.time.substitute(name, value) if node.time else None,
            update=node.update.substitute(name, value) if node.update else None,
            outer=node.outer.substitute(name, value) if node.outer else None,
        )
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [substituted(child, name, value) for child in children])


def without(node: Node, names: tuple[str, ...]) -> Node:
    """A tree without the summands that are one of the named symbols (biases)."""
    children = list(node.children())
    if children:
        node = with_children(node, [without(child, names) for child in children])
    if not isinstance(node, Sum):
        return node
    kept = [
        (term, sign)
        for term, sign in zip(node.terms, node.signs, strict=True)
        if not (isinstance(term, Symbol) and term.name in names)
    ]
    if len(kept) == 1 and kept[0][1] == 1:
        return kept[0][0]
    return Sum(tuple(term for term, _ in kept), tuple(sign for _, sign in kept))


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The tree with every occurrence of ``old`` replaced by ``new``."""
    if node == old:
        return new
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [replaced(child, old, new) for child in children])
