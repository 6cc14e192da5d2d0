"""Backpropagation through a bidirectional RNN: the gradient's two halves go separate ways."""

import numpy as np


def rnn_forward(x, Wx, Wh, b):
    """x (N, T, D); all states (N, T, H), the first state being zero, and a cache."""
    h = np.zeros((len(x), x.shape[1] + 1, len(b)))
    for t in range(x.shape[1]):
        h[:, t + 1] = np.tanh(x[:, t] @ Wx + h[:, t] @ Wh + b)
    return h[:, 1:], (x, h, Wx, Wh)


def rnn_backward(dh, cache):
    """dh (N, T, H); returns dx, dWx, dWh and db."""
    x, h, Wx, Wh = cache
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    back = np.zeros_like(dh[:, 0])
    for t in reversed(range(x.shape[1])):
        delta = (dh[:, t] + back) * (1 - h[:, t + 1] ** 2)
        dx[:, t], back = delta @ Wx.T, delta @ Wh.T
        dWx, dWh, db = dWx + x[:, t].T @ delta, dWh + h[:, t].T @ delta, db + delta.sum(axis=0)
    return dx, dWx, dWh, db


def birnn_forward(x, Wx_f, Wh_f, b_f, Wx_b, Wh_b, b_b):
    """x (N, T, D); returns h (N, T, 2H), the forward states first, and a cache."""
    h_f, cache_f = rnn_forward(x, Wx_f, Wh_f, b_f)
    h_b, cache_b = rnn_forward(x[:, ::-1], Wx_b, Wh_b, b_b)
    return np.concatenate([h_f, h_b[:, ::-1]], axis=2), (cache_f, cache_b)


def birnn_backward(dh, cache):
    """dh (N, T, 2H); returns dx and the gradients dWx_f, dWh_f, db_f, dWx_b, dWh_b, db_b."""
    cache_f, cache_b = cache
    H = dh.shape[2] // 2
    dh_f = dh[:, :, :H]  #: a
    dh_b = dh[:, :, H:]
    dx_f, *grads_f = rnn_backward(dh_f, cache_f)
    dx_b, *grads_b = rnn_backward(dh_b[:, ::-1], cache_b)  #: b | dh_b[:, ::-1]
    dx = dx_f + dx_b[:, ::-1]  #: c
    return (dx, *grads_f, *grads_b)


#: judge
def loss(x, Wx_f, Wh_f, b_f, Wx_b, Wh_b, b_b, dh):
    """What has dh as its derivative by the joined states."""
    T, H = x.shape[1], len(b_f)
    f = b = np.zeros((len(x), H))
    total = 0.0
    for t in range(T):
        f = np.tanh(x[:, t] @ Wx_f + f @ Wh_f + b_f)
        b = np.tanh(x[:, T - 1 - t] @ Wx_b + b @ Wh_b + b_b)
        total += np.sum(f * dh[:, t, :H]) + np.sum(b * dh[:, T - 1 - t, H:])
    return total
