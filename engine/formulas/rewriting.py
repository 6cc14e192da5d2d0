"""Rewritings that keep a formula's value: what a judge must not be impressed by."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.formulas.construction import gradient, number, product, substituted, total
from engine.formulas.models import Model
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Comparison,
    Derivative,
    Index,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Reduce,
    Sum,
    Symbol,
    Transpose,
    walk,
    with_children,
)

LETTERS = ("s", "k", "p", "m", "z", "j")
MOST_AT_ONCE = 4
LARGEST = 60  # nodes: beyond, a tree is rewritten no further


def rewritings(tree: Node, rng: random.Random, model: Model | None = None) -> Iterator[Node]:
    """Endlessly many random rewritings of ``tree``, each of one to four steps."""
    while True:
        changed = tree
        for _ in range(rng.randint(1, MOST_AT_ONCE)):
            step = once(changed, rng, model)
            if sum(1 for _ in walk(step)) > LARGEST:
                break
            changed = step
        yield changed


def once(tree: Node, rng: random.Random, model: Model | None = None) -> Node:
    """The tree after one random rewriting at a random place (itself if none applies there)."""
    places = list(_places(tree, ()))
    path, node, bound = rng.choice(places)
    makers: list[Callable[[Node, random.Random, frozenset[str]], Node | None]] = [
        _commuted,
        _twice_transposed,
        _reversed_product,
        _reversed_sum,
        _shifted_sum,
        _renamed_sum,
        _peeled_sum,
        _distributed,
        _regrouped,
        _rate_inside,
        _times_one,
        _signs_as_factors,
        _split_in_halves,
    ]
    if model is not None:
        makers.append(lambda one, _, __: _as_derivative(one, model))
    rng.shuffle(makers)
    for make in makers:
        changed = make(node, rng, bound)
        if changed is not None:
            return _put(tree, path, changed)
    return tree


def _places(
    node: Node, path: tuple[int, ...], bound: frozenset[str] = frozenset()
) -> Iterator[tuple[tuple[int, ...], Node, frozenset[str]]]:
    if isinstance(node, Reduce) and node.axis is not None:
        return  # a sum along an axis stands beside a matrix only as it is
    if not isinstance(node, Comparison):  # a condition is no value: only its two sides are
        yield path, node, bound
    if isinstance(node, Derivative | Apply | Power | Reduce):
        # Inside a function only the argument; a derivative is a name.
        if isinstance(node, Apply):
            yield from _places(node.argument, (*path, 0), bound)
        return
    inner = bound | {node.index} if isinstance(node, BigOperator) else bound
    for place, child in enumerate(node.children()):
        yield from _places(child, (*path, place), inner)


def _put(tree: Node, path: tuple[int, ...], new: Node) -> Node:
    if not path:
        return new
    children = list(tree.children())
    children[path[0]] = _put(children[path[0]], path[1:], new)
    return with_children(tree, children)


def _commuted(node: Node, rng: random.Random, _: frozenset[str]) -> Node | None:
    if isinstance(node, Sum) and len(node.terms) > 1:
        order = list(range(len(node.terms)))
        rng.shuffle(order)
        terms, signs = node.terms, node.signs
        return Sum(tuple(terms[i] for i in order), tuple(signs[i] for i in order))
    if isinstance(node, Product) and set(node.operators) == {"hadamard"}:
        factors = list(node.factors)
        rng.shuffle(factors)
        return replace(node, factors=tuple(factors))
    return None


def _twice_transposed(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    return None if isinstance(node, Number) else Transpose(Transpose(node))


def _is_chain(node: Node) -> bool:
    """A product of matrices and scalars in which no slope stands for a diagonal."""
    if not isinstance(node, Product) or set(node.operators) != {"juxtaposed"}:
        return False
    return not any(isinstance(part, Apply) and part.order for part in walk(node))


def _is_scalar(node: Node) -> bool:
    if isinstance(node, Quotient):
        return _is_scalar(node.numerator) and _is_scalar(node.denominator)
    return isinstance(node, Number) or (isinstance(node, Symbol) and node.name in {"eps", "T", "N"})


def _reversed_product(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    """A B is (B^T A^T)^T."""
    if not _is_chain(node) or not isinstance(node, Product):
        return None
    front = [factor for factor in node.factors if _is_scalar(factor)]
    rest = [factor for factor in node.factors if not _is_scalar(factor)]
    if len(rest) < 2:
        return None
    turned = Transpose(product(*(Transpose(factor) for factor in reversed(rest))))
    return product(*front, turned)


def _has_limits(node: Node) -> bool:
    return isinstance(node, BigOperator) and node.low is not None and node.high is not None


def _reversed_sum(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    if not isinstance(node, BigOperator) or node.low is None or node.high is None:
        return None
    if node.kind != "sum" or node.excluded:
        return None  # the order of matrices matters
    if node.index in {*node.low.variables, *node.high.variables}:
        return None
    other = node.low + node.high - Index.of(0, **{node.index: 1})
    return replace(node, body=substituted(node.body, node.index, other))


def _shifted_sum(node: Node, rng: random.Random, _: frozenset[str]) -> Node | None:
    if not isinstance(node, BigOperator) or node.low is None or node.high is None:
        return None
    shift = rng.choice((-1, 1, 2))
    other = Index.of(-shift, **{node.index: 1})
    body = substituted(node.body, node.index, other)
    excluded = tuple(one + shift for one in node.excluded)
    return replace(node, low=node.low + shift, high=node.high + shift, body=body, excluded=excluded)


def _renamed_sum(node: Node, rng: random.Random, bound: frozenset[str]) -> Node | None:
    if not isinstance(node, BigOperator):
        return None
    used = set(bound)
    for part in walk(node):
        for slot in ("time", "update", "outer", "low", "high"):
            index = getattr(part, slot, None)
            if isinstance(index, Index):
                used.update(index.variables)
        if isinstance(part, BigOperator):
            used.add(part.index)
        if isinstance(part, Symbol):
            used.add(part.name)
    letters = [letter for letter in LETTERS if letter not in used]
    if not letters:
        return None
    letter = rng.choice(letters)
    body = substituted(node.body, node.index, Index.of(0, **{letter: 1}))
    return replace(node, index=letter, body=body)


def _peeled_sum(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    """The first term apart. Every sum of a canonical answer has one term at least."""
    if not isinstance(node, BigOperator) or node.low is None or node.high is None:
        return None
    if node.kind != "sum" or node.low.variables:
        return None
    first = substituted(node.body, node.index, node.low)
    return total(first, replace(node, low=node.low + 1))


def _distributed(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    if not isinstance(node, Product) or len(set(node.operators)) != 1:
        return None
    for place, factor in enumerate(node.factors):
        opens = isinstance(factor, Sum) and not any(
            isinstance(term, Number) for term in factor.terms
        )
        if opens and isinstance(factor, Sum):
            terms = [
                replace(node, factors=(*node.factors[:place], term, *node.factors[place + 1 :]))
                for term in factor.terms
            ]
            return Sum(tuple(terms), factor.signs)
    return None


def _regrouped(node: Node, rng: random.Random, _: frozenset[str]) -> Node | None:
    """(A B) C or A (B C) in brackets."""
    if not isinstance(node, Product) or len(node.factors) < 3 or len(set(node.operators)) != 1:
        return None
    operator = node.operators[0]
    if rng.random() < 0.5:
        inner = product(*node.factors[:-1], operator=operator)
        return product(inner, node.factors[-1], operator=operator)
    inner = product(*node.factors[1:], operator=operator)
    return product(node.factors[0], inner, operator=operator)


def _rate_inside(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    """A scalar in front of a sum sign goes behind it."""
    if not isinstance(node, Product) or len(node.factors) != 2:
        return None
    front, body = node.factors
    if _is_scalar(front) and isinstance(body, BigOperator) and body.kind == "sum":
        return replace(body, body=product(front, body.body))
    return None


def _times_one(node: Node, rng: random.Random, _: frozenset[str]) -> Node | None:
    if isinstance(node, Number | Reduce):
        return None  # a sum along an axis stands beside a matrix only as it is
    if rng.random() < 0.5:
        return Quotient(node, number(1))
    return product(Quotient(number(2), number(2)), node)


def _signs_as_factors(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    """a - b as a + (-1) b."""
    if not isinstance(node, Sum) or 1 not in node.signs or -1 not in node.signs:
        return None
    if any(isinstance(term, Number) for term in node.terms):
        return None
    minus_one = Sum((number(1),), (-1,))
    terms = tuple(
        term if sign > 0 else product(minus_one, term)
        for term, sign in zip(node.terms, node.signs, strict=True)
    )
    return Sum(terms, (1,) * len(terms))


def _split_in_halves(node: Node, _: random.Random, __: frozenset[str]) -> Node | None:
    if not isinstance(node, BigOperator):
        return None
    half = product(Quotient(number(1), number(2)), node)
    return total(half, half)


def _as_derivative(node: Node, model: Model) -> Node | None:
    """A named adjoint as what it stands for; E's step, where given, goes with it."""
    if not isinstance(node, Symbol) or node.name not in model.gradients or node.time is None:
        return None
    of = Symbol("E", time=node.outer) if node.outer else Symbol("E")
    return gradient(Symbol(model.gradients[node.name], time=node.time), of)
