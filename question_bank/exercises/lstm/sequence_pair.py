"""An LSTM over whole sequences, forward and backward, as university courses ask for it."""

import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    i, f, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    return o * tanh_c, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c = cache
    ds = dnext_c + dnext_h * o * (1 - tanh_c**2)
    di, df = ds * g * i * (1 - i), ds * prev_c * f * (1 - f)
    do, dg = dnext_h * tanh_c * o * (1 - o), ds * i * (1 - g**2)
    dA = np.hstack([di, df, do, dg])
    return dA @ Wx.T, dA @ Wh.T, ds * f, x.T @ dA, prev_h.T @ dA, dA.sum(axis=0)


def lstm_forward(x, h0, Wx, Wh, b):
    """x (N, T, D), h0 (N, H), Wx (D, 4H), Wh (H, 4H), b (4H,); the first cell is zero.

    Returns h (N, T, H), the hidden states of all steps, and a cache.
    """
    N, T, H = len(x), x.shape[1], len(Wh)
    h = np.zeros((N, T, H))
    cache = []
    prev_h = h0
    prev_c = np.zeros((N, H))
    for t in range(T):
        prev_h, prev_c, step = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)  #: a
        h[:, t] = prev_h
        cache.append(step)
    return h, cache


def lstm_backward(dh, cache):
    """dh (N, T, H): what arrives at each hidden state; returns dx, dh0, dWx, dWh and db."""
    N, T, H = dh.shape
    x, _, _, Wx, Wh = cache[0][:5]
    dx = np.zeros((N, T, x.shape[1]))
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(4 * H)
    dprev_h = np.zeros((N, H))
    dprev_c = np.zeros((N, H))
    for t in reversed(range(T)):  #: b
        dnext_h = dh[:, t] + dprev_h  #: c
        step = lstm_step_backward(dnext_h, dprev_c, cache[t])
        dx[:, t], dprev_h, dprev_c = step[:3]
        dWx += step[3]
        dWh += step[4]
        db += step[5]
    return dx, dprev_h, dWx, dWh, db  #: d | dprev_h


#: judge
def loss(x, h0, Wx, Wh, b, dh):
    """What has dh[:, t] as its derivative by the hidden state of step t."""
    H = h0.shape[1]
    h, c, total = h0, 0.0, 0.0
    for t in range(x.shape[1]):
        u = x[:, t] @ Wx + h @ Wh + b
        gate = 1 / (1 + np.exp(-u[:, : 3 * H]))
        c = gate[:, H : 2 * H] * c + gate[:, :H] * np.tanh(u[:, 3 * H :])
        h = gate[:, 2 * H :] * np.tanh(c)
        total += np.sum(h * dh[:, t])
    return total
