"""One step of a simple RNN, forward and backward, for a batch in rows."""

import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step of a tanh RNN.

    x (N, D), prev_h (N, H), Wx (D, H), Wh (H, H), b (H,).
    Returns next_h (N, H) and a cache of your choice for the way back.
    """
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)  #: a
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    """dnext_h (N, H) is the gradient by next_h; returns dx, dprev_h, dWx, dWh, db."""
    x, prev_h, Wx, Wh, next_h = cache
    du = dnext_h * (1 - next_h**2)  #: b
    dx = du @ Wx.T
    dprev_h = du @ Wh.T  #: c
    dWx = x.T @ du
    dWh = prev_h.T @ du  #: d
    db = du.sum(axis=0)
    return dx, dprev_h, dWx, dWh, db


#: judge
def loss(x, prev_h, Wx, Wh, b, dnext_h):
    """A number whose gradient by next_h is dnext_h."""
    return np.sum(np.tanh(x @ Wx + prev_h @ Wh + b) * dnext_h)
