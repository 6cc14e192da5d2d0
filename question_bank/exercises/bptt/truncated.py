"""Truncated BPTT: windows of tau steps, the state handed on, the error not."""

import numpy as np


def truncated_bptt(x, d, z0, W_in, W, b, W_out, c, tau):
    """Gradients of all windows together, without any update between them.

    x (T, N, D), d (T, N, K), z0 (N, H), W_in (D, H), W (H, H), b (H,), W_out (H, K), c (K,).
    The first window has the steps 0, ..., tau - 1; the last one may be shorter.
    z = tanh(x W_in + z_prev W + b), y = z W_out + c, E = sum over all of 1/2 * sum((y - d) ** 2).
    Returns dW_in, dW, db, dW_out, dc and the state after the last step.
    """
    T = len(x)
    dW_in, dW, db = np.zeros_like(W_in), np.zeros_like(W), np.zeros_like(b)
    dW_out, dc = np.zeros_like(W_out), np.zeros_like(c)
    state = z0
    for start in range(0, T, tau):
        end = min(start + tau, T)  #: a
        z = [state]
        for t in range(start, end):
            z.append(np.tanh(x[t] @ W_in + z[t - start] @ W + b))
        state = z[-1]  #: b

        delta_next = np.zeros_like(z0)  #: c
        for t in reversed(range(start, end)):
            z_t, z_before = z[t - start + 1], z[t - start]
            delta_out = z_t @ W_out + c - d[t]
            delta = (delta_out @ W_out.T + delta_next @ W.T) * (1 - z_t**2)  #: d
            dW_out += z_t.T @ delta_out
            dc += delta_out.sum(axis=0)
            dW_in += x[t].T @ delta
            dW += z_before.T @ delta
            db += delta.sum(axis=0)
            delta_next = delta
    return dW_in, dW, db, dW_out, dc, state


#: judge
def loss(x, d, z0, W_in, W, b, W_out, c):
    """E of one window: nothing is cut then, and the gradients are the true ones."""
    z, total = z0, 0.0
    for x_t, d_t in zip(x, d, strict=True):
        z = np.tanh(x_t @ W_in + z @ W + b)
        total += 0.5 * np.sum((z @ W_out + c - d_t) ** 2)
    return total
