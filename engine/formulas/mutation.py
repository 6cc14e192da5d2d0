"""Known mistakes as edits of a tree: the computations that wrong answers are recognised by.

Each operator looks at one node and yields edits with the code of the mistake. ``variants`` applies
every edit at every place of a tree. The same edits, applied to a learner's formula, are the
candidates for mending it (``fingerprints`` finds the place of a mistake that way).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.formulas.construction import (
    NOW,
    applied,
    hadamard,
    minus,
    negative,
    number,
    product,
    signal,
    substituted,
    summed,
    transposed,
    with_children,
)
from engine.formulas.conventions import Convention
from engine.formulas.models import Model
from engine.formulas.targets import END, HORIZON, LAG, Target, laid_out
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
)

# Which name wins when several mistakes are the same computation: the likelier one first.
PRIORITY = (
    "learning-rate-dropped",
    "wrong-parameter",
    "derivative-of-wrong-argument",
    "wrong-signal",
    "index-shifted",
    "transpose-dropped",
    "derivative-dropped",
    "recurrent-path-dropped",
    "output-path-dropped",
    "bias-dropped",
    "activation-dropped",
    "sign-flipped",
    "sum-dropped",
    "sum-shortened",
    "sum-starts-late",
    "sum-lengthened",
    "sum-added",
    "parentheses-dropped",
    "outer-product-transposed",
    "order-swapped",
    "matrix-for-elementwise",
    "elementwise-for-matrix",
    "activation-added",
    "activation-wrong",
    "mean-for-sum",
    "term-dropped",
    "factor-dropped",
    "factor-added",
    "transpose-added",
    "scale-wrong",
    "power-dropped",
    "term-added",
    "product-lengthened",
)
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
            if isinstance(node, Transpose) and edit.code == "transpose-added":
                continue
            mended = list(children)
            mended[place] = changed
            yield edit, with_children(node, mended)


def _local(node: Node, model: Model, bound: frozenset[str]) -> Iterator[tuple[str, Node, str]]:
    match node:
        case Symbol():
            yield from _of_symbol(node, model)
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
    if name not in model.signals and name not in model.adjoints:
        return
    if node.time is not None:
        for shift in (1, -1):
            yield "index-shifted", replace(node, time=node.time + shift), f"{name}{shift:+d}"
    pool = model.signals if name in model.signals else model.adjoints
    for other in pool:
        if other not in {name, model.label}:
            yield "wrong-signal", replace(node, name=other), f"{name}>{other}"
    yield "transpose-added", Transpose(node), name
    of = model.adjoints.get(name)
    if of in model.recurrent() and node.time is not None:
        for reader, equation in model.equations.items():
            if isinstance(equation, Apply) and equation.argument == signal(of or ""):
                slope = applied(equation.function, Symbol(of or "", time=node.time), 1)
                yield "factor-added", hadamard(node, slope), f"{reader}: slope counted twice"


def _of_product(node: Product, model: Model) -> Iterator[tuple[str, Node, str]]:
    for place, factor in enumerate(node.factors):
        operators = list(node.operators)
        del operators[max(0, place - 1)]
        if place == 0 or place == len(node.factors) - 1:
            pass
        elif "hadamard" in node.operators[place - 1 : place + 1]:
            operators[place - 1] = "hadamard"
        rest = node.factors[:place] + node.factors[place + 1 :]
        dropped = rest[0] if len(rest) == 1 else Product(rest, tuple(operators))
        yield _code_of_factor(factor), dropped, f"factor {place}"
        if isinstance(factor, Sum) and len(factor.terms) > 1:
            yield from _parentheses_dropped(node, place, factor)
    for place, operator in enumerate(node.operators):
        left, right = node.factors[place : place + 2]
        scalar = _scalar(left) or _scalar(right)
        before, after = node.factors[:place], node.factors[place + 2 :]
        if operator != "hadamard" and not scalar:
            yield "order-swapped", replace(node, factors=(*before, right, left, *after)), ""
            if isinstance(right, Transpose) != isinstance(left, Transpose):
                turned = (transposed(right), transposed(left))
                # a b^T became b a^T
                swapped = replace(node, factors=(*before, *turned, *after))
                yield "outer-product-transposed", swapped, ""
            operators = (*node.operators[:place], "hadamard", *node.operators[place + 1 :])
            yield "elementwise-for-matrix", replace(node, operators=operators), ""
        elif operator == "hadamard":
            operators = (*node.operators[:place], "matmul", *node.operators[place + 1 :])
            yield "matrix-for-elementwise", replace(node, operators=operators), ""


def _scalar(node: Node) -> bool:
    return isinstance(node, Number) or (isinstance(node, Symbol) and node.name in {"eps", "N", "T"})


def _code_of_factor(factor: Node) -> str:
    if isinstance(factor, Symbol) and factor.name == "eps":
        return "learning-rate-dropped"
    if isinstance(factor, Apply) and factor.order:
        return "derivative-dropped"
    if isinstance(factor, Number | Quotient):
        return "scale-wrong"
    return "factor-dropped"


def _parentheses_dropped(node: Product, place: int, factor: Sum) -> Iterator[tuple[str, Node, str]]:
    """A ⊙ (B + C) became A ⊙ B + C: the last factor is the one that comes apart."""
    if place == len(node.factors) - 1:
        first = replace(node, factors=(*node.factors[:-1], factor.terms[0]))
        opened = Sum((first, *factor.terms[1:]), factor.signs)
        yield "parentheses-dropped", opened, ""
    elif place == 0:
        last = replace(node, factors=(factor.terms[-1], *node.factors[1:]))
        yield "parentheses-dropped", Sum((*factor.terms[:-1], last), factor.signs), ""


def _of_sum(node: Sum, model: Model) -> Iterator[tuple[str, Node, str]]:
    for place, term in enumerate(node.terms):
        signs = (*node.signs[:place], -node.signs[place], *node.signs[place + 1 :])
        yield "sign-flipped", replace(node, signs=signs), f"term {place}"
        if len(node.terms) > 1:
            terms = node.terms[:place] + node.terms[place + 1 :]
            rest = node.signs[:place] + node.signs[place + 1 :]
            alone = len(terms) == 1 and rest == (1,)
            dropped = terms[0] if alone else Sum(terms, rest)
            yield _code_of_term(term, model), dropped, f"term {place}"
    if len(node.terms) > 1 and len(set(node.signs)) > 1:
        flipped = tuple(-sign for sign in node.signs)
        yield "sign-flipped", replace(node, signs=flipped), "all terms"


def _code_of_term(term: Node, model: Model) -> str:
    names = {part.name for part in walk(term) if isinstance(part, Symbol)}
    times = [
        part.time
        for part in walk(term)
        if isinstance(part, Symbol) and part.name not in model.parameters and part.time is not None
    ]
    if names & set(model.biases):
        return "bias-dropped"
    if isinstance(term, Number):
        return "term-dropped"
    adjoints = names & set(model.adjoints)
    if adjoints:
        recurrent = any(model.adjoints[name] in model.recurrent() for name in adjoints)
        if not any(isinstance(part, BigOperator) for part in walk(term)):
            return "recurrent-path-dropped" if recurrent else "output-path-dropped"
    elif names & set(model.parameters) and any(time.constant < 0 for time in times):
        return "recurrent-path-dropped"
    return "term-dropped"


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
    if node.order:
        yield (
            "derivative-dropped",
            replace(node, order=node.order - 1),
            f"{node.function} for slope",
        )
        if isinstance(argument, Symbol):
            for value, equation in model.equations.items():
                # f'(z) for f'(u): the value put where the argument belongs
                if isinstance(equation, Apply) and equation.argument == signal(argument.name):
                    wrong = replace(node, argument=replace(argument, name=value))
                    yield "derivative-of-wrong-argument", wrong, f"{argument.name}>{value}"
                # and back: u for z, which mends it
                if value == argument.name and isinstance(equation, Apply):
                    source = equation.argument
                    if isinstance(source, Symbol):
                        mended = replace(node, argument=replace(argument, name=source.name))
                        yield "derivative-of-wrong-argument", mended, f"{value}>{source.name}"
        return
    yield "activation-dropped", argument, ""
    yield "derivative-dropped", replace(node, order=1), "slope for value"
    if node.function in {"f", "g"}:
        other = "g" if node.function == "f" else "f"
        yield "activation-wrong", replace(node, function=other), ""


def term_variants(term: Node, target: Target) -> Iterator[Mutant]:
    """Mutants of one summand of an answer."""

    def made(code: str, tree: Node, note: str = "") -> Mutant:
        return Mutant(code, (code,), tree, note, (Edit(code, term, tree, note),))

    yield from variants(term, target.model)
    flipped: Node = negative(term)
    inner, sign = term, 1
    if isinstance(term, Sum) and len(term.terms) == 1:
        inner, sign = term.terms[0], term.signs[0]
        flipped = inner if sign < 0 else negative(inner)

    def signed(node: Node) -> Node:
        return negative(node) if sign < 0 else node

    yield made("sign-flipped", flipped)
    yield made("scale-wrong", signed(product(number(2), inner)), "times 2")
    yield made("scale-wrong", signed(Quotient(inner, number(2))), "over 2")
    for changed in _sums_added(inner):
        yield made("sum-added", signed(changed))


def mutants(target: Target, convention: Convention) -> list[Mutant]:
    """All single mutants of all canonical answers under a convention, in its layout."""
    found: dict[Node, Mutant] = {}
    for answer in target.answers(convention):
        for mutant in form_mutants(target, convention, answer):
            found.setdefault(mutant.tree, mutant)
    for answer in target.answers(convention):
        found.pop(laid_out(answer, target.model, convention), None)
    return list(found.values())


def form_mutants(target: Target, convention: Convention, answer: Node) -> Iterator[Mutant]:
    """Single mutants of one canonical answer (given in column layout)."""
    model = target.model
    form = laid_out(answer, model, convention)
    yield from variants(form, model)
    yield from whole_variants(form, target, convention, answer)


def whole_variants(
    form: Node, target: Target, convention: Convention, answer: Node
) -> Iterator[Mutant]:
    """Mistakes that are made to an answer as a whole."""

    def made(code: str, tree: Node, note: str = "") -> Mutant:
        return Mutant(code, (code,), tree, note, (Edit(code, form, tree, note),))

    model = target.model
    if target.kind == "update":
        yield from _of_update(form, target, convention, answer)
        return
    for factor in (2,):
        yield made("scale-wrong", product(number(factor), form), f"times {factor}")
        yield made("scale-wrong", Quotient(form, number(factor)), f"over {factor}")
    if not isinstance(form, Sum):
        yield made("sign-flipped", negative(form), "whole")
    if target.kind == "forward" and not isinstance(form, Apply):
        for function in ("f", "g"):
            yield made("activation-added", applied(function, form), function)
    if target.kind == "gradient":
        if target.shape[1] != "1":
            yield made("transpose-added", Transpose(form), "whole")
        for changed in _sums_added(answer):
            yield made("sum-added", laid_out(changed, model, convention))
    if target.kind == "output-adjoint" and convention.output.startswith("ce"):
        out, slope = signal(model.output), minus(number(1), signal(model.output))
        yield made("factor-added", hadamard(form, out, slope), "slope of the output")
        source = model.adjoints[target.quantity]
        yield made("factor-added", hadamard(form, applied("g", signal(source), 1)), "slope")
    if target.kind == "output-adjoint" and convention.output == "mse-sigmoid":
        # y is activated already: the function that expects v gets y
        wrong = hadamard(
            minus(signal(model.output), signal(model.label)),
            applied("sigmoid", signal(model.output), 1),
        )
        yield made("derivative-of-wrong-argument", wrong, "slope at the output")


def _of_update(
    form: Node, target: Target, convention: Convention, answer: Node
) -> Iterator[Mutant]:
    model = target.model
    if not (isinstance(answer, Sum) and len(answer.terms) == 2):
        return
    old, step = answer.terms

    def made(code: str, changed: Node, note: str = "") -> Mutant:
        whole = laid_out(minus(old, changed), model, convention)
        return Mutant(code, (code,), whole, note, (Edit(code, form, whole, note),))

    yield made("scale-wrong", product(number(2), step), "times 2")
    yield made("scale-wrong", Quotient(step, number(2)), "over 2")
    for changed in _sums_added(step):
        yield made("sum-added", changed)
    if target.shape[1] != "1":
        yield made("transpose-added", Transpose(step), "step")


def _sums_added(node: Node) -> Iterator[Node]:
    """A sum over the lag, or over the run, put where the answer has none."""
    if any(isinstance(part, BigOperator) for part in walk(node)):
        return
    factors = list(node.factors) if isinstance(node, Product) else [node]
    front = [factor for factor in factors if _scalar(factor)]
    body = product(*(factor for factor in factors if factor not in front))
    lagged = summed("s", Index(), HORIZON, substituted(body, "t", NOW - LAG))
    yield product(*front, lagged)
    yield product(*front, summed("t", Index.of(1), END, body))


@lru_cache(maxsize=512)
def cached_mutants(target_id: str, convention: Convention) -> tuple[Mutant, ...]:
    """``mutants`` of a shipped target, remembered."""
    from engine.formulas.targets import TARGETS

    return tuple(mutants(TARGETS[target_id], convention))


def repairs(tree: Node, model: Model, target: Target) -> Iterator[Mutant]:
    """Edits that may mend a learner's formula: every variant, and factors that may be missing."""
    yield from variants(tree, model)
    rate = Symbol("eps")
    if target.kind == "update" and not any(part == rate for part in walk(tree)):
        if isinstance(tree, Sum) and len(tree.terms) == 1:
            mended: Node = replace(tree, terms=(product(rate, tree.terms[0]),))
        else:
            mended = product(rate, tree)
        edit = Edit("factor-added", tree, mended, "eps")
        yield Mutant("factor-added", ("factor-added",), mended, "eps", (edit,))
