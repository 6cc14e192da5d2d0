"""A bidirectional RNN, forward, in the layout of the course's third day."""

import numpy as np


def _rnn(xs, W, U):
    """xs (N, T, D), W (H, D), U (H, H); the hidden states (N, T, H) in the order of reading."""
    hs = np.zeros((len(xs), xs.shape[1], len(W)))
    h = np.zeros((len(xs), len(W)))
    for t in range(xs.shape[1]):
        h = hs[:, t] = np.tanh(xs[:, t].dot(W.T) + h.dot(U.T))
    return hs


def bidirectional_rnn_net(xs, W_f, U_f, W_b, U_b, V):
    """xs (N, T, D); W_f, W_b (H, D); U_f, U_b (H, H); V (K, 2H), its first H columns for h_f.

    Returns ys (N, T, K).
    """
    xs_f = np.zeros_like(xs)
    xs_b = np.zeros_like(xs)
    for i, x in enumerate(xs):
        xs_f[i] = x
        xs_b[i] = x[::-1]  #: a
    hs_f = _rnn(xs_f, W_f, U_f)
    hs_b = _rnn(xs_b, W_b, U_b)
    hs = []
    for h_f, h_b in zip(hs_f, hs_b, strict=True):
        joined = np.concatenate([h_f, h_b[::-1]], axis=1)  #: b
        hs.append(joined)
    return np.array(hs).dot(V.T)  #: c
