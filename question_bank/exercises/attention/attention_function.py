"""Scaled dot-product attention with a mask."""

import numpy as np


def attention(Q, K, V, mask=None):
    """Q (n_q, d_k), K (n_k, d_k), V (n_k, d_v), mask (n_q, n_k): True where a key may be seen.

    Returns the output (n_q, d_v) and the attention weights (n_q, n_k).
    """
    #: a begin
    scores = Q @ K.T / np.sqrt(K.shape[1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ V, weights
    #: a end
