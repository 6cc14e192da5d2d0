"""Why the dot product is divided by √d_k: scores, weights and gradients as d_k grows.

A query q and n keys k_i with independent entries of mean 0 and variance 1::

    e_i = qᵀk_i             Var(e) = d_k
    e_i = qᵀk_i / √d_k      Var(e) = 1
    α = softmax(e)          H = −Σ α_i log α_i ≤ log n          ∂α/∂e = diag(α) − ααᵀ

Claim: without the root the softmax saturates as d_k grows. One key gets nearly all weight, the
entropy H goes to 0, and so does the gradient that the scores receive. With it none of them depends
on d_k.

Source: Vaswani et al. (2017), section 3.2.1, footnote 4.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.attention import Dot, ScaledDot
from engine.experiments.plain import plain
from engine.functions import Array, log_softmax


@dataclass(frozen=True, slots=True)
class ScoreSnapshot:
    """One score at one d_k, over all queries.

    Attributes
    ----------
    name : "dot" or "scaled-dot"
    variance : of the scores
    entropy : H in nats, mean over queries; entropy_low, entropy_high : 10 and 90 % quantiles
    largest_weight : mean of max α_i
    jacobian_norm : mean Frobenius norm of ∂α/∂e
    """

    name: str
    variance: float
    entropy: float
    entropy_low: float
    entropy_high: float
    largest_weight: float
    jacobian_norm: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Both scores at one d_k; ``iteration`` counts from 1; uniform_entropy = log n."""

    iteration: int
    d_k: int
    uniform_entropy: float
    scores: tuple[ScoreSnapshot, ...]

    @property
    def diverged(self) -> None:
        """Nothing here can."""
        return None

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**plain(self), "diverged": None}


@dataclass(slots=True)
class State:
    """The generator, and how many sizes are done."""

    rng: np.random.RandomState
    iteration: int = 0

    def copy(self) -> State:
        """An independent state: both go on alike."""
        return copy.deepcopy(self)


def new_state(seed: int, **settings: Any) -> State:
    """The state before the first size."""
    return State(np.random.RandomState(seed))


def run(state: State, **settings: Any) -> Iterator[Snapshot]:
    """A snapshot for each d_k = 1, 2, 4, … up to ``largest``, and at ``largest`` itself."""
    n, queries = settings["keys"], settings["queries"]
    sizes = sizes_up_to(settings["largest"])
    while state.iteration < len(sizes):
        d_k = sizes[state.iteration]
        q = settings["deviation"] * state.rng.randn(queries, 1, d_k)
        k = settings["deviation"] * state.rng.randn(queries, n, d_k)
        state.iteration += 1
        scores = (("dot", Dot()), ("scaled-dot", ScaledDot()))
        shown = tuple(_measured(name, score.forward(q, k).e[:, 0]) for name, score in scores)
        yield Snapshot(state.iteration, d_k, float(np.log(n)), shown)


def sizes_up_to(largest: int) -> tuple[int, ...]:
    """The powers of 2 below ``largest``, and ``largest``."""
    powers = [2**i for i in range(largest.bit_length()) if 2**i < largest]
    return (*powers, largest)


def _measured(name: str, e: Array) -> ScoreSnapshot:
    # e (queries, n): one query with its keys a row.
    log_alpha = log_softmax(e)
    alpha = np.exp(log_alpha)
    entropy = -(alpha * log_alpha).sum(axis=1)
    squares = (alpha**2).sum(axis=1)
    # ‖diag(α) − ααᵀ‖² = Σ α² − 2 Σ α³ + (Σ α²)²
    jacobian = np.sqrt(np.maximum(squares - 2 * (alpha**3).sum(axis=1) + squares**2, 0.0))
    low, high = np.quantile(entropy, (0.1, 0.9))
    return ScoreSnapshot(
        name,
        float(e.var()),
        float(entropy.mean()),
        float(low),
        float(high),
        float(alpha.max(axis=1).mean()),
        float(jacobian.mean()),
    )
