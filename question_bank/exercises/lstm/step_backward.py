"""One step of an LSTM, forward and backward, as university courses ask for it."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """x (N, D), prev_h and prev_c (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,); blocks i, f, o, g."""
    A = x @ Wx + prev_h @ Wh + b
    i, f, o, g = np.split(A, 4, axis=1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    next_h = o * tanh_c
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    """dnext_h and dnext_c (N, H); returns dx, dprev_h, dprev_c, dWx, dWh and db."""
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c = cache
    #: a begin
    ds = dnext_c + dnext_h * o * (1 - tanh_c**2)
    dprev_c = ds * f
    di = ds * g * i * (1 - i)
    df = ds * prev_c * f * (1 - f)
    do = dnext_h * tanh_c * o * (1 - o)
    dg = ds * i * (1 - g**2)
    dA = np.hstack([di, df, do, dg])
    dx = dA @ Wx.T
    dprev_h = dA @ Wh.T
    dWx = x.T @ dA
    dWh = prev_h.T @ dA
    db = dA.sum(axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db
    #: a end


#: judge
def loss(x, prev_h, prev_c, Wx, Wh, b, dnext_h, dnext_c):
    """What has dnext_h and dnext_c as its derivatives by next_h and next_c."""
    u = np.concatenate([x, prev_h], axis=1) @ np.concatenate([Wx, Wh]) + b
    H = prev_h.shape[1]
    gate = 1 / (1 + np.exp(-u[:, : 3 * H]))
    c = gate[:, H : 2 * H] * prev_c + gate[:, :H] * np.tanh(u[:, 3 * H :])
    h = gate[:, 2 * H :] * np.tanh(c)
    return np.sum(h * dnext_h) + np.sum(c * dnext_c)
