"""From the value of a wrong formula to the names of its mistakes.

Values are compared at *blind* points: all sizes equal and a batch as wide, so that every formula,
whatever its shapes, has a value there. Nothing is ever accepted here.

A formula is looked up whole, then summand by summand. Where one known mistake is not enough, the
learner's own summand is edited, and the result looked up again: the two meet in the middle, and
the edit says where in the text the mistake is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from engine.formulas.construction import negative, product, substituted, with_children
from engine.formulas.conventions import Convention
from engine.formulas.elaboration import ElaborationError, Layout, elaborate, loss_index
from engine.formulas.evaluation import (
    Binding,
    Budget,
    EvaluationError,
    UnboundIndexError,
    evaluate,
)
from engine.formulas.mutation import (
    RANK,
    Edit,
    Mutant,
    _code_of_term,
    form_mutants,
    repairs,
    term_variants,
)
from engine.formulas.points import Run, run_for
from engine.formulas.statements import all_index_names, bindings
from engine.formulas.targets import Target, laid_out
from engine.formulas.tree import BigOperator, Derivative, Index, Node, Product, Sum, Symbol

LIKENESS = 1e-9
MOST_SUMMANDS = 12
SECOND_REPAIRS = 900  # how many pairs of edits a summand with three mistakes may cost

# A repair of this code (and note) undoes a mistake of that code.
UNDONE = {
    "wrong-parameter": "wrong-parameter",
    "wrong-signal": "wrong-signal",
    "derivative-of-wrong-argument": "derivative-of-wrong-argument",
    "index-shifted": "index-shifted",
    "transpose-added": "transpose-dropped",
    "transpose-dropped": "transpose-added",
    "sign-flipped": "sign-flipped",
    "sum-shortened": "sum-lengthened",
    "sum-starts-late": "sum-lengthened",
    "sum-lengthened": "sum-shortened",
    "sum-dropped": "sum-added",
    "order-swapped": "order-swapped",
    "outer-product-transposed": "outer-product-transposed",
    "elementwise-for-matrix": "matrix-for-elementwise",
    "matrix-for-elementwise": "elementwise-for-matrix",
    "activation-dropped": "activation-added",
    "activation-wrong": "activation-wrong",
    "factor-dropped": "factor-added",
    "learning-rate-dropped": "factor-added",
    "scale-wrong": "scale-wrong",
    "term-dropped": "term-added",
    "recurrent-path-dropped": "term-added",
    "output-path-dropped": "term-added",
    "bias-dropped": "term-added",
    "product-lengthened": "product-lengthened",
}
# Edits cheap and likely enough to be made twice.
LIKELY = frozenset(
    {
        "wrong-parameter",
        "wrong-signal",
        "index-shifted",
        "transpose-added",
        "transpose-dropped",
        "sign-flipped",
        "sum-shortened",
        "sum-lengthened",
        "sum-starts-late",
        "factor-added",
        "derivative-dropped",
    }
)


@dataclass(frozen=True)
class Named:
    """A mistake with its place: ``found`` in the learner's tree, ``expected`` in its stead."""

    code: str
    found: Node | None
    expected: Node | None


@dataclass(frozen=True)
class Naming:
    """The mistakes of a formula; ``complete`` when they explain its value entirely."""

    mistakes: tuple[Named, ...]
    complete: bool

    @property
    def order(self) -> tuple[bool, int]:
        """Sorts the better explanation first."""
        return (not self.complete or not self.mistakes, len(self.mistakes))


@dataclass(frozen=True)
class Site:
    """Where formulas are compared: a target, a convention, a left side and index values."""

    target: Target
    convention: Convention
    left: Node | None
    lagged: bool

    def tests(self) -> tuple[Binding, ...]:
        return _tests(self)

    def run(self) -> Run:
        chosen = self.convention
        return run_for(
            self.target.model_name,
            "scalar" if chosen.scalar == "yes" else "blind",
            chosen.activation,
            chosen.output,
            chosen.biases,
            3,
        )

    def value(self, node: Node, budget: Budget | None = None) -> Any:
        """The values of a formula at all tests as one vector, or None if it has none."""
        names = all_index_names(node) | (_letters(self.left) if self.left is not None else set())
        try:
            layout = Layout.of(self.target.model, self.convention)
            operation, _ = elaborate(node, layout, frozenset(names))
            run = self.run()
            shape = (run.samples, run.samples)
            parts = [
                np.broadcast_to(
                    evaluate(operation, run, self.convention, test, budget or Budget()), shape
                ).ravel()
                for test in self.tests()
            ]
        except (ElaborationError, EvaluationError, UnboundIndexError, ValueError):
            return None
        vector = np.concatenate(parts)
        return vector if np.isfinite(vector).all() else None


def _letters(left: Node) -> set[str]:
    return set(all_index_names(left))


@lru_cache(maxsize=512)
def _tests(site: Site) -> tuple[Binding, ...]:
    names = frozenset({"T_t"}) if site.lagged else frozenset()
    found = bindings(site.target, site.convention, site.left, names, site.run().steps)
    if len(found) <= 2:
        return found
    return found[len(found) // 4], found[len(found) // 2]


def adapted(answer: Node, target: Target, left: Node | None) -> Node:
    """A canonical answer in the indices of the learner's left side."""
    if left is None:
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


def _table(site: Site, truth: Node, entries: Iterable[Mutant]) -> Table:
    true_value = site.value(truth)
    kept, rows = [], []
    for mutant in entries:
        value = site.value(mutant.tree)
        if value is not None and not like(value, true_value):
            kept.append(mutant)
            rows.append(value)
    return Table(true_value, tuple(kept), np.array(rows) if rows else np.empty((0, 0)))


@lru_cache(maxsize=256)
def whole_table(site: Site, form: int) -> Table:
    """The single mutants of one canonical answer."""
    target, convention = site.target, site.convention
    answer = adapted(target.answers(convention)[form], target, site.left)
    return _table(site, shown_form(site, form), form_mutants(target, convention, answer))


def shown_form(site: Site, form: int) -> Node:
    """A canonical answer in the site's layout and in the learner's indices."""
    answer = adapted(site.target.answers(site.convention)[form], site.target, site.left)
    return laid_out(answer, site.target.model, site.convention)


@lru_cache(maxsize=256)
def term_tables(site: Site, form: int) -> tuple[tuple[Node, Table], ...]:
    """Each summand of one (expanded) canonical answer with its single mutants."""
    target = site.target
    answer = adapted(target.answers(site.convention)[form], target, site.left)
    shown = laid_out(answer, target.model, site.convention)
    return tuple(
        (term, _table(site, term, term_variants(term, target))) for term in summands(shown)
    )


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


def name(answer: Node, site: Site, budget: Budget, depth: int = 3) -> Naming:
    """The mistakes in a formula that was found wrong: at most ``depth`` of them in one summand.

    Raises ``BudgetExceededError``.
    """
    best = Naming((), False)
    value = site.value(answer, budget)
    for form in range(len(site.target.answers(site.convention))):
        if not site.tests():
            break
        table = whole_table(site, form)
        if value is not None and table.truth is not None:
            if table.is_truth(value):
                continue  # equal at the blind point only: it has no name here
            found = _located(answer, table.find(value), table.truth, site, budget)
            if found:
                return Naming((_with_truth(found, shown_form(site, form)),), True)
        best = min(
            best, _by_terms(answer, site, form, budget, depth), key=lambda naming: naming.order
        )
    return best


def _by_terms(answer: Node, site: Site, form: int, budget: Budget, deepest: int) -> Naming:
    """Summands of the answer against summands of the truth."""
    truths = list(term_tables(site, form))
    terms = [(term, site.value(term, budget)) for term in summands(answer)]
    open_terms = []
    for term, value in terms:
        exact = next((i for i, (_, table) in enumerate(truths) if table.is_truth(value)), None)
        if value is not None and exact is not None:
            del truths[exact]
        else:
            open_terms.append((term, value))
    mistakes: list[Named] = []
    unknown = 0
    for depth in range(1, deepest + 1):
        waiting = []
        for term, value in open_terms:
            named = _one_term(term, value, truths, site, budget, depth)
            if named is None:
                waiting.append((term, value))
            else:
                mistakes.extend(named[1])
                del truths[named[0]]
        open_terms = waiting
        if not open_terms or not truths:
            break
    for term, _ in open_terms:
        if truths:
            unknown += 1
        else:
            mistakes.append(Named("term-added", term, None))
    for term, _ in truths[unknown:]:
        code = _code_of_term(term, site.target.model)
        mistakes.append(Named(code, None, term))
    mistakes.sort(key=lambda one: RANK.get(one.code, len(RANK)))
    return Naming(tuple(mistakes), not unknown)


def _one_term(
    term: Node,
    value: Any,
    truths: list[tuple[Node, Table]],
    site: Site,
    budget: Budget,
    depth: int,
) -> tuple[int, list[Named]] | None:
    """The mistakes in one summand, with the place of the true summand that it stands for."""
    if value is None:
        return None
    if depth == 1:
        for place, (truth, table) in enumerate(truths):
            found = _located(term, table.find(value), table.truth, site, budget)
            if found:
                return place, [_with_truth(found, truth)]
        return None
    candidates: Iterator[tuple[tuple[Edit, ...], Node]] = (
        (mutant.edits, mutant.tree) for mutant in repairs(term, site.target.model, site.target)
    )
    if depth == 3:
        candidates = islice(_twice(term, site), SECOND_REPAIRS)
    best: tuple[int, int, list[Named]] | None = None
    for edits, mended in candidates:
        new_value = site.value(mended, budget)
        if new_value is None:
            continue
        undone = [_undone(edit) for edit in edits]
        if any(one is None for one in undone):
            continue
        for place, (truth, table) in enumerate(truths):
            rest: list[Named] = []
            if not table.is_truth(new_value):
                second = _located(mended, table.find(new_value), table.truth, site, budget)
                if second is None:
                    continue
                rest = [_with_truth(second, truth)]
            named = [one for one in undone if one is not None] + rest
            cost = sum(RANK.get(one.code, 99) for one in named)
            if best is None or cost < best[0]:
                best = (cost, place, named)
    return None if best is None else (best[1], best[2])


def _twice(term: Node, site: Site) -> Iterator[tuple[tuple[Edit, ...], Node]]:
    model, target = site.target.model, site.target
    for first in repairs(term, model, target):
        if first.code not in LIKELY:
            continue
        for second in repairs(first.tree, model, target):
            if second.code in LIKELY:
                yield (*first.edits, *second.edits), second.tree


def _undone(edit: Edit) -> Named | None:
    """The mistake that an edit of the learner's formula takes back."""
    code = UNDONE.get(edit.code)
    slope = edit.code == "derivative-dropped" and edit.note == "slope for value"
    if edit.code == "factor-added" and edit.note == "eps":
        code = "learning-rate-dropped"
    elif edit.code == "factor-added" or slope:
        code = "derivative-dropped"
    elif edit.code == "sum-lengthened" and edit.note == "low-1":
        code = "sum-starts-late"
    return None if code is None else Named(code, edit.original, edit.replacement)


def _with_truth(named: Named, truth: Node) -> Named:
    return named if named.expected is not None else replace(named, expected=truth)


def _located(
    term: Node, mutants: list[Mutant], truth: Any, site: Site, budget: Budget
) -> Named | None:
    """The likeliest of the mutants, preferring one whose repair is found in the formula."""
    if not mutants:
        return None
    wanted = {mutant.code for mutant in mutants}
    repaired: dict[str, Named] = {}
    for mutant in repairs(term, site.target.model, site.target):
        undone = _undone(mutant.edits[0])
        if undone is None or undone.code not in wanted or undone.code in repaired:
            continue
        if like(site.value(mutant.tree, budget), truth):
            repaired[undone.code] = undone
    for mutant in mutants:
        if mutant.code in repaired:
            return repaired[mutant.code]
    return Named(mutants[0].code, term, None)


__all__ = ["Named", "Naming", "Site", "adapted", "name", "product", "summands"]
