"""One step of a GRU, forward and backward: reset before the product, z takes the new state."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def gru_step_forward(x, prev_h, Wx, Wh, b):
    """x (N, D), prev_h (N, H), Wx (D, 3H), Wh (H, 3H), b (3H,); blocks of columns z, r, g.

    Returns next_h = (1 - z) * prev_h + z * g and a cache.
    """
    H = prev_h.shape[1]
    gates = sigmoid(x @ Wx[:, : 2 * H] + prev_h @ Wh[:, : 2 * H] + b[: 2 * H])
    z, r = gates[:, :H], gates[:, H:]
    g = np.tanh(x @ Wx[:, 2 * H :] + (r * prev_h) @ Wh[:, 2 * H :] + b[2 * H :])
    return (1 - z) * prev_h + z * g, (x, prev_h, Wx, Wh, z, r, g)


def gru_step_backward(dnext_h, cache):
    """dnext_h (N, H); returns dx, dprev_h, dWx, dWh and db."""
    x, prev_h, Wx, Wh, z, r, g = cache
    Uz, Ur, U = np.split(Wh, 3, axis=1)
    delta_g = dnext_h * z * (1 - g**2)  #: a
    delta_z = dnext_h * (g - prev_h) * z * (1 - z)  #: b
    back = delta_g @ U.T
    delta_r = back * prev_h * r * (1 - r)  #: c
    dprev_h = dnext_h * (1 - z) + back * r + delta_z @ Uz.T + delta_r @ Ur.T  #: d
    delta = np.hstack([delta_z, delta_r, delta_g])
    dU = (r * prev_h).T @ delta_g
    dWh = np.hstack([prev_h.T @ delta_z, prev_h.T @ delta_r, dU])
    return delta @ Wx.T, dprev_h, x.T @ delta, dWh, delta.sum(axis=0)


#: judge
def loss(x, prev_h, Wx, Wh, b, dnext_h):
    """What has dnext_h as its derivative by next_h."""
    H = prev_h.shape[1]
    total = 0.0
    for n in range(len(x)):
        u = x[n] @ Wx + b
        z = 1 / (1 + np.exp(-u[:H] - prev_h[n] @ Wh[:, :H]))
        r = 1 / (1 + np.exp(-u[H : 2 * H] - prev_h[n] @ Wh[:, H : 2 * H]))
        g = np.tanh(u[2 * H :] + (r * prev_h[n]) @ Wh[:, 2 * H :])
        total += dnext_h[n] @ (prev_h[n] + z * (g - prev_h[n]))
    return total
