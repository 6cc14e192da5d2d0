"""The sinusoidal positional encoding (Vaswani et al., 2017, section 3.5).

::

    PE(pos, 2i)     = sin(pos · ωᵢ)
    PE(pos, 2i + 1) = cos(pos · ωᵢ)          ωᵢ = 1 / 10000^(2i / d),   i = 0, …, d/2 − 1

A dimension and its neighbour share one frequency: the exponent counts **pairs**. Since
sin² + cos² = 1 every row has ‖PE(pos)‖² = d/2. Moving by k positions turns each pair by the angle
k ωᵢ, whatever the position, ``PE(pos + k) = PE(pos) R_k``; so PE(pos) · PE(pos + k) = Σ cos(k ωᵢ)
depends on the distance k only.

The encoding is added to the embedding, so its way back is the identity. It is computed, not
learned; learned positions are an ``engine.embedding.Embedding`` of the position.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def frequencies(d: int, base: float = 10000.0) -> Array:
    """ωᵢ = base^(−2i/d) for the pairs i = 0, …, d/2 − 1: (d/2,), from 1 down to nearly 1/base.

    Raises
    ------
    ValueError if d is odd or below 2
    """
    if d < 2 or d % 2:
        raise ValueError(f"d has to be even, one sine and one cosine a pair; it is {d}")
    return np.asarray(base ** (-2.0 * np.arange(d // 2) / d))


def positional_encoding(positions: ArrayLike, d: int, base: float = 10000.0) -> Array:
    """PE of positions (...,), counted from 0: (..., d). Raises ValueError if d is odd.

    For a sequence of n positions: ``positional_encoding(np.arange(n), d)``.
    """
    angles = np.asarray(positions, dtype=np.float64)[..., None] * frequencies(d, base)
    encoding = np.empty((*angles.shape[:-1], d))
    encoding[..., 0::2] = np.sin(angles)
    encoding[..., 1::2] = np.cos(angles)
    return encoding


def rotation(k: float, d: int, base: float = 10000.0) -> Array:
    """R_k (d, d) with PE(pos + k) = PE(pos) R_k at every pos: a block for each pair.

    From sin(a + b) = sin a cos b + cos a sin b and cos(a + b) = cos a cos b − sin a sin b.
    """
    R = np.zeros((d, d))
    for i, angle in enumerate(k * frequencies(d, base)):
        sine, cosine = np.sin(angle), np.cos(angle)
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[cosine, -sine], [sine, cosine]]
    return R
