"""The ledger of a sum over time: which lags an answer holds, misses, or holds too many of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.formulas.conventions import Convention, Mentions
from engine.formulas.evaluation.binding import Budget
from engine.formulas.mistakes.codes import is_scalar
from engine.formulas.mistakes.fingerprints import Site, adapted, like, summands
from engine.formulas.statements import Statement, mentions_lag
from engine.formulas.targets import laid_out
from engine.formulas.tree import BigOperator, Index, Node, Product, Sum, Symbol, walk


@dataclass(frozen=True)
class LedgerRow:
    """One lag and its state: ``right``, ``missing``, ``extra`` or ``wrong``."""

    lag: int
    state: str


def ledger(
    statement: Statement, convention: Convention, answer: Node, budget: Budget
) -> tuple[LedgerRow, ...] | None:
    """Rows by lag for a gradient or an update that sums over time, else None.

    Contributions are compared at the blind point, where every formula has a value.
    """
    target = statement.target
    if target.kind not in {"gradient", "update"} or convention.scope == "one-step":
        return None
    lagged = mentions_lag(Mentions.of(answer).names)
    site = Site(target, convention, statement.left, lagged)
    if not site.tests():
        return None
    # One test is enough: the longest one.
    site_test = max(site.tests(), key=lambda test: test.lags)
    truth_sum = _sum_of(
        laid_out(
            adapted(target.answers(convention)[-1], target, statement.left),
            target.model.under(convention),
            convention,
        )
    )
    if truth_sum is None:
        return None
    truth = _contributions(truth_sum, site, site_test.indices, budget)
    given_sum = _sum_of(answer)
    given: list[Any] | None
    if given_sum is not None:
        given = _contributions(given_sum, site, site_test.indices, budget)
    else:
        given = _alone(answer, site, budget)
    if truth is None or given is None:
        return None
    return _rows(truth, given)


def _sum_of(node: Node) -> BigOperator | None:
    return next(
        (
            part
            for part in walk(node)
            if isinstance(part, BigOperator)
            and part.kind == "sum"
            and part.low is not None
            and part.high is not None
        ),
        None,
    )


def _alone(answer: Node, site: Site, budget: Budget) -> list[Any] | None:
    """The one contribution of an answer without a sum: its product with an adjoint, unscaled."""
    adjoints = site.model.gradients
    for term in summands(answer):
        inner = term.terms[0] if isinstance(term, Sum) and len(term.terms) == 1 else term
        if not any(isinstance(one, Symbol) and one.name in adjoints for one in walk(inner)):
            continue
        factors = inner.factors if isinstance(inner, Product) else (inner,)
        kept = [factor for factor in factors if not is_scalar(factor)]
        if len(kept) < len(factors) and isinstance(inner, Product):
            inner = Product(tuple(kept), inner.operators[: len(kept) - 1]) if kept[1:] else kept[0]
        value = site.value(inner, budget)
        return None if value is None else [value]
    return None


def _contributions(node: BigOperator, site: Site, indices: Any, budget: Budget) -> list[Any] | None:
    """The value of the body at each index value, from the low limit to the high one."""
    assert node.low is not None
    assert node.high is not None
    try:
        low, high = node.low.value(dict(indices)), node.high.value(dict(indices))
    except KeyError:
        return None
    if high - low > 16:
        return None
    values = []
    for step in range(low, high + 1):
        one = replace(node, low=Index.of(step), high=Index.of(step))
        value = site.value(one, budget)
        if value is None:
            return None
        values.append(value)
    return values


def _rows(truth: list[Any], given: list[Any]) -> tuple[LedgerRow, ...]:
    """Matches contributions; what is left over is wrong where both sides have some left."""
    state = ["missing"] * len(truth)
    spare = []
    for value in given:
        place = next(
            (i for i, true in enumerate(truth) if state[i] == "missing" and like(value, true)), None
        )
        if place is None:
            spare.append(value)
        else:
            state[place] = "right"
    for i, one in enumerate(state):
        if one == "missing" and spare:
            spare.pop()
            state[i] = "wrong"
    rows = [LedgerRow(lag, one) for lag, one in enumerate(state)]
    rows += [LedgerRow(len(truth) + extra, "extra") for extra in range(len(spare))]
    return tuple(rows)
