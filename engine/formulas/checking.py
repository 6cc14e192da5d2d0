"""Whether one link of a statement holds, under one convention: the only thing that accepts.

It is evaluated at consistent runs with all sizes different, at several index values, and then once
more without rounding, modulo a prime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.formulas.construction import without_dots
from engine.formulas.conventions import Convention, Mentions
from engine.formulas.evaluation.binding import (
    Binding,
    Budget,
    EvaluationError,
    Record,
    UnboundIndexError,
)
from engine.formulas.evaluation.elaboration import (
    ElaborationError,
    Operation,
    ShapeError,
    elaborate,
)
from engine.formulas.evaluation.evaluator import evaluate
from engine.formulas.evaluation.fields import NotRepresentableError
from engine.formulas.evaluation.points import Run, run_for
from engine.formulas.evaluation.shapes import BATCHED, Layout
from engine.formulas.models.static import is_static
from engine.formulas.statements import all_index_names, bindings
from engine.formulas.static_targets import FORWARD, StaticTarget
from engine.formulas.targets import Target
from engine.formulas.tree import Node, size_of

TOLERANCE = 1e-9
# Steps at which a formula has to hold where it reads what is before the first one at others.
FEWEST_INSIDE = 3
# How much larger than the truth summands may be before rounding is no excuse any more.
LARGEST_SUMMAND = 1e3
TRANSCENDENTAL = frozenset({"cosh", "sqrt", "log", "relu"})
# Static models take them of sums and products: then the field knows their laws as little.
ANALYTIC = frozenset({"exp", "softmax", "sin", "cos", "norm", "sigmoid", "tanh"})


@dataclass(frozen=True)
class LinkCheck:
    """How a link did: ``right``, ``wrong``, ``misshapen``, ``vacuous``, ``formal``, ``unbound``."""

    status: str
    shape_errors: tuple[ShapeError, ...] = ()
    outside: frozenset[str] = frozenset()
    reason: str = ""
    name: str = ""
    node: Node | None = None

    @property
    def right(self) -> bool:
        return self.status == "right"


def has_batch(mentions: Mentions, target: Target) -> bool:
    """Whether an answer is about several samples at once; static models have none beside them."""
    several = mentions.reduces or "N" in mentions.symbols
    return several and not is_static(target.model)


def is_analytic(mentions: Mentions, target: Target) -> bool:
    """Whether an equality about a static model may rest on a law of a function: log ab, exp 2a."""
    if not isinstance(target, StaticTarget):
        return False
    definition = Mentions.of(*(form.tree for form in target.forms[:1]))
    used = mentions.functions | (definition.functions if target.kind == FORWARD else frozenset())
    return bool(used & (TRANSCENDENTAL | ANALYTIC))


def kind_of_points(convention: Convention, batch: bool) -> str:
    """The kind of run that decides."""
    if convention.scalar == "yes":
        return "scalar"
    return "batch" if batch and convention.layout in BATCHED else "distinct"


def runs_for(target: Target, convention: Convention, kind: str, seed: int, exact: bool) -> Run:
    """The run of a convention."""
    return run_for(
        target.model.under(convention),
        kind,
        convention.activation,
        convention.output,
        convention.biases,
        seed,
        exact,
    )


def prepared(
    node: Node, target: Target, convention: Convention, batch: bool, names: frozenset[str]
) -> tuple[Operation, tuple[ShapeError, ...]]:
    """The elaborated node. Raises ``ElaborationError``."""
    jacobian = target.kind.startswith("jacobian")
    layout = Layout.of(target.model.under(convention), convention, batch, jacobian)
    return elaborate(node, layout, names)


def check(
    node: Node,
    target: Target,
    convention: Convention,
    left: Node | None,
    budget: Budget,
    seeds: tuple[int, ...] = (0, 1),
    exact: bool = True,
) -> LinkCheck:
    """Judges one link. Raises ``BudgetExceededError``.

    A dot between vectors is tried as the inner product, and as juxtaposed.
    """
    found = _check(node, target, convention, left, budget, seeds, exact)
    if found.right:
        return found
    plain = without_dots(node)
    if plain == node:
        return found
    return _check(plain, target, convention, left, budget, seeds, exact)


def _check(
    node: Node,
    target: Target,
    convention: Convention,
    left: Node | None,
    budget: Budget,
    seeds: tuple[int, ...],
    exact: bool,
) -> LinkCheck:
    if left is None and isinstance(target, StaticTarget):
        left = target.left
    budget.spend(size_of(node))
    mentions = Mentions.of(node)
    batch = has_batch(mentions, target)
    used = all_index_names(node, *((left,) if left is not None else ()))
    try:
        answer, errors = prepared(node, target, convention, batch, used)
        truth, _ = prepared(target.definition(left), target, convention, batch, used)
    except ElaborationError as error:
        status = "formal" if error.reason == "formal-step" else "unbound"
        return LinkCheck(status, reason=error.reason, name=error.name, node=error.node)
    if not errors and answer.shape != truth.shape:
        misfit = ShapeError(node.span, answer.shape, truth.shape, "=")
        return LinkCheck("misshapen", (misfit,))
    if errors:
        return LinkCheck("misshapen", errors)
    record, early = Record(), set[str]()
    seeds = target.seeds(seeds) if isinstance(target, StaticTarget) else seeds
    kind = kind_of_points(convention, batch)
    if batch and kind != "batch":
        # Elsewhere there is one sample: over it every sum and every 1/N would seem right.
        return LinkCheck("wrong")
    try:
        for seed in seeds:
            run = runs_for(target, convention, kind, seed, exact=False)
            tests = bindings(target, convention, left, mentions.names, run.steps, seed)
            if not tests and seed == seeds[0]:
                return LinkCheck("unbound", reason="index-outside-run")
            inside = 0
            for binding in tests:
                here = Record(largest=record.largest, truth=record.truth)
                agreed = agrees(answer, truth, run, convention, binding, budget, here)
                record.truth = here.truth
                if not agreed and here.outside and target.kind == "forward":
                    early.update(here.outside)  # written out over two steps it has no first one
                    continue
                record.outside |= here.outside
                if not agreed:
                    return LinkCheck("wrong", outside=frozenset(record.outside | early))
                inside += 1
            if early and inside < FEWEST_INSIDE:
                return LinkCheck("wrong", outside=frozenset(record.outside | early))
        if record.truth == 0.0 or any(size == 0.0 for size in record.largest.values()):
            return LinkCheck("vacuous")
        confirmed = (
            not exact
            or mentions.functions & TRANSCENDENTAL
            or is_analytic(mentions, target)
            or exactly_equal(node, target, convention, left, budget)
        )
    except UnboundIndexError as error:
        return LinkCheck("unbound", reason="undeclared-symbol", name=error.name)
    except (EvaluationError, ArithmeticError) as error:
        return LinkCheck("unbound", reason="not-evaluable", name=str(error))
    return LinkCheck("right" if confirmed else "wrong", outside=frozenset(record.outside))


def agrees(
    answer: Operation,
    truth: Operation,
    run: Run,
    convention: Convention,
    binding: Binding,
    budget: Budget,
    record: Record,
) -> bool:
    """Whether answer and truth have the same value at one point."""
    expected = evaluate(truth, run, convention, binding)
    got = evaluate(answer, run, convention, binding, budget, record)
    if not np.isfinite(got).all():
        raise EvaluationError("no finite value")
    record.truth = max(record.truth, float(np.abs(expected).max()))
    return same(got, expected, max(record.largest.values(), default=0.0))


def same(got: Any, expected: Any, summands: float = 0.0) -> bool:
    """Equal but for rounding, measured against the truth and (boundedly) the summands."""
    if got.shape != expected.shape:
        return False
    size = float(np.abs(expected).max())
    scale = max(size, min(summands, LARGEST_SUMMAND * size))
    difference = float(np.abs(got - expected).max())
    return difference <= TOLERANCE * scale


def exactly_equal(
    node: Node,
    target: Target,
    convention: Convention,
    left: Node | None,
    budget: Budget,
    seeds: tuple[int, ...] = (7,),
) -> bool:
    """Equality modulo the prime 2^61 - 1, at random points; true where the field has no answer."""
    mentions = Mentions.of(node)
    if convention.activation == "relu":
        return True
    if is_analytic(mentions, target):
        return check(node, target, convention, left, budget, seeds, exact=False).right
    batch = has_batch(mentions, target)
    names = all_index_names(node, *((left,) if left is not None else ()))
    answer, errors = prepared(node, target, convention, batch, names)
    truth, _ = prepared(target.definition(left), target, convention, batch, names)
    if errors or answer.shape != truth.shape:
        return False
    kind = kind_of_points(convention, batch)
    try:
        for seed in seeds:
            run = runs_for(target, convention, kind, seed, exact=True)
            tests = bindings(target, convention, left, mentions.names, run.steps, seed)
            for binding in tests[-3:] if len(seeds) == 1 else tests:
                expected = evaluate(truth, run, convention, binding)
                seen = Record()
                got = evaluate(answer, run, convention, binding, budget, seen)
                if seen.outside and target.kind == "forward":
                    continue
                if got.shape != expected.shape or (got != expected).any():
                    return False
    except NotRepresentableError:
        return True
    return True
