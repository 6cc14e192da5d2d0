"""Limits of sums as people write them: from T down to 1, or left out.

A sum from T down to 1 is the sum from 1 up to T. A sum over a lag whose limits are left out is
judged over all lags; that they are missing is said.
"""

from __future__ import annotations

from dataclasses import replace

from engine.formulas.targets import HORIZON
from engine.formulas.tree import BigOperator, Index, Node, Symbol, walk, with_children


def with_limits(node: Node) -> Node:
    """The formula with every sum upward, and with the limits of open sums over a lag."""
    children = list(node.children())
    if not children:
        return node
    changed = [with_limits(child) for child in children]
    if any(new is not old for new, old in zip(changed, children, strict=True)):
        node = with_children(node, changed)
    if isinstance(node, BigOperator) and node.kind == "sum":
        if lacks_limits(node):
            return replace(node, low=Index(), high=HORIZON)
        if _runs_down(node):
            return replace(node, low=node.high, high=node.low)
    return node


def missing_limits(node: Node) -> str | None:
    """The index of a sum over a lag that says neither where it begins nor where it ends."""
    open_sums = [part for part in walk(node) if isinstance(part, BigOperator)]
    return next((part.index for part in open_sums if lacks_limits(part)), None)


def lacks_limits(node: BigOperator) -> bool:
    """Whether a sum is over a lag (t - s) and has no limits; over time they mean the whole run."""
    if node.kind != "sum" or node.low is not None or node.high is not None:
        return False
    times = [part.time for part in walk(node.body) if isinstance(part, Symbol) and part.time]
    return any(dict(time.coefficients).get(node.index, 0) < 0 for time in times)


def _runs_down(node: BigOperator) -> bool:
    """From T to 1, from t to t - T_t: no sum upward is written so, for it would be empty."""
    if node.low is None or node.high is None:
        return False
    weights = [weight for _, weight in (node.low - node.high).coefficients]
    return bool(weights) and min(weights) > 0
