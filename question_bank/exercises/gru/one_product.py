"""The gates of a GRU from one matrix product: weights side by side, results cut apart."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def gru_step(x, h_prev, W, U, b):
    """x (N, D), h_prev (N, H), W (D, 3H), U (H, 3H), b (3H,); blocks of columns r, z, candidate.

    The reset gate acts before the product, z is the share of the new. Returns h_next (N, H).
    """
    H = h_prev.shape[1]
    A = x @ W + b
    gates = sigmoid(A[:, : 2 * H] + h_prev @ U[:, : 2 * H])  #: a
    r, z = gates[:, :H], gates[:, H:]  #: b
    candidate = np.tanh(A[:, 2 * H :] + (r * h_prev) @ U[:, 2 * H :])  #: c
    return (1 - z) * h_prev + z * candidate  #: d
