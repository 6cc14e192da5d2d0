"""The gradients of the loss of one single step, with a sum over the lag s."""

import numpy as np


def one_loss(x, d_t, z0, W_in, W, b, W_out, c, t):
    """Gradients of E^t = 1/2 * sum((y^t - d^t) ** 2), the loss of step t alone.

    x (T, N, D), steps counted from 1, so that x[0] is the input of step 1; 1 <= t <= T.
    d_t (N, K), z0 (N, H), W_in (D, H), W (H, H), b (H,), W_out (H, K), c (K,).
    z = tanh(x W_in + z_prev W + b), y = z W_out + c. Row i of z is the state after step i.
    Returns dW_in, dW, db, dW_out and dc.
    """
    z = [z0]
    for i in range(t):
        z.append(np.tanh(x[i] @ W_in + z[i] @ W + b))
    delta_out = z[t] @ W_out + c - d_t
    dW_out = z[t].T @ delta_out  #: a
    dc = delta_out.sum(axis=0)

    dW_in = np.zeros_like(W_in)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    delta = (delta_out @ W_out.T) * (1 - z[t] ** 2)  #: b
    for s in range(t):
        dW_in += x[t - s - 1].T @ delta
        dW += z[t - s - 1].T @ delta  #: c
        db += delta.sum(axis=0)
        delta = (delta @ W.T) * (1 - z[t - s - 1] ** 2)  #: d
    return dW_in, dW, db, dW_out, dc


#: judge
def loss(x, d_t, z0, W_in, W, b, W_out, c, t):
    """E^t itself."""
    z = z0
    for i in range(t):
        z = np.tanh(x[i] @ W_in + z @ W + b)
    return 0.5 * np.sum((z @ W_out + c - d_t) ** 2)
