"""One step of a GRU, forward, in the layout of the course's third day."""

import numpy as np


def _sigmoid(u):
    return 1 / (1 + np.exp(-u))


def gru(x, h, W_r, U_r, W_z, U_z, W, U):
    """x (N, D), h (N, H); W_r, W_z, W (H, D) and U_r, U_z, U (H, H). No biases.

    Returns the next hidden state (N, H).
    """
    r = _sigmoid(x.dot(W_r.T) + h.dot(U_r.T))
    z = _sigmoid(x.dot(W_z.T) + h.dot(U_z.T))  #: a

    h_bar = np.tanh(x.dot(W.T) + (r * h).dot(U.T))  #: b
    return (1 - z) * h + z * h_bar  #: c
