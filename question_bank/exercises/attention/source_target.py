"""Source-target attention: the decoder's positions look at the encoder's states."""

import numpy as np


def source_target_attention(x, memory, W_q, W_k, W_v, lengths):
    """x (N, T, D): decoder, memory (N, S, M): encoder, padded at the end.

    lengths (N,): how many of the S positions are real; W_q (D, d), W_k (M, d), W_v (M, d).
    Returns the output (N, T, d) and the weights (N, T, S).
    """
    #: a begin
    Q = x @ W_q
    K = memory @ W_k
    V = memory @ W_v
    scores = np.einsum("ntd,nsd->nts", Q, K) / np.sqrt(W_q.shape[1])
    real = np.arange(memory.shape[1]) < lengths[:, np.newaxis]
    scores = np.where(real[:, np.newaxis], scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=2, keepdims=True))
    weights = weights / weights.sum(axis=2, keepdims=True)
    return weights @ V, weights
    #: a end
