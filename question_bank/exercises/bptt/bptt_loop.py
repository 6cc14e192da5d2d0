"""Backpropagation through time for a simple RNN and a batch of sequences in rows."""

import numpy as np


def bptt(x, d, z0, W_in, W, b, W_out, c):
    """Gradients of the loss of whole sequences by all five parameters.

    x (T, N, D), d (T, N, K), z0 (N, H), W_in (D, H), W (H, H), b (H,), W_out (H, K), c (K,).
    f is tanh, g is the identity, and E is the sum over all steps and examples of
    1/2 * sum((y - d) ** 2). z[0] is the initial state, so that z[t + 1] belongs to x[t].
    Returns dW_in, dW, db, dW_out and dc, each in the shape of its parameter.
    """
    T = len(x)
    N, H = z0.shape
    z = np.zeros((T + 1, N, H))
    z[0] = z0
    y = np.zeros((T, N, len(c)))
    for t in range(T):
        z[t + 1] = np.tanh(x[t] @ W_in + z[t] @ W + b)
        y[t] = z[t + 1] @ W_out + c

    dW_in = np.zeros_like(W_in)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    dW_out = np.zeros_like(W_out)
    dc = np.zeros_like(c)
    delta_next = np.zeros((N, H))
    for t in reversed(range(T)):
        delta_out = y[t] - d[t]
        delta = (delta_next @ W.T + delta_out @ W_out.T) * (1 - z[t + 1] ** 2)  #: a
        dW_out += z[t + 1].T @ delta_out  #: b
        dc += delta_out.sum(axis=0)
        dW_in += x[t].T @ delta
        dW += z[t].T @ delta  #: c
        db += delta.sum(axis=0)  #: d
        delta_next = delta
    return dW_in, dW, db, dW_out, dc


#: judge
def loss(x, d, z0, W_in, W, b, W_out, c):
    """E itself, by a route of its own: state after state, nothing kept."""
    z, total = z0, 0.0
    for x_t, d_t in zip(x, d, strict=True):
        z = np.tanh(x_t @ W_in + z @ W + b)
        total += 0.5 * np.sum((z @ W_out + c - d_t) ** 2)
    return total
