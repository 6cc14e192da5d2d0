"""Known computations by their values, for naming mistakes; nothing is ever accepted here.

Values are compared at *blind* points: all sizes equal and a batch as wide, so that every formula,
whatever its shapes, has a value there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.formulas.construction import negative, substituted
from engine.formulas.conventions import Convention
from engine.formulas.evaluation.binding import Binding, Budget
from engine.formulas.evaluation.points import Run, run_for
from engine.formulas.evaluation.shapes import Layout, loss_index
from engine.formulas.mistakes.blind_values import BlindValues
from engine.formulas.mistakes.codes import RANK
from engine.formulas.mistakes.edits import Mutant, variants
from engine.formulas.mistakes.mutation import form_mutants, term_variants
from engine.formulas.models import Model
from engine.formulas.statements import bindings
from engine.formulas.static_targets import StaticTarget, with_static_limits
from engine.formulas.targets import Target, laid_out
from engine.formulas.tree import (
    BigOperator,
    Derivative,
    Index,
    Node,
    Product,
    Sum,
    Symbol,
    with_children,
)

LIKENESS = 1e-9
MOST_SUMMANDS = 12
FEW_FORMS = 2


@dataclass(frozen=True)
class Site:
    """Where formulas are compared: a target, a convention, a left side and index values."""

    target: Target
    convention: Convention
    left: Node | None
    lagged: bool

    @cached_property
    def model(self) -> Model:
        """The model as it is under the convention."""
        return self.target.model.under(self.convention)

    @cached_property
    def layout(self) -> Layout:
        """The shapes of the quantities."""
        jacobian = self.target.kind.startswith("jacobian")
        return Layout.of(self.model, self.convention, jacobian=jacobian)

    @cached_property
    def points(self) -> tuple[Binding, ...]:
        """Index values at which formulas are compared."""
        return _tests(self)

    def answers(self) -> tuple[Node, ...]:
        """The canonical answers for the left side, in column layout."""
        if isinstance(self.target, StaticTarget):
            return self.target.answers_for(self.left)
        return self.target.answers(self.convention)

    def limited(self, node: Node) -> Node:
        """A formula with the limits of its sums: after multiplying out some have no index left."""
        if isinstance(self.target, StaticTarget):
            return with_static_limits(node, self.target.static)
        return node

    def tests(self) -> tuple[Binding, ...]:
        return self.points

    def run(self) -> Run:
        return self._run

    @cached_property
    def _run(self) -> Run:
        chosen = self.convention
        return run_for(
            self.model,
            "scalar" if chosen.scalar == "yes" else "blind",
            chosen.activation,
            chosen.output,
            chosen.biases,
            3,
        )

    def value(self, node: Node, budget: Budget | None = None) -> Any:
        """The values of a formula at all tests as one vector, or None if it has none."""
        return _values(self).of(node, budget or Budget())


@lru_cache(maxsize=32)
def _values(site: Site) -> BlindValues:
    return BlindValues(site.layout, site.run(), site.convention, site.points)


@lru_cache(maxsize=512)
def _tests(site: Site) -> tuple[Binding, ...]:
    names = frozenset({"T_t"}) if site.lagged else frozenset()
    found = bindings(site.target, site.convention, site.left, names, site.run().steps)
    if len(found) <= 2:
        return found
    inner = found[len(found) // 2]
    # A step is like another, a component is not: the last has no index 0.
    return (found[-1], inner) if isinstance(site.target, StaticTarget) else (inner,)


def adapted(answer: Node, target: Target, left: Node | None) -> Node:
    """A canonical answer in the indices of the learner's left side."""
    if left is None or isinstance(target, StaticTarget):
        return answer
    if target.kind == "update":
        update = left.update if isinstance(left, Symbol) else None
        return _with_update(answer, None if update is None else update - 1)
    if target.kind == "gradient":
        loss = loss_index(left) if isinstance(left, Derivative) else None
        return answer if loss is None else substituted(answer, "t", loss)
    time = left.time if isinstance(left, Symbol) else None
    if time is None:
        return answer
    if target.kind == "lag-adjoint":
        return substituted(answer, "t", time + Index.of(1, s=1))
    return substituted(answer, "t", time)


def _with_update(node: Node, update: Index | None) -> Node:
    if isinstance(node, Symbol):
        return replace(node, update=update) if node.update is not None else node
    children = list(node.children())
    if not children:
        return node
    return with_children(node, [_with_update(child, update) for child in children])


@dataclass(frozen=True)
class Table:
    """Known computations by value: row i of ``values`` belongs to ``entries[i]``."""

    truth: Any
    entries: tuple[Mutant, ...]
    values: Any

    def is_truth(self, value: Any) -> bool:
        return self.truth is not None and like(value, self.truth)

    def find(self, value: Any) -> list[Mutant]:
        """The mutants of this value, the likeliest name first."""
        if not self.entries or value is None:
            return []
        scale = float(np.abs(value).max()) or 1.0
        hits = np.nonzero(np.abs(self.values - value).max(axis=1) <= LIKENESS * scale)[0]
        found = [self.entries[hit] for hit in hits]
        return sorted(found, key=lambda mutant: RANK.get(mutant.code, len(RANK)))


def like(one: Any, other: Any) -> bool:
    """Whether two value vectors are equal but for rounding."""
    if one is None or other is None:
        return False
    scale = max(float(np.abs(other).max()), 1e-300)
    return float(np.abs(one - other).max()) <= LIKENESS * scale


def _table(
    site: Site, truth: Node, entries: Iterable[Mutant], known: Mapping[int, Any] | None = None
) -> Table:
    """``known``: values that were found before, by the identity of the mutant."""
    true_value = site.value(truth)
    kept, rows = [], []
    for mutant in entries:
        if known is not None and id(mutant) in known:
            value = known[id(mutant)]
        else:
            value = site.value(mutant.tree)
        if value is not None and not like(value, true_value):
            kept.append(mutant)
            rows.append(value)
    return Table(true_value, tuple(kept), np.array(rows) if rows else np.empty((0, 0)))


@lru_cache(maxsize=256)
def _single(site: Site, form: int) -> tuple[tuple[Mutant, ...], Mapping[int, Any]]:
    """The variants of one canonical answer as it is laid out, and their values."""
    found = tuple(variants(shown_form(site, form), site.model))
    return found, {id(mutant): site.value(mutant.tree) for mutant in found}


@lru_cache(maxsize=256)
def whole_table(site: Site, form: int) -> Table:
    """The single mutants of one canonical answer."""
    target, convention = site.target, site.convention
    answer = adapted(site.answers()[form], target, site.left)
    single, known = _single(site, form)
    entries = form_mutants(target, convention, answer, single)
    return _table(site, shown_form(site, form), entries, known)


def shown_form(site: Site, form: int) -> Node:
    """A canonical answer in the site's layout and in the learner's indices."""
    answer = adapted(site.answers()[form], site.target, site.left)
    return laid_out(answer, site.model, site.convention)


@lru_cache(maxsize=256)
def term_tables(site: Site, form: int) -> tuple[tuple[Node, Table], ...]:
    """Each summand of one (expanded) canonical answer with its single mutants."""
    shown = shown_form(site, form)
    terms = summands(site.limited(shown))
    if terms == [shown]:  # most answers are one product: the same mutants again
        single, known = _single(site, form)
        entries = term_variants(shown, site.model, single)
        return ((shown, _table(site, shown, entries, known)),)
    return tuple((term, _table(site, term, term_variants(term, site.model))) for term in terms)


def right_summands(answer: Node, site: Site) -> int:
    """How many summands of a formula are summands of one of the first canonical answers."""
    values = [site.value(term) for term in summands(site.limited(answer))]
    most = 0
    for form in range(min(len(site.answers()), FEW_FORMS)):
        truths = [site.value(term) for term in summands(site.limited(shown_form(site, form)))]
        found = sum(any(like(value, truth) for truth in truths) for value in values)
        most = max(most, found)
    return most


def summands(node: Node) -> list[Node]:
    """The terms of a formula after multiplying out; a negative one is a sum of one term."""
    spread = _spread(node)
    if len(spread) > MOST_SUMMANDS:
        spread = [(1, node)]
    return [term if sign > 0 else replace(negative(term), span=term.span) for sign, term in spread]


def _spread(node: Node) -> list[tuple[int, Node]]:
    if isinstance(node, Sum):
        return [
            (sign * inner, part)
            for term, sign in zip(node.terms, node.signs, strict=True)
            for inner, part in _spread(term)
        ]
    if isinstance(node, Product):
        parts: list[tuple[int, tuple[Node, ...]]] = [(1, ())]
        for factor in node.factors:
            opened = _spread(factor) if not _is_one_minus(factor) else [(1, factor)]
            if len(parts) * len(opened) > MOST_SUMMANDS:
                opened = [(1, factor)]
            parts = [
                (sign * inner, (*before, part)) for sign, before in parts for inner, part in opened
            ]
        return [(sign, replace(node, factors=factors)) for sign, factors in parts]
    if isinstance(node, BigOperator) and node.kind == "sum":
        return [(sign, replace(node, body=part)) for sign, part in _spread(node.body)]
    return [(1, node)]


def _is_one_minus(node: Node) -> bool:
    """1 - y is one thing: multiplied out, a broadcast number would stand alone."""
    from engine.formulas.tree import Number

    return isinstance(node, Sum) and any(isinstance(term, Number) for term in node.terms)
