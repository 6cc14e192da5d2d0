"""Single edits of formulas without time steps, as known mistakes would have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from engine.formulas.construction import product, replaced, squared, substituted, transposed
from engine.formulas.mistakes.bracket_edits import closed_early
from engine.formulas.models.static import SCALAR, Shape, StaticModel
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Cases,
    Comparison,
    Derivative,
    Extremum,
    Index,
    Node,
    Power,
    Product,
    Quotient,
    Reduce,
    Stack,
    Sum,
    Symbol,
    Transpose,
    walk,
)

Made: TypeAlias = Iterator[tuple[str, Node, str]]
_OPPOSITE = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_COUSINS = {
    "sigmoid": ("tanh", "softmax"),
    "tanh": ("sigmoid",),
    "softmax": ("sigmoid",),
    "sin": ("cos",),
    "cos": ("sin",),
}
_LABELS = frozenset({"one-hot", "probability"})


def static_edits(node: Node, model: StaticModel, bound: frozenset[str]) -> Made:
    """Every edit of one node: the code of the mistake, what it becomes, a note."""
    match node:
        case Symbol():
            yield from _of_symbol(node, model, bound)
        case Transpose(operand=operand):
            yield "transpose-dropped", operand, ""
        case Sum():
            yield from _of_labels(node, model)
        case BigOperator(kind="sum"):
            yield from _of_sum_sign(node, model)
            yield from _other_axis(node, bound)
        case BigOperator(kind="product", index=index, body=body):
            yield "product-of-power", BigOperator("sum", index, node.low, node.high, body), "sum"
        case Apply():
            yield from _of_function(node, model)
        case Power(base=base, exponent=exponent):
            yield "power-dropped", base, ""
            if isinstance(exponent, Quotient):
                for part in (exponent.numerator, exponent.denominator):
                    yield "power-dropped", replace(node, exponent=part), "part of the exponent"
        case Quotient():
            yield from _of_quotient(node, model)
        case Extremum():
            yield from _of_extremum(node)
        case Cases(branches=branches, otherwise=otherwise) if otherwise is not None:
            swapped = replace(node, branches=(otherwise, *branches[1:]), otherwise=branches[0])
            yield "branches-swapped", swapped, "branches exchanged"
            yield "term-dropped", branches[0], "first branch alone"
            yield "term-dropped", otherwise, "last branch alone"
        case Comparison(sign=sign) if sign in _OPPOSITE:
            yield "branches-swapped", replace(node, sign=_OPPOSITE[sign]), "comparison"
        case Stack(parts=parts) if len(parts) > 1:
            yield "order-swapped", replace(node, parts=parts[::-1]), "parts"
        case Reduce(kind=kind, axis=axis):
            if axis is not None:
                yield "axis-wrong", replace(node, axis=1 - axis), ""
                yield "axis-wrong", replace(node, axis=None), "over everything"
            other = "mean" if kind == "sum" else "sum"
            yield "mean-for-sum", replace(node, kind=other), other
            yield "sum-dropped", node.operand, ""
        case Derivative(by=Symbol() as by):
            yield "derivative-dropped", by, ""
            for code, changed, note in _of_symbol(by, model, bound):
                if code in {"wrong-parameter", "wrong-signal", "index-shifted"}:
                    yield code, replace(node, by=changed), note


def _of_symbol(node: Symbol, model: StaticModel, bound: frozenset[str]) -> Made:
    name = node.name
    shape = model.shape(name)
    if name in model.sizes:
        halves = {model.signals[even][1] for even, _, _ in model.interleaved.values()}
        for other in model.sizes:
            if other not in {name, *halves}:
                yield "scale-wrong", replace(node, name=other), f"{name}>{other}"
        return
    if name in model.scalars:
        for other in model.scalars:
            if other != name:
                yield "wrong-signal", replace(node, name=other), f"{name}>{other}"
        return
    if shape is None:
        return
    whole = node.time is None
    parameter = name in model.parameters
    for other, its in model.quantities.items():
        alike = its == shape or (its[::-1] == shape and whole)
        # Items of other tables, also of another width: k_j for v_j.
        items = not whole and node.outer is None and "1" not in (its[1], shape[1])
        alike = alike or items
        if (name in model.families) != (other in model.families):
            continue
        if (
            other in {name, model.loss, *model.assigned.values()}
            or not alike
            or SCALAR in {its, shape}
        ):
            continue
        code = "wrong-parameter" if parameter and other in model.parameters else "wrong-signal"
        yield code, replace(node, name=other), f"{name}>{other}"
    if shape != SCALAR and node.outer is None and (whole or shape[1] != "1"):
        yield "transpose-added", Transpose(node), name
    if model.domains.get(name) == "positive":
        yield "power-dropped", squared(node), "squared"
    yield from _of_index(node, bound)


def _other_axis(node: BigOperator, bound: frozenset[str]) -> Made:
    """The sum over the other index of entries: sum_k e_{kj} for sum_k e_{ik}."""
    running = Index.of(0, **{node.index: 1})
    entries = [part for part in walk(node.body) if isinstance(part, Symbol) and part.outer]
    if not entries or any(part.time != running for part in entries):
        return
    for letter in sorted(bound - {node.index, *entries[0].outer.variables}):  # type: ignore[union-attr]
        other = Index.of(0, **{letter: 1})
        body = node.body
        for part in entries:
            body = replaced(body, part, replace(part, outer=running, time=other))
        yield "axis-wrong", replace(node, body=body), f"column {letter}"


def _of_index(node: Symbol, bound: frozenset[str]) -> Made:
    """A neighbour's component, another running index, two indices exchanged."""
    if node.time is None:
        return
    for shift in (1, -1):
        yield "index-shifted", replace(node, time=node.time + shift), f"{node.name}{shift:+d}"
    for letter in sorted(bound - set(node.time.variables)):
        if len(node.time.variables) == 1:
            moved = node.time.substitute(node.time.variables[0], Index.of(0, **{letter: 1}))
            yield "index-shifted", replace(node, time=moved), f"runs with {letter}"
    if node.outer is not None:
        yield "transpose-added", replace(node, time=node.outer, outer=node.time), "indices"


def _of_labels(node: Sum, model: StaticModel) -> Made:
    """y + t for y - t; a label of 1 where it is 0."""
    for place, term in enumerate(node.terms):
        labels = isinstance(term, Symbol) and model.domains.get(term.name) in _LABELS
        if labels and len(node.terms) > 1:
            signs = (*node.signs[:place], -node.signs[place], *node.signs[place + 1 :])
            yield "label-sign", replace(node, signs=signs), f"term {place}"


def _of_sum_sign(node: BigOperator, model: StaticModel) -> Made:
    letter = model.size_picked(node.body, node.index)
    if node.excluded:
        yield "sum-lengthened", replace(node, excluded=()), "the word itself too"
    if node.low is None and letter is not None:
        first, last = Index.of(model.first), Index.of(model.first - 1, **{letter: 1})
        yield "sum-shortened", replace(node, low=first, high=last - 1), ""
        yield "sum-starts-late", replace(node, low=first + 1, high=last), ""
        yield "mean-for-sum", Quotient(node, Symbol(letter)), ""
    yield "product-of-power", replace(node, kind="product"), "product"


def sums_dropped(tree: Node, free: frozenset[str]) -> Iterator[Node]:
    """The tree with the running index of one sum taken for an index of the left side."""
    for node in walk(tree):
        if isinstance(node, BigOperator) and node.kind == "sum":
            for letter in sorted(free):
                lone = substituted(node.body, node.index, Index.of(0, **{letter: 1}))
                yield replaced(tree, node, lone)


def _of_function(node: Apply, model: StaticModel) -> Made:
    function, argument = node.function, node.argument
    if node.order or function == "diag":
        return
    for other in _COUSINS.get(function, ()):
        yield "activation-wrong", replace(node, function=other), other
    if function in {"sqrt", "norm"}:
        code = "scale-wrong" if function == "sqrt" else "power-dropped"
        if function == "norm":
            yield code, squared(node), "squared"
            yield "scale-wrong", replace(node, function="abs"), "each entry by itself"
        else:
            yield code, argument, "without the root"
        return
    yield "activation-dropped", argument, ""
    if function == "softmax":
        yield "normalisation-dropped", replace(node, function="exp"), ""
        if is_matrix_in(argument, model):
            yield "axis-wrong", transposed(replace(node, argument=transposed(argument))), "columns"
        yield from _taken_outside(node, model)
    elif isinstance(argument, Sum) and len(argument.terms) > 1:
        yield from closed_early(node, argument)
    if isinstance(argument, Sum) and len(argument.terms) == 1:
        positive = argument.signs == (-1,)
        yield "sign-flipped", replace(node, argument=argument.terms[0]) if positive else node, "arg"
    elif not isinstance(argument, Sum) and function in {"sigmoid", "exp"}:
        yield "sign-flipped", replace(node, argument=Sum((argument,), (-1,))), "argument"


def _taken_outside(node: Apply, model: StaticModel) -> Made:
    """The scale or the mask of the scores put behind the softmax."""
    argument = node.argument
    masks = {name for name, domain in model.domains.items() if domain == "additive-mask"}
    if isinstance(argument, Quotient):
        inside = replace(node, argument=argument.numerator)
        yield "scale-wrong", Quotient(inside, argument.denominator), "after the softmax"
        yield "scale-wrong", replace(node, argument=argument.numerator), "dropped"
    if isinstance(argument, Sum):
        for place, term in enumerate(argument.terms):
            if not (isinstance(term, Symbol) and term.name in masks):
                continue
            terms = argument.terms[:place] + argument.terms[place + 1 :]
            signs = argument.signs[:place] + argument.signs[place + 1 :]
            rest = terms[0] if len(terms) == 1 and signs == (1,) else Sum(terms, signs)
            inside = replace(node, argument=rest)
            yield "mask-misplaced", Sum((inside, term), (1, 1)), "after the softmax"
            masked = Product((inside, term), ("hadamard",))
            yield "mask-misplaced", masked, "times the weights"


def _of_quotient(node: Quotient, model: StaticModel) -> Made:
    above, below = node.numerator, node.denominator
    tops = [part for part in walk(above) if isinstance(part, Apply) and part.function == "exp"]
    ends = [part for part in walk(below) if isinstance(part, Apply) and part.function == "exp"]
    powers = [[part for part in walk(side) if isinstance(part, Power)] for side in (above, below)]
    if all(len(found) == 1 for found in powers):
        (top,), (end,) = powers
        bare = Quotient(replaced(above, top, top.base), replaced(below, end, end.base))
        yield "power-dropped", bare, "both powers"
    if len(tops) == len(ends) == 1:
        plain = replaced(above, tops[0], tops[0].argument)
        yield (
            "activation-dropped",
            Quotient(plain, replaced(below, ends[0], ends[0].argument)),
            "both exponentials",
        )
    sums = any(isinstance(part, BigOperator | Reduce) for part in walk(below))
    norms = any(isinstance(part, Apply) and part.function == "norm" for part in walk(below))
    code = "normalisation-dropped" if sums or norms else "scale-wrong"
    yield code, above, "denominator dropped"
    yield "scale-wrong", Quotient(below, above), "upside down"
    if not sums:
        yield "scale-wrong", product(above, below), "times for over"


def _of_extremum(node: Extremum) -> Made:
    other_end = replace(node, kind="max" if node.kind == "min" else "min")
    yield "branches-swapped", other_end, "other end"
    for place, part in enumerate(node.parts):
        rest = node.parts[:place] + node.parts[place + 1 :]
        kept = rest[0] if len(rest) == 1 else replace(node, parts=rest)
        yield "term-dropped", kept, f"bound {place}"
        if isinstance(part, Sum) and part.signs == (-1,):
            turned = (*node.parts[:place], part.terms[0], *node.parts[place + 1 :])
            yield "sign-flipped", replace(node, parts=turned), f"bound {place}"


@lru_cache(maxsize=4096)
def is_scalar_in(node: Node, model: StaticModel) -> bool:
    """Whether a part of a formula is a number, in columns or in rows."""
    return any(shape == SCALAR for shape in _shapes(node, model))


def is_matrix_in(node: Node, model: StaticModel) -> bool:
    """Whether a part of a formula is a matrix."""
    return any(shape is not None and "1" not in shape for shape in _shapes(node, model))


def _shapes(node: Node, model: StaticModel) -> tuple[Shape | None, ...]:
    from engine.formulas.static_rows import shape_of

    return tuple(shape_of(node, model, layout) for layout in ("column", "row"))
