"""One step of an LSTM, forward, as the course's answer returns it: the cell first."""

import numpy as np


def _sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm(x, prev_h, prev_c, W, U, b):
    """x (N, D), prev_h (N, H), prev_c (N, H), W (4H, D), U (4H, H), b (4H,).

    The rows of W, U and b hold four blocks in the order a, i, f, o; a is the candidate.
    Returns the new cell c (N, H) and the new hidden state h (N, H), in this order.
    """
    #: a begin
    lstm_in = x.dot(W.T) + prev_h.dot(U.T) + b
    a, i, f, o = np.hsplit(lstm_in, 4)
    c = _sigmoid(i) * np.tanh(a) + _sigmoid(f) * prev_c
    h = _sigmoid(o) * np.tanh(c)
    return c, h
    #: a end
