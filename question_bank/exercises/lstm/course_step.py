"""One step of an LSTM, forward, in the layout of the course's third day."""

import numpy as np


def _sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm(x, prev_h, prev_c, W, U, b):
    """x (N, D), prev_h (N, H), prev_c (N, H), W (4H, D), U (4H, H), b (4H,).

    The rows of W, U and b hold four blocks in the order a, i, f, o; a is the candidate.
    Returns the new hidden state h (N, H) and the new cell c (N, H).
    """
    lstm_in = x.dot(W.T) + prev_h.dot(U.T) + b
    a, i, f, o = np.hsplit(lstm_in, 4)  #: a | np.hsplit(lstm_in, 4)

    a = np.tanh(a)
    input_gate = _sigmoid(i)
    forget_gate = _sigmoid(f)
    output_gate = _sigmoid(o)

    c = input_gate * a + forget_gate * prev_c  #: b
    h = output_gate * np.tanh(c)  #: c
    return h, c
