"""Whether a share and a median, measured anew, agree with figures that were printed elsewhere."""

from __future__ import annotations

import math
from typing import Final

#: How far a median may lie from a printed one that has no printed quartiles.
MEDIAN_TOLERANCE: Final = 0.25


def binomial_at_least(successes: int, trials: int, p: float) -> float:
    """P(X ≥ successes) for X binomial in ``trials`` with probability p."""
    return math.fsum(
        math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes, trials + 1)
    )


def binomial_interval(
    successes: int, trials: int, confidence: float = 0.999
) -> tuple[float, float]:
    """The exact interval of a share (Clopper and Pearson, 1934).

    Its ends are the probabilities under which so many successes, or so few, have half the error
    probability.

    Raises
    ------
    ValueError unless 0 ≤ successes ≤ trials and there is a trial
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"{successes} successes in {trials} trials are no count")
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else _root(successes, trials, tail)
    # P(X ≤ k) = tail is P(X ≥ k + 1) = 1 − tail.
    high = 1.0 if successes == trials else _root(successes + 1, trials, 1 - tail)
    return low, high


def _root(successes: int, trials: int, probability: float) -> float:
    """The p with P(X ≥ successes) = probability, by bisection: it grows with p."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if binomial_at_least(successes, trials, middle) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def median_agrees(
    median: float, printed: float, quartiles: tuple[float, float | None] | None
) -> bool:
    """Inside the printed quartiles (None: without end), or within 25 % where there are none."""
    if quartiles is not None:
        low, high = quartiles
        return low <= median <= (math.inf if high is None else high)
    return abs(median - printed) <= MEDIAN_TOLERANCE * printed
