"""One step of an LSTM in the layout of PyTorch's LSTMCell: two biases, blocks i, f, g, o."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm_cell(x, h, c, w_ih, w_hh, b_ih, b_hh):
    """x (N, D), h and c (N, H), w_ih (4H, D), w_hh (4H, H), b_ih and b_hh (4H,).

    Returns the next h and the next c, each (N, H).
    """
    gates = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh  #: a
    i, f, g, o = np.split(gates, 4, axis=1)  #: b | i, f, g, o
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)  #: c
    h_next = sigmoid(o) * np.tanh(c_next)
    return h_next, c_next
