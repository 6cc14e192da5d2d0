"""Brackets that were dropped or misplaced: f(a) + b for f(a + b), W (z + b) for W z + b."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.formulas.tree import Apply, BigOperator, Node, Number, Product, Sum

MOST_FACTORS = 6


def dropped_around_a_sum(node: Product, place: int, factor: Sum) -> Iterator[tuple[str, Node, str]]:
    """A ⊙ (B + C) became A ⊙ B + C or B + A ⊙ C."""
    numbers = any(isinstance(term, Number) for term in factor.terms)  # 1 - z is one thing
    if not numbers and set(node.operators) == {"hadamard"} and 2 < len(node.factors) < MOST_FACTORS:
        yield from _partly_multiplied_out(node, place, factor)
    before: tuple[Node, ...] = ()
    after: tuple[Node, ...] = ()
    if place == len(node.factors) - 1:
        before = node.factors[:-1]
    elif place == 0:
        after = node.factors[1:]
    else:
        return
    # As it stands in front of the sum or behind it, one end of the sum keeps the factor.
    for end in (0, len(factor.terms) - 1):
        terms = list(factor.terms)
        terms[end] = replace(node, factors=(*before, factor.terms[end], *after))
        yield "parentheses-dropped", Sum(tuple(terms), factor.signs), ""


def _partly_multiplied_out(
    node: Product, place: int, factor: Sum
) -> Iterator[tuple[str, Node, str]]:
    """(B + C) ⊙ A ⊙ D became B ⊙ A + C ⊙ A ⊙ D: some factors stay with one end of the sum."""
    others = [one for at, one in enumerate(node.factors) if at != place]
    for chosen in range(1, 2 ** len(others) - 1):
        lost = [one for at, one in enumerate(others) if chosen >> at & 1]
        kept = [one for one in others if one not in lost]
        for end in (0, len(factor.terms) - 1):
            terms = [
                _elementwise(term, *(others if at != end else kept))
                for at, term in enumerate(factor.terms)
            ]
            yield "parentheses-dropped", Sum(tuple(terms), factor.signs), "partly multiplied out"


def _elementwise(*factors: Node) -> Node:
    return Product(factors, ("hadamard",) * (len(factors) - 1)) if len(factors) > 1 else factors[0]


def opened_early(node: Sum) -> Iterator[tuple[str, Node, str]]:
    """W z + b became W (z + b), f ⊙ c + i became f ⊙ (c + i)."""
    for place, term in enumerate(node.terms[:-1]):
        if not isinstance(term, Product) or len(set(term.operators) - {"matmul"}) != 1:
            continue
        same = node.signs[place : place + 2] == (1, 1)
        if same and not any(isinstance(part, BigOperator) for part in term.factors):
            inside = Sum((term.factors[-1], node.terms[place + 1]), (1, 1))
            joined = replace(term, factors=(*term.factors[:-1], inside))
            terms = (*node.terms[:place], joined, *node.terms[place + 2 :])
            signs = (*node.signs[: place + 1], *node.signs[place + 2 :])
            whole = terms[0] if len(terms) == 1 else Sum(terms, signs)
            yield "parentheses-misplaced", whole, ""


def closed_early(node: Apply, argument: Sum) -> Iterator[tuple[str, Node, str]]:
    """f(a + b + c) became f(a) + b + c, or f(a + b) + c."""
    for kept in {1, len(argument.terms) - 1}:
        head = Sum(argument.terms[:kept], argument.signs[:kept])
        inner = head.terms[0] if kept == 1 and head.signs == (1,) else head
        outside = (1, *argument.signs[kept:])
        applied_part = replace(node, argument=inner)
        yield "parentheses-dropped", Sum((applied_part, *argument.terms[kept:]), outside), ""
