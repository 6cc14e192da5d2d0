"""The states of a bidirectional RNN for a batch (N, T, D), and what stands for whole sequences."""

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    """x (N, T, D), h0 (N, H); all hidden states (N, T, H)."""
    h = np.zeros((len(x), x.shape[1], len(b)))
    prev_h = h0
    for t in range(x.shape[1]):
        prev_h = h[:, t] = np.tanh(x[:, t] @ Wx + prev_h @ Wh + b)
    return h


def bidirectional_forward(x, h0_f, h0_b, Wx_f, Wh_f, b_f, Wx_b, Wh_b, b_b):
    """x (N, T, D), initial states (N, H), Wx (D, H), Wh (H, H), b (H,) of both directions.

    Returns h (N, T, 2H), the forward states first, and summary (N, 2H): of each direction the
    state that has read the whole sequence.
    """
    h_f = rnn_forward(x, h0_f, Wx_f, Wh_f, b_f)
    h_b = rnn_forward(x[:, ::-1], h0_b, Wx_b, Wh_b, b_b)  #: a | x[:, ::-1]
    h_b = h_b[:, ::-1]  #: b
    h = np.concatenate([h_f, h_b], axis=2)  #: c
    summary = np.concatenate([h_f[:, -1], h_b[:, 0]], axis=1)  #: d
    return h, summary
