"""Losses over sequences: from scores and class ids, with a mask for what does not count.

``engine.functions`` has the losses of one output and its target vector. Here a target is the id of
a class, as in a language model, and positions can be left out (padding; ``ignore_index`` in
PyTorch, ``ignore_label`` elsewhere). v are the scores, m the mask, 1 where a position counts::

    y = softmax(v)          Lᵗ = −log y_t                     E = Σ m L / Σ m
    ∂E/∂v = m (y − one_hot(t)) / Σ m                          perplexity = exp(E)

    y = σ(v)                L = −(d log y + (1 − d) log(1 − y))       ∂E/∂v = m (y − d) / Σ m

The mean is over the positions that count, not over all: padding more must not change E. A uniform
guess among V words has the perplexity V. All goes through v, so that nothing is lost where y rounds
to 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.embedding import Ids, one_hot, word_ids
from engine.functions import log_softmax, sigmoid, softmax
from engine.recurrent.rnn import ShapeError

Array = NDArray[np.float64]
Counts = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CrossEntropy:
    """What a cross entropy leaves behind.

    y: probabilities, the shape of v; mask and losses: one of each position (for the sigmoid, of
    each output), losses 0 where the mask is False; E: their mean (or sum) over what counts;
    count = Σ m; delta_out = ∂E/∂v, the shape of v.
    """

    y: Array
    mask: Counts
    losses: Array
    E: float
    count: int
    delta_out: Array

    @property
    def perplexity(self) -> float:
        """exp of the mean loss: among how many equally likely classes it is as hard to choose."""
        return perplexity(self.losses.sum() / self.count if self.count else 0.0)


def perplexity(mean_cross_entropy: float) -> float:
    """exp(E); infinite where that overflows."""
    with np.errstate(over="ignore"):
        return float(np.exp(mean_cross_entropy))


def _counting(mask: ArrayLike | None, shape: tuple[int, ...]) -> Counts:
    if mask is None:
        return np.ones(shape, dtype=np.bool_)
    try:
        return np.broadcast_to(np.asarray(mask, dtype=np.bool_), shape).copy()
    except ValueError:
        raise ShapeError("mask", np.shape(mask), f"one that broadcasts to {shape}") from None


def softmax_cross_entropy(
    v: ArrayLike, targets: ArrayLike, mask: ArrayLike | None = None, *, mean: bool = True
) -> CrossEntropy:
    """−log of the probability of each position's class.

    Parameters
    ----------
    v : (..., V), scores before the softmax; never probabilities
    targets : (...), class ids; where the mask is False any number may stand, also −1
    mask : broadcasts to (...), True where a position counts
    mean : over the positions that count; else the sum

    Raises
    ------
    ShapeError, WordIdError
    """
    v = np.asarray(v, dtype=np.float64)
    if v.ndim == 0:
        raise ShapeError("v", v.shape, "(..., V)")
    if np.shape(targets) != v.shape[:-1]:
        raise ShapeError("targets", np.shape(targets), str(v.shape[:-1]))
    counts = _counting(mask, v.shape[:-1])
    ids: Ids = word_ids(np.where(counts, targets, 0), v.shape[-1], "targets")
    chosen = np.take_along_axis(log_softmax(v), ids[..., None], axis=-1)[..., 0]
    losses = np.where(counts, -chosen, 0.0)
    y = softmax(v)
    delta = (y - one_hot(ids, v.shape[-1])) * counts[..., None]
    return _summed_up(y, counts, losses, delta, mean)


def sigmoid_cross_entropy(
    v: ArrayLike, d: ArrayLike, mask: ArrayLike | None = None, *, mean: bool = True
) -> CrossEntropy:
    """−(d log σ(v) + (1 − d) log(1 − σ(v))) of each output.

    Parameters
    ----------
    v : (...), scores before the sigmoid
    d : (...), targets in [0, 1]
    mask : broadcasts to (...), True where an output counts
    mean : over the outputs that count; else the sum

    Raises
    ------
    ShapeError
    """
    v = np.asarray(v, dtype=np.float64)
    d = np.asarray(d, dtype=np.float64)
    if d.shape != v.shape:
        raise ShapeError("d", d.shape, str(v.shape))
    counts = _counting(mask, v.shape)
    # log(1 + exp(v)) − d v, with the exponential kept below 1.
    losses = np.maximum(v, 0.0) - d * v + np.log1p(np.exp(-np.abs(v)))
    y = sigmoid(v)
    return _summed_up(y, counts, np.where(counts, losses, 0.0), (y - d) * counts, mean)


def _summed_up(y: Array, counts: Counts, losses: Array, delta: Array, mean: bool) -> CrossEntropy:
    count = int(counts.sum())
    # Where nothing counts, nothing is to be learned: E = 0 and no gradient.
    divisor = max(count, 1) if mean else 1
    return CrossEntropy(y, counts, losses, float(losses.sum() / divisor), count, delta / divisor)
