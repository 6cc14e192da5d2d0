"""Attention after the decoder's step: general score, context, and the attentional state."""

import numpy as np


def luong_step(x, h_prev, hs, Wx, Wh, b, W_a, W_c):
    """One step for a batch: x (N, D), h_prev (N, H), hs (N, T, M): the encoder's states.

    Wx (D, H), Wh (H, H), b (H,), W_a (H, M), W_c (M + H, H), whose first M rows belong to the
    context. Returns the state h (N, H), the weights (N, T) and the attentional state (N, H).
    """
    h = np.tanh(x @ Wx + h_prev @ Wh + b)
    query = h @ W_a  #: a
    scores = np.einsum("nm,ntm->nt", query, hs)  #: b
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    context = np.einsum("nt,ntm->nm", weights, hs)  #: c
    attentional = np.tanh(np.concatenate((context, h), axis=1) @ W_c)  #: d
    return h, weights, attentional
