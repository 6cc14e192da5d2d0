"""Edits of products, sums and sums over steps: what is lost, exchanged, or multiplied otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.formulas.construction import number, product, substituted, transposed
from engine.formulas.mistakes.bracket_edits import dropped_around_a_sum, opened_early
from engine.formulas.mistakes.codes import SCALAR_NAMES, code_of_factor, code_of_term, is_scalar
from engine.formulas.mistakes.function_edits import activated_twice
from engine.formulas.mistakes.static_edits import is_scalar_in
from engine.formulas.mistakes.symbol_edits import ROUND_PRODUCTS
from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Index,
    Node,
    Number,
    Product,
    Quotient,
    Sum,
    Symbol,
    Transpose,
    walk,
)


def product_edits(node: Product, model: Model) -> Iterator[tuple[str, Node, str]]:
    """A factor left out, two exchanged, one product sign for another."""
    for place, factor in enumerate(node.factors):
        kept = list(node.operators)
        del kept[max(0, place - 1)]
        inner = 0 < place < len(node.factors) - 1
        if inner and "hadamard" in node.operators[place - 1 : place + 1]:
            kept[place - 1] = "hadamard"
        rest = node.factors[:place] + node.factors[place + 1 :]
        dropped = rest[0] if len(rest) == 1 else Product(rest, tuple(kept))
        yield code_of_factor(factor), dropped, f"factor {place}"
        if isinstance(factor, Sum) and len(factor.terms) > 1:
            yield from dropped_around_a_sum(node, place, factor)
        if isinstance(factor, Apply) and not factor.order and factor.function in ROUND_PRODUCTS:
            inner_factors = (*node.factors[:place], factor.argument, *node.factors[place + 1 :])
            around = replace(factor, argument=replace(node, factors=inner_factors))
            yield "parentheses-misplaced", around, "around the product"
    for place, operator in enumerate(node.operators):
        left, right = node.factors[place : place + 2]
        scalar = _is_number(left, model) or _is_number(right, model)
        before, after = node.factors[:place], node.factors[place + 2 :]
        if operator != "hadamard" and not scalar:
            yield "order-swapped", replace(node, factors=(*before, right, left, *after)), ""
            inner = _is_number(product(left, right), model)  # a^T b is b^T a
            if isinstance(right, Transpose) != isinstance(left, Transpose) and not inner:
                turned = (transposed(right), transposed(left))
                # a b^T became b a^T
                swapped = replace(node, factors=(*before, *turned, *after))
                yield "outer-product-transposed", swapped, ""
            operators = (*node.operators[:place], "hadamard", *node.operators[place + 1 :])
            yield "elementwise-for-matrix", replace(node, operators=operators), ""
        elif operator == "hadamard":
            operators = (*node.operators[:place], "matmul", *node.operators[place + 1 :])
            yield "matrix-for-elementwise", replace(node, operators=operators), ""


def _is_number(node: Node, model: Model) -> bool:
    """Whether a factor is a number: of static models the shapes say so."""
    if isinstance(model, StaticModel):
        return is_scalar(node) or is_scalar_in(node, model)
    numbers = {name for name, shape in model.parameters.items() if shape == ("1", "1")}
    return is_scalar(node) or (
        bool(numbers)
        and all(
            not isinstance(part, Symbol) or part.name in numbers | SCALAR_NAMES | {"t"}
            for part in walk(node)
        )
    )


def sum_edits(node: Sum, model: Model) -> Iterator[tuple[str, Node, str]]:
    """A summand left out, a sign turned, brackets that open early."""
    if all(isinstance(term, Number) or is_scalar(term) for term in node.terms):
        return  # T_t + 1: a number of steps
    yield from opened_early(node)
    yield from activated_twice(node, model)
    for place, term in enumerate(node.terms):
        signs = (*node.signs[:place], -node.signs[place], *node.signs[place + 1 :])
        yield "sign-flipped", replace(node, signs=signs), f"term {place}"
        if len(node.terms) > 1:
            terms = node.terms[:place] + node.terms[place + 1 :]
            rest = node.signs[:place] + node.signs[place + 1 :]
            alone = len(terms) == 1 and rest == (1,)
            dropped = terms[0] if alone else Sum(terms, rest)
            yield code_of_term(term, model), dropped, f"term {place}"
    if len(node.terms) > 1 and len(set(node.signs)) > 1:
        flipped = tuple(-sign for sign in node.signs)
        yield "sign-flipped", replace(node, signs=flipped), "all terms"


def big_sum_edits(node: BigOperator) -> Iterator[tuple[str, Node, str]]:
    """A sum over steps left out, or its ends moved."""
    if node.low is not None:
        lone = node.body if node.index == "t" else substituted(node.body, node.index, node.low)
        yield "sum-dropped", lone, ""
        yield "sum-starts-late", replace(node, low=node.low + 1), ""
        yield "sum-lengthened", replace(node, low=node.low - 1), "low-1"
    if node.high is not None:
        yield "sum-shortened", replace(node, high=node.high - 1), ""
        yield "sum-lengthened", replace(node, high=node.high + 1), "high+1"
        if node.low is not None:
            yield "mean-for-sum", Quotient(node, _as_number(node.high - node.low + 1)), ""


def _as_number(index: Index) -> Node:
    parts = [(Symbol(name), weight) for name, weight in index.coefficients]
    terms: list[Node] = [node for node, _ in parts]
    signs = [1 if weight > 0 else -1 for _, weight in parts]
    if index.constant:
        terms.append(number(abs(index.constant)))
        signs.append(1 if index.constant > 0 else -1)
    if not terms:
        return number(0)
    return terms[0] if len(terms) == 1 and signs == [1] else Sum(tuple(terms), tuple(signs))


def flattened(node: Product) -> Product:
    """A product whose factor became a product: written without the brackets."""
    if set(node.operators) != {"juxtaposed"}:
        return node
    factors: list[Node] = []
    for factor in node.factors:
        flat = isinstance(factor, Product) and set(factor.operators) == {"juxtaposed"}
        factors.extend(factor.factors if flat and isinstance(factor, Product) else [factor])
    return replace(node, factors=tuple(factors), operators=("juxtaposed",) * (len(factors) - 1))
