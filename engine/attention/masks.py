"""Which positions may be looked at, and the softmax that honours it.

A mask has the shape of the scores (..., n_q, n_k), or one that broadcasts to it. It is one of

* booleans, **True: may be attended to**. (PyTorch's ``scaled_dot_product_attention`` reads it so
  too; the masks of its ``nn.MultiheadAttention`` mean the opposite.)
* numbers that are added to the scores, 0 and −∞ for the same effect.

It acts **before** the softmax, so that the weights that are left still sum to 1. Weights set to 0
after the softmax would sum to less. A row that may look at nothing gets weights 0, not NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def causal_mask(n_q: int, n_k: int | None = None, past: int = 0) -> Mask:
    """Query t sees the keys up to its own position only: (n_q, n_k), True on and below a diagonal.

    Parameters
    ----------
    past : keys that lie before the first query (those of earlier calls, in decoding)
    """
    n_k = n_q + past if n_k is None else n_k
    return np.asarray(np.arange(n_k) <= np.arange(n_q)[:, None] + past)


def padding_mask(lengths: ArrayLike, n_k: int) -> Mask:
    """Keys beyond the end of their sequence are not seen: lengths (...) → (..., 1, n_k)."""
    return np.asarray(np.arange(n_k) < np.asarray(lengths)[..., None, None])


def masked_scores(e: Array, mask: ArrayLike | None) -> Array:
    """e + 0 where the mask is True, e − ∞ where it is False; or e + a mask of numbers.

    Raises
    ------
    ValueError if the mask does not broadcast to the shape of e
    """
    if mask is None:
        return e
    mask = np.asarray(mask)
    try:
        if np.broadcast_shapes(mask.shape, e.shape) != e.shape:
            raise ValueError
    except ValueError:
        raise ValueError(f"a mask of shape {mask.shape} does not fit scores {e.shape}") from None
    return np.asarray(np.where(mask, e, -np.inf) if mask.dtype == np.bool_ else e + mask)


def masked_softmax(e: ArrayLike, mask: ArrayLike | None = None) -> Array:
    """α = softmax(e + mask) over the last axis, the keys: (..., n_q, n_k), each row sums to 1."""
    e = masked_scores(np.asarray(e, dtype=np.float64), mask)
    highest = e.max(axis=-1, keepdims=True)
    # A row of −∞ only has no highest score to take off; exp(−∞ − 0) = 0 is what it should be.
    weights = np.exp(e - np.where(highest == -np.inf, 0.0, highest))
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(weights / np.where(total == 0.0, 1.0, total))


def softmax_pull_back(alpha: Array, dalpha: Array) -> Array:
    """∂E/∂e = α ⊙ (dα − Σⱼ αⱼ dαⱼ): the softmax's Jacobian diag(α) − ααᵀ times dα.

    α, dα and the result have one shape (..., n_q, n_k). A masked key has α = 0 and gets 0.
    """
    return np.asarray(alpha * (dalpha - (alpha * dalpha).sum(axis=-1, keepdims=True)))
