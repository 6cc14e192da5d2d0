"""Single edits of a tree: each takes one node and gives it as a known mistake would have it.

An edit carries the code of the mistake. The same edits, applied to a learner's formula, are the
candidates for mending it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from engine.formulas.construction import (
    applied,
    hadamard,
    minus,
    number,
    product,
    signal,
    substituted,
    transposed,
)
from engine.formulas.mistakes.bracket_edits import closed_early, dropped_around_a_sum, opened_early
from engine.formulas.mistakes.optimizer_edits import optimizer_edits
from engine.formulas.mistakes.static_edits import is_scalar_in, static_edits
from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel, is_static
from engine.formulas.notations import LENGTHS
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
    walk,
    with_children,
)

# Which name wins when several mistakes are the same computation: the likelier one first.
PRIORITY = (
    "learning-rate-dropped",
    "bias-correction-dropped",
    "wrong-parameter",
    "derivative-of-wrong-argument",
    "left-side-wrong",
    "reset-misplaced",
    "gate-roles-swapped",
    "states-confused",
    "wrong-signal",
    "index-shifted",
    "transpose-dropped",
    "derivative-dropped",
    "recurrent-path-dropped",
    "output-path-dropped",
    "bias-dropped",
    "activation-dropped",
    "label-sign",
    "sign-flipped",
    "branches-swapped",
    "sum-dropped",
    "sum-shortened",
    "sum-starts-late",
    "sum-lengthened",
    "sum-added",
    "parentheses-dropped",
    "parentheses-misplaced",
    "outer-product-transposed",
    "order-swapped",
    "matrix-for-elementwise",
    "elementwise-for-matrix",
    "activation-added",
    "activation-wrong",
    "mean-for-sum",
    "normalisation-dropped",
    "mask-misplaced",
    "axis-wrong",
    "factor-dropped",
    "term-dropped",
    "factor-added",
    "transpose-added",
    "scale-wrong",
    "power-dropped",
    "term-added",
    "product-lengthened",
    "product-of-power",
)
ROLES = frozenset({"gate-roles-swapped", "states-confused"})
# Functions that are put around a product of which they belong to one factor: tanh(o c).
ROUND_PRODUCTS = frozenset({"tanh", "sigmoid"})
SCALAR_NAMES = frozenset({"eps", "N"}) | LENGTHS
ABSTRACT = frozenset({"f", "g"})
# A model with more gradients than these has some that stay within one step.
MOST_NAMED = 3
OTHER_FUNCTIONS = ("f", "g", "sigmoid", "tanh", "relu")
RANK = {code: rank for rank, code in enumerate(PRIORITY)}


@dataclass(frozen=True)
class Edit:
    """One change at one place: ``original`` became ``replacement``."""

    code: str
    original: Node
    replacement: Node
    note: str = ""


@dataclass(frozen=True)
class Mutant:
    """A wrong computation: ``codes`` are the mistakes in it, ``code`` the first of them."""

    code: str
    codes: tuple[str, ...]
    tree: Node
    note: str
    edits: tuple[Edit, ...] = ()


def variants(tree: Node, model: Model, bound: frozenset[str] = frozenset()) -> Iterator[Mutant]:
    """Every single edit of ``tree``, each with the whole tree as it becomes."""
    for edit, changed in _edits(tree, model, bound):
        if changed != tree:
            yield Mutant(edit.code, (edit.code,), changed, edit.note, (edit,))


def _edits(node: Node, model: Model, bound: frozenset[str]) -> Iterator[tuple[Edit, Node]]:
    for code, replacement, note in _local(node, model, bound):
        yield Edit(code, node, replacement, note), replacement
    if isinstance(node, Derivative):
        return
    inner = bound | {node.index} if isinstance(node, BigOperator) else bound
    children = list(node.children())
    for place, child in enumerate(children):
        for edit, changed in _edits(child, model, inner):
            if _any_way_up(node) and edit.code == "transpose-added":
                continue
            mended = list(children)
            mended[place] = changed
            whole = with_children(node, mended)
            if edit.code == "sum-dropped" and isinstance(whole, Product):
                whole = flattened(whole)
            yield edit, whole


def _any_way_up(node: Node) -> bool:
    """Whether a transpose below is taken back, or makes no difference."""
    whole = isinstance(node, Apply) and not node.order and node.function in {"norm", "diag"}
    return isinstance(node, Transpose) or whole


def flattened(node: Product) -> Product:
    """A product whose factor became a product: written without the brackets."""
    if set(node.operators) != {"juxtaposed"}:
        return node
    factors: list[Node] = []
    for factor in node.factors:
        flat = isinstance(factor, Product) and set(factor.operators) == {"juxtaposed"}
        factors.extend(factor.factors if flat and isinstance(factor, Product) else [factor])
    return replace(node, factors=tuple(factors), operators=("juxtaposed",) * (len(factors) - 1))


def _local(node: Node, model: Model, bound: frozenset[str]) -> Iterator[tuple[str, Node, str]]:
    if isinstance(model, StaticModel):
        yield from _of_static(node, model, bound)
        return
    if not model.differentiated:
        yield from optimizer_edits(node, model)
    match node:
        case Symbol():
            yield from _of_symbol(node, model)
            yield from _of_lag(node, model, bound)
        case Transpose(operand=operand):
            yield "transpose-dropped", operand, ""
        case Product():
            yield from _of_product(node, model)
        case Sum():
            yield from _of_sum(node, model)
        case BigOperator(kind="sum"):
            yield from _of_sum_sign(node)
        case BigOperator(high=Index() as high):
            yield "product-lengthened", replace(node, high=high + 1), "high+1"
            yield "product-lengthened", replace(node, high=high - 1), "high-1"
        case Apply():
            yield from _of_apply(node, model)
        case Power(base=base):
            yield "power-dropped", base, ""
        case Derivative(by=Symbol() as by):
            for code, changed, note in _of_symbol(by, model):
                if code in {"wrong-parameter", "wrong-signal", "index-shifted", *ROLES}:
                    yield (
                        _code_of_gradient(code, by, changed, model),
                        replace(node, by=changed),
                        note,
                    )


def _code_of_gradient(code: str, by: Symbol, other: Node, model: Model) -> str:
    """The code of taking a gradient by another signal, or of what a mending of it adds."""
    names = model.gradient_of
    if not isinstance(other, Symbol) or not {by.name, other.name} <= set(names):
        return code
    if by.name == other.name:
        return code
    return code_of_exchange(names[by.name], names[other.name], model)


def _of_static(
    node: Node, model: StaticModel, bound: frozenset[str]
) -> Iterator[tuple[str, Node, str]]:
    """Edits of formulas without time steps: their own, and those of sums and products."""
    yield from static_edits(node, model, bound)
    match node:
        case Product():
            yield from _of_product(node, cast(Model, model))
        case Sum():
            yield from _of_sum(node, cast(Model, model))
        case BigOperator(kind="sum"):
            yield from _of_sum_sign(node)


def _of_symbol(node: Symbol, model: Model) -> Iterator[tuple[str, Node, str]]:
    name = node.name
    if name in model.parameters:
        for other, shape in model.parameters.items():
            if other != name and (shape[1] == "1") == (model.parameters[name][1] == "1"):
                yield "wrong-parameter", replace(node, name=other), f"{name}>{other}"
        if node.update is not None:
            for shift in (1, -1):
                yield "index-shifted", replace(node, update=node.update + shift), f"{shift:+d}"
        if model.parameters[name][1] != "1":
            yield "transpose-added", Transpose(node), name
        return
    if name not in model.signals and name not in model.gradients:
        return
    if node.time is not None:
        for shift in (1, -1):
            yield "index-shifted", replace(node, time=node.time + shift), f"{name}{shift:+d}"
    pool = [*model.signals] if name in model.signals else [*model.adjoint_of.values()]
    for other in pool:
        if other not in {name, model.label}:
            code = code_of_exchange(name, other, model)
            yield code, replace(node, name=other), f"{name}>{other}"
    yield "transpose-added", Transpose(node), name
    if name in model.signals:
        for function in sorted(ROUND_PRODUCTS & model.functions):
            yield "activation-added", applied(function, node), function
    yield from _companions(node, model)
    of = model.gradients.get(name)
    if of in model.recurrent() and node.time is not None:
        for reader, equation in model.equations.items():
            if isinstance(equation, Apply) and equation.argument == signal(of or ""):
                slope = applied(equation.function, Symbol(of or "", time=node.time), 1)
                yield "factor-added", hadamard(node, slope), f"{reader}: slope counted twice"


@cache
def gates_of(model: Model) -> frozenset[str]:
    """Signals between 0 and 1 that a model multiplies others with, and their pre-activations."""
    found: set[str] = set()
    for name, body in model.equations.items():
        if isinstance(body, Apply) and body.function == "sigmoid":
            found |= {name, *(part.name for part in (body.argument,) if isinstance(part, Symbol))}
    return frozenset(found)


def code_of_exchange(name: str, other: str, model: Model) -> str:
    """The code of writing one signal, or the gradient of one, for another."""
    if name in model.gradients and other in model.gradients:
        inner, outer = model.gradients[name], model.gradients[other]
        for source, value in ((inner, outer), (outer, inner)):
            body = model.equations.get(value)
            if isinstance(body, Apply) and body.argument == signal(source):
                return "derivative-dropped" if source == inner else "factor-added"
        name, other = inner, outer
    if {name, other} <= gates_of(model) and not _one_gate(name, other, model):
        return "gate-roles-swapped"
    return "states-confused" if {name, other} <= model.states() else "wrong-signal"


def _one_gate(name: str, other: str, model: Model) -> bool:
    """Whether one is the other's pre-activation."""
    bodies = ((model.equations.get(one), two) for one, two in ((name, other), (other, name)))
    return any(isinstance(body, Apply) and body.argument == signal(two) for body, two in bodies)


def _of_lag(node: Symbol, model: Model, bound: frozenset[str]) -> Iterator[tuple[str, Node, str]]:
    """δ^t for δ^{t-s} below a sum over s, and back."""
    if node.time is None or node.name in model.parameters or "t" in bound:
        return
    for name in sorted(bound):
        weight = dict(node.time.coefficients).get(name, 0)
        lag = Index.of(0, **{name: weight or 1})
        yield "index-shifted", replace(node, time=node.time - lag), f"{name} left out or put in"


def _companions(node: Symbol, model: Model) -> Iterator[tuple[str, Node, str]]:
    """x^t for z^{t-1}: the signal of another weight of the same equation, with its own step."""
    for equation in model.equations.values():
        read = {
            part.name: part.time
            for part in walk(equation)
            if isinstance(part, Symbol) and part.name in model.signals and part.time is not None
        }
        own = read.get(node.name)
        for other, time in read.items():
            if other != node.name and own is not None and time != own:
                moved = (node.time or Index.of(0, t=1)) + (time.constant - own.constant)
                code = code_of_exchange(node.name, other, model)
                yield code, replace(node, name=other, time=moved), f"{other} for it"


def _of_product(node: Product, model: Model) -> Iterator[tuple[str, Node, str]]:
    for place, factor in enumerate(node.factors):
        kept = list(node.operators)
        del kept[max(0, place - 1)]
        inner = 0 < place < len(node.factors) - 1
        if inner and "hadamard" in node.operators[place - 1 : place + 1]:
            kept[place - 1] = "hadamard"
        rest = node.factors[:place] + node.factors[place + 1 :]
        dropped = rest[0] if len(rest) == 1 else Product(rest, tuple(kept))
        yield _code_of_factor(factor), dropped, f"factor {place}"
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


def is_scalar(node: Node) -> bool:
    """Whether a node is a number or a scalar quantity."""
    return isinstance(node, Number) or (isinstance(node, Symbol) and node.name in SCALAR_NAMES)


def _code_of_factor(factor: Node) -> str:
    if isinstance(factor, Symbol) and factor.name in ("eps", "eta"):
        return "learning-rate-dropped"
    if isinstance(factor, Apply) and factor.order:
        return "derivative-dropped"
    if isinstance(factor, Number | Quotient):
        return "scale-wrong"
    return "derivative-dropped" if _is_slope_of_tanh(factor) else "factor-dropped"


def _is_slope_of_tanh(node: Node) -> bool:
    """1 - a², the slope of tanh in its value."""
    match node:
        case Sum(terms=(Number(value=one), Power()), signs=(1, -1)):
            return one == 1
    return False


def _of_sum(node: Sum, model: Model) -> Iterator[tuple[str, Node, str]]:
    if all(isinstance(term, Number) or is_scalar(term) for term in node.terms):
        return  # T_t + 1: a number of steps
    yield from opened_early(node)
    yield from _activated_twice(node, model)
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


def _activated_twice(node: Sum, model: Model) -> Iterator[tuple[str, Node, str]]:
    """1 - tanh(a)² for 1 - a², and back."""
    if not _is_slope_of_tanh(node):
        return
    power = node.terms[1]
    base = power.base if isinstance(power, Power) else power
    inner = base.argument if isinstance(base, Apply) else base
    body = model.equations.get(inner.name) if isinstance(inner, Symbol) else None
    if isinstance(power, Power) and isinstance(body, Apply) and body.function == "tanh":
        other = inner if isinstance(base, Apply) else applied("tanh", inner)
        changed = replace(node, terms=(node.terms[0], replace(power, base=other)))
        yield "derivative-of-wrong-argument", changed, "activated twice"


def code_of_term(term: Node, model: Model) -> str:
    """The code of leaving out a summand."""
    names = {part.name for part in walk(term) if isinstance(part, Symbol)}
    times = [
        part.time
        for part in walk(term)
        if isinstance(part, Symbol) and part.name not in model.parameters and part.time is not None
    ]
    if names & set(model.biases):
        return "bias-dropped"
    if isinstance(term, Number) or is_static(model):
        return "term-dropped"
    adjoints = names & set(model.gradients)
    if adjoints:
        recurrent = any(model.gradients[name] in model.recurrent() for name in adjoints)
        if not any(isinstance(part, BigOperator) for part in walk(term)):
            if recurrent and len(model.adjoints) > MOST_NAMED and not _comes_back(term, model):
                own = model.gradient_of.get(model.output)
                return "output-path-dropped" if own in names else "term-dropped"
            return "recurrent-path-dropped" if recurrent else "output-path-dropped"
    elif names & {*model.parameters, *model.states()} and any(time.constant < 0 for time in times):
        return "recurrent-path-dropped"
    return "term-dropped"


def _comes_back(term: Node, model: Model) -> bool:
    """Whether a summand of a gradient is what a later step sends back."""
    reads = {
        part.name
        for body in model.equations.values()
        for product_ in walk(body)
        if isinstance(product_, Product)
        and any(isinstance(one, Symbol) and one.name in model.states() for one in walk(product_))
        for part in product_.factors
        if isinstance(part, Symbol) and part.name in model.parameters
    }
    for part in walk(term):
        of_gradient = isinstance(part, Symbol) and part.name in model.gradients
        if of_gradient and isinstance(part, Symbol) and part.time is not None:
            later = part.time.constant > 0 or set(part.time.variables) - {"t"}
            if later:
                return True
        if isinstance(part, Symbol) and part.name in reads:
            return True
    return False


def _of_sum_sign(node: BigOperator) -> Iterator[tuple[str, Node, str]]:
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


def _of_apply(node: Apply, model: Model) -> Iterator[tuple[str, Node, str]]:
    argument = node.argument
    if node.function == "diag":
        return  # a way of writing
    if node.order:
        note = f"{node.function} for slope"
        yield "derivative-dropped", replace(node, order=node.order - 1), note
        if isinstance(argument, Symbol):
            yield from _of_slope(node, argument, model)
        for own, other in (("f", "g"), ("g", "f")):
            if node.function == own:
                yield "activation-wrong", replace(node, function=other), f"{other}'"
        return
    yield "activation-dropped", argument, ""
    if isinstance(argument, Sum) and len(argument.terms) > 1:
        yield from closed_early(node, argument)
    yield "derivative-dropped", replace(node, order=1), "slope for value"
    for other in OTHER_FUNCTIONS:
        unknown = other in ABSTRACT and other not in model.functions
        if other != node.function and not unknown:
            yield "activation-wrong", replace(node, function=other), other


def _of_slope(node: Apply, argument: Symbol, model: Model) -> Iterator[tuple[str, Node, str]]:
    """f'(z) for f'(u) and back; the slope of another activation, written in the value."""
    for value, equation in model.equations.items():
        if not isinstance(equation, Apply) or not isinstance(equation.argument, Symbol):
            continue
        source = equation.argument.name
        if source == argument.name:
            at_value = replace(argument, name=value)
            wrong = replace(node, argument=at_value)
            yield "derivative-of-wrong-argument", wrong, f"{source}>{value}"
            pairs = ((at_value, "activation-wrong"), (argument, "derivative-of-wrong-argument"))
            for symbol, code in pairs:
                one = number(1)
                yield code, hadamard(symbol, minus(one, symbol)), "slope of sigmoid"
                yield code, minus(one, Power(symbol, number(2))), "slope of tanh"
            if argument.time is not None and value in model.states():
                before = Symbol(value, time=argument.time - 1)
                yield "derivative-of-wrong-argument", replace(node, argument=before), "one before"
            square = Power(minus(number(1), at_value), number(2))
            yield "parentheses-misplaced", square, "square of the difference"
        elif value == argument.name:
            mended = replace(node, argument=replace(argument, name=source))
            yield "derivative-of-wrong-argument", mended, f"{value}>{source}"
