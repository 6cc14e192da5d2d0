"""One step of an LSTM, forward, as university courses ask for it."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """x (N, D), prev_h (N, H), prev_c (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,).

    Blocks of H columns in the order i, f, o, g; g is the candidate.
    Returns next_h (N, H), next_c (N, H) and a cache for the way back.
    """
    #: a begin
    H = prev_h.shape[1]
    A = x @ Wx + prev_h @ Wh + b
    i = sigmoid(A[:, :H])
    f = sigmoid(A[:, H : 2 * H])
    o = sigmoid(A[:, 2 * H : 3 * H])
    g = np.tanh(A[:, 3 * H :])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache
    #: a end
