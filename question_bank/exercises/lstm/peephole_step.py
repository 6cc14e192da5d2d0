"""One step of an LSTM with peepholes: its gates see the cell."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm_peephole_step(x, prev_h, prev_c, W, U, b, p_i, p_f, p_o):
    """x (N, D), prev_h and prev_c (N, H), W (D, 4H), U (H, 4H), b (4H,), p_i, p_f, p_o (H,).

    Blocks of columns in the order a, i, f, o. Returns next_h and next_c (N, H).
    """
    A = x @ W + prev_h @ U + b
    a, i, f, o = np.hsplit(A, 4)
    i = sigmoid(i + p_i * prev_c)  #: a
    f = sigmoid(f + p_f * prev_c)
    next_c = f * prev_c + i * np.tanh(a)
    o = sigmoid(o + p_o * next_c)  #: b
    next_h = o * np.tanh(next_c)
    return next_h, next_c
