"""One step of a simple RNN, forward, for a batch in rows."""

import numpy as np


def step_forward(x, z_prev, W_in, W, b, W_out, c):
    """Computes u, z and y of one time step.

    x (N, D), z_prev (N, H), W_in (D, H), W (H, H), b (H,), W_out (H, K), c (K,).
    The hidden activation f is tanh, the output activation g is the sigmoid.
    Returns u (N, H), z (N, H) and y (N, K).
    """
    u = x @ W_in + z_prev @ W + b  #: a
    z = np.tanh(u)
    y = 1 / (1 + np.exp(-(z @ W_out + c)))  #: b | z @ W_out + c
    return u, z, y
