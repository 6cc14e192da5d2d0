"""Known mistakes as edits of a tree: the computations that wrong answers are recognised by.

Each operator looks at one node and yields edits with the code of the mistake. ``variants`` applies
every edit at every place of a tree. The same edits, applied to a learner's formula, are the
candidates for mending it (``fingerprints`` finds the place of a mistake that way).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.formulas.construction import (
    NOW,
    applied,
    hadamard,
    minus,
    negative,
    number,
    product,
    signal,
    squared,
    substituted,
    summed,
)
from engine.formulas.conventions import Convention
from engine.formulas.mistakes.codes import is_scalar
from engine.formulas.mistakes.edits import Edit, Mutant, variants
from engine.formulas.mistakes.function_edits import ABSTRACT
from engine.formulas.mistakes.reset_edits import misplaced
from engine.formulas.mistakes.static_edits import sums_dropped
from engine.formulas.models import Model
from engine.formulas.models.static import StaticModel
from engine.formulas.statements import free_indices
from engine.formulas.targets import END, HORIZON, LAG, Target, laid_out
from engine.formulas.tree import (
    Apply,
    BigOperator,
    Index,
    Node,
    Product,
    Quotient,
    Sum,
    Symbol,
    Transpose,
    walk,
    with_children,
)

# A formula with fewer single mutants than this gets double ones too.
FEW = 40


def term_variants(
    term: Node, model: Model, single: Iterable[Mutant] | None = None
) -> Iterator[Mutant]:
    """Mutants of one summand of an answer. ``single``: its variants, where they are at hand."""

    def made(code: str, tree: Node, note: str = "") -> Mutant:
        return Mutant(code, (code,), tree, note, (Edit(code, term, tree, note),))

    yield from variants(term, model) if single is None else single
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
    """All single mutants of all canonical answers under a convention, in its layout.

    A short backward formula has few of them: there some with two mistakes are added.
    """
    model = target.model.under(convention)
    answers = target.answers(convention)
    found: dict[Node, Mutant] = {}
    for answer in answers:
        for mutant in form_mutants(target, convention, answer):
            found.setdefault(mutant.tree, mutant)
    right = {laid_out(answer, model, convention) for answer in answers}
    if target.kind in {"adjoint", "lag-adjoint", "gradient"} and len(found) < FEW:
        for mutant in list(found.values()):
            if mutant.tree not in right and len(found) < FEW + len(right):
                for second in variants(mutant.tree, model):
                    codes = (*mutant.codes, *second.codes)
                    made = replace(second, codes=codes, edits=(*mutant.edits, *second.edits))
                    found.setdefault(second.tree, made)
    return [mutant for tree, mutant in found.items() if tree not in right]


def form_mutants(
    target: Target, convention: Convention, answer: Node, single: Iterable[Mutant] | None = None
) -> Iterator[Mutant]:
    """Single mutants of one canonical answer (given in column layout).

    ``single``: the variants of the answer as it is laid out, where they are at hand.
    """
    model = target.model.under(convention)
    form = laid_out(answer, model, convention)
    yield from variants(form, model) if single is None else single
    own: frozenset[str] = frozenset()
    if isinstance(model, StaticModel):
        own = free_indices(form) - set(model.sizes)
    if len(own) > 1:  # an entry has two indices, and a sum may run with the other one
        yield from (one for one in variants(form, model, own) if one.code == "axis-wrong")
    yield from whole_variants(form, target, convention, answer)


def whole_variants(
    form: Node, target: Target, convention: Convention, answer: Node
) -> Iterator[Mutant]:
    """Mistakes that are made to an answer as a whole."""

    def made(code: str, tree: Node, note: str = "") -> Mutant:
        return Mutant(code, (code,), tree, note, (Edit(code, form, tree, note),))

    model = target.model.under(convention)
    if target.kind == "update":
        yield from _of_update(form, target, convention, answer)
        return
    if isinstance(model, StaticModel):
        for changed in sums_dropped(form, free_indices(form) - set(model.sizes)):
            yield made("sum-dropped", changed, "one component for all")
    for factor in (2,):
        yield made("scale-wrong", product(number(factor), form), f"times {factor}")
        yield made("scale-wrong", Quotient(form, number(factor)), f"over {factor}")
    if not isinstance(form, Sum):
        yield made("sign-flipped", negative(form), "whole")
    for changed in misplaced(form, target):
        yield made("reset-misplaced", changed, "the reset gate elsewhere")
    for changed in _other_blocks(form, model, target.quantity):
        yield made("wrong-parameter", changed, "all weights of another gate")
    for slope in _own_slopes(target, model):
        yield made("left-side-wrong", hadamard(form, slope), "of the pre-activation")
    if target.kind == "forward" and not isinstance(form, Apply):
        for function in sorted(model.functions & ABSTRACT) or ("sigmoid", "tanh"):
            yield made("activation-added", applied(function, form), function)
    if target.kind == "gradient":
        if target.shape[1] != "1":
            yield made("transpose-added", Transpose(form), "whole")
        for changed in _sums_added(answer):
            yield made("sum-added", laid_out(changed, model, convention))
    if target.kind == "output-adjoint" and convention.output.startswith("ce"):
        out, slope = signal(model.output), minus(number(1), signal(model.output))
        yield made("factor-added", hadamard(form, out, slope), "slope of the output")
        source = model.gradients[target.quantity]
        yield made("factor-added", hadamard(form, applied("g", signal(source), 1)), "slope")
    if target.kind == "output-adjoint" and convention.output == "mse-sigmoid":
        # y is activated already: the function that expects v gets y
        wrong = hadamard(
            minus(signal(model.output), signal(model.label)),
            applied("sigmoid", signal(model.output), 1),
        )
        yield made("derivative-of-wrong-argument", wrong, "slope at the output")


def _other_blocks(form: Node, model: Model, quantity: str) -> Iterator[Node]:
    """W_f x + U_f h + b_f where the weights of another gate belong."""
    used = {part.name for part in walk(form) if isinstance(part, Symbol)} & set(model.parameters)
    labels = {name.rpartition("_")[2] for name in used if "_" in name}
    if len(labels) != 1 or len(used) < 2:
        return
    own = next(iter(labels))
    if own not in quantity.split("_"):
        return
    stems = {name.rpartition("_")[0] for name in used}
    known = {name.rpartition("_")[2] for name in model.parameters if "_" in name}
    for other in sorted(known - labels):
        if all(f"{stem}_{other}" in model.parameters for stem in stems):
            yield _with_label(form, own, other, model)


def _with_label(node: Node, own: str, other: str, model: Model) -> Node:
    if isinstance(node, Symbol):
        stem, _, label = node.name.rpartition("_")
        mine = node.name in model.parameters and label == own
        return replace(node, name=f"{stem}_{other}") if mine else node
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [_with_label(child, own, other, model) for child in children])


def _own_slopes(target: Target, model: Model) -> Iterator[Node]:
    """The slope of the gate whose gradient is asked for: in its value, and at its value."""
    value = signal(model.gradients.get(target.quantity, ""))
    body = model.equations.get(value.name)
    if not target.kind.endswith("adjoint") or not isinstance(body, Apply):
        return
    yield applied(body.function, value, 1)
    if body.function == "sigmoid":
        yield hadamard(value, minus(number(1), value))
    elif body.function == "tanh":
        yield minus(number(1), squared(value))


def _of_update(
    form: Node, target: Target, convention: Convention, answer: Node
) -> Iterator[Mutant]:
    model = target.model.under(convention)
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
    front = [factor for factor in factors if is_scalar(factor)]
    if len(front) == len(factors):
        # Of a mere number nothing else is left to be summed.
        front = []
    body = product(*(factor for factor in factors if factor not in front))
    lagged = summed("s", Index(), HORIZON, substituted(body, "t", NOW - LAG))
    yield product(*front, lagged)
    yield product(*front, summed("t", Index.of(1), END, body))


def repairs(tree: Node, model: Model, target: Target) -> Iterator[Mutant]:
    """Edits that may mend a learner's formula: every variant, and factors that may be missing."""
    yield from variants(tree, model)
    turned: Node = negative(tree)
    if isinstance(tree, Sum) and len(tree.terms) == 1 and tree.signs == (-1,):
        turned = tree.terms[0]
    edit = Edit("sign-flipped", tree, turned, "whole")
    yield Mutant("sign-flipped", ("sign-flipped",), turned, "whole", (edit,))
    rate = Symbol("eps")
    if target.kind == "update" and not any(part == rate for part in walk(tree)):
        if isinstance(tree, Sum) and len(tree.terms) == 1:
            mended: Node = replace(tree, terms=(product(rate, tree.terms[0]),))
        else:
            mended = product(rate, tree)
        edit = Edit("factor-added", tree, mended, "eps")
        yield Mutant("factor-added", ("factor-added",), mended, "eps", (edit,))
