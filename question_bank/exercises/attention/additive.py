"""Additive attention of one decoder step, forward and backward."""

import numpy as np


def additive_forward(s, hs, W1, W2, v):
    """s (H_s,): the decoder's state before this step, hs (T, H): the encoder's states.

    W1 (A, H_s), W2 (A, H), v (A,). Returns the context c (H,), the weights a (T,) and a cache.
    """
    m = np.tanh(hs @ W2.T + np.dot(W1, s))  #: a
    e = np.dot(m, v)  #: b
    a = np.exp(e - e.max())
    a = a / a.sum()
    c = np.dot(a, hs)  #: c
    return c, a, (s, hs, W1, W2, v, m, a)


def additive_backward(dc, cache):
    """dc (H,); returns ds, dhs, dW1, dW2 and dv."""
    s, hs, W1, W2, v, m, a = cache
    da = np.dot(hs, dc)
    de = a * (da - np.inner(a, da))
    dv = np.dot(m.T, de)
    du = np.outer(de, v) * (1 - m**2)  #: d
    dW1 = np.outer(du.sum(axis=0), s)
    dW2 = du.T @ hs
    ds = np.dot(W1.T, du.sum(axis=0))
    dhs = np.outer(a, dc) + du @ W2  #: e
    return ds, dhs, dW1, dW2, dv


#: judge
def loss(s, hs, W1, W2, v, dc):
    e = np.array([v.dot(np.tanh(W1.dot(s) + W2.dot(h))) for h in hs])
    a = np.exp(e) / np.exp(e).sum()
    return sum(a[t] * hs[t] for t in range(len(hs))).dot(dc)
