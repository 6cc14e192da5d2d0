"""A whole sequence, forward and backward: batch first, one gradient from above at every step."""

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    """A tanh RNN over a sequence.

    x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,).
    Returns h (N, T, H), the states after each step, and a cache of your choice.
    """
    #: a begin
    N, T, _ = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    prev_h = h0
    for t in range(T):
        prev_h = np.tanh(x[:, t] @ Wx + prev_h @ Wh + b)
        h[:, t] = prev_h
    return h, (x, h0, Wx, Wh, h)
    #: a end


def rnn_backward(dh, cache):
    """dh (N, T, H) holds what comes from above at each step, not what comes from later steps.

    Returns dx (N, T, D), dh0 (N, H), dWx, dWh and db.
    """
    #: b begin
    x, h0, Wx, Wh, h = cache
    N, T, D = x.shape
    dx = np.zeros((N, T, D))
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    db = np.zeros(len(Wh))
    dprev_h = np.zeros_like(h0)
    for t in reversed(range(T)):
        du = (dh[:, t] + dprev_h) * (1 - h[:, t] ** 2)
        prev_h = h[:, t - 1] if t > 0 else h0
        dx[:, t] = du @ Wx.T
        dWx += x[:, t].T @ du
        dWh += prev_h.T @ du
        db += du.sum(axis=0)
        dprev_h = du @ Wh.T
    return dx, dprev_h, dWx, dWh, db
    #: b end


#: judge
def loss(x, h0, Wx, Wh, b, dh):
    """A number whose gradient by h is dh."""
    h, total = h0, 0.0
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        total += np.sum(h * dh[:, t])
    return total
