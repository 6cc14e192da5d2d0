"""Single edits of the formulas of optimisers, as known mistakes would have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.formulas.construction import applied
from engine.formulas.models import Model
from engine.formulas.tree import Apply, Node, Power, Product, Quotient, Sum, Symbol, walk

_HAT = "_hat"
_RATE = "eta"


def optimizer_edits(node: Node, model: Model) -> Iterator[tuple[str, Node, str]]:
    """The average as it is for the corrected one, no rate, no root, the small number inside."""
    match node:
        case Symbol(name=name) if name.endswith(_HAT) and name.removesuffix(_HAT) in model.signals:
            yield "bias-correction-dropped", replace(node, name=name.removesuffix(_HAT)), name
        case Quotient(numerator=above, denominator=below):
            if any(isinstance(part, Power) and _is_step(part.exponent) for part in walk(below)):
                yield "bias-correction-dropped", above, "denominator"
            if isinstance(above, Symbol) and above.name == _RATE:
                return
            yield "scale-wrong", Product((above, below), ("hadamard",)), "times for over"
        case Product(factors=factors):
            for place, factor in enumerate(factors):
                if isinstance(factor, Symbol) and factor.name == _RATE and len(factors) > 1:
                    yield "learning-rate-dropped", _without(node, place), ""
                    rest = _without(node, place)
                    yield "scale-wrong", Quotient(rest, factor), "over the rate"
        case Apply(function="sqrt", argument=argument):
            yield "power-dropped", argument, "without the root"
        case Sum(terms=terms, signs=signs) if len(terms) == 2 and set(signs) == {1}:
            root, small = terms
            if isinstance(root, Apply) and root.function == "sqrt" and isinstance(small, Symbol):
                inside = Sum((root.argument, small), (1, 1))
                yield "parentheses-misplaced", applied("sqrt", inside), "small number inside"


def _without(node: Product, place: int) -> Node:
    """The product without one of its factors."""
    factors = node.factors[:place] + node.factors[place + 1 :]
    if len(factors) == 1:
        return factors[0]
    gap = max(place - 1, 0)
    return replace(
        node, factors=factors, operators=node.operators[:gap] + node.operators[gap + 1 :]
    )


def _is_step(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name == "t"
