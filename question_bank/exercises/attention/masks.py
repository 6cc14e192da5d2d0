"""The masks of a Transformer's decoder, and their use on the scores."""

import numpy as np


def decoder_mask(lengths, T):
    """lengths (N,): the first lengths[n] of T positions are real, the rest is padding.

    Returns allowed (N, T, T), booleans: whether position q may see position k.
    """
    causal = np.tril(np.ones((T, T), dtype=bool))  #: a
    real = np.arange(T) < lengths[:, np.newaxis]  #: b
    return causal & real[:, np.newaxis, :]  #: c


def masked_softmax(scores, allowed):
    """scores (N, T, T); a key that may not be seen gets the weight 0."""
    scores = np.where(allowed, scores, -1e9)  #: d
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
