"""One step of a GRU as PyTorch's GRUCell computes it: reset after the product, z keeps the old."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def gru_cell(x, h, w_ih, w_hh, b_ih, b_hh):
    """x (N, D), h (N, H), w_ih (3H, D), w_hh (3H, H), b_ih and b_hh (3H,); blocks r, z, n.

    Returns the next hidden state (N, H).
    """
    x_r, x_z, x_n = np.split(x @ w_ih.T + b_ih, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ w_hh.T + b_hh, 3, axis=1)  #: a
    r = sigmoid(x_r + h_r)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * h_n)  #: b
    return (1 - z) * n + z * h  #: c
