"""The backward states of sequences of unequal lengths: the padding stays at the end."""

import numpy as np


def rnn_forward(x, Wx, Wh, b):
    """x (N, T, D); all hidden states (N, T, H), the first state being zero."""
    h = np.zeros((len(x), x.shape[1] + 1, len(b)))
    for t in range(x.shape[1]):
        h[:, t + 1] = np.tanh(x[:, t] @ Wx + h[:, t] @ Wh + b)
    return h[:, 1:]


def backward_states(x, lengths, Wx, Wh, b):
    """x (N, T, D), lengths (N,): how many steps of each sequence are no padding.

    Returns h (N, T, H) in the order of time, zero where the padding is, and summary (N, H), the
    states that have read whole sequences.
    """
    turned = np.zeros_like(x)
    for n, length in enumerate(lengths):
        turned[n, :length] = x[n, :length][::-1]  #: a
    states = rnn_forward(turned, Wx, Wh, b)
    h = np.zeros_like(states)
    for n, length in enumerate(lengths):
        h[n, :length] = states[n, :length][::-1]  #: b
    return h, h[:, 0]  #: c | h[:, 0]
