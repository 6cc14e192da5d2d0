"""Two simple aids for sequence-to-sequence models: reversed inputs and a peeky decoder."""

import numpy as np


def reverse_inputs(xs, lengths):
    """xs (N, T): ids, padded at the end; turns round the first lengths[n] ids of each row."""
    turned = xs.copy()
    for n in range(len(xs)):
        turned[n, : lengths[n]] = xs[n, : lengths[n]][::-1]  #: a
    return turned


def peeky_decoder(xs, h, Wx, Wh, b, Wy, by):
    """The encoder's state goes into every step of the decoder, and into its output layer.

    xs (N, T, D): embeddings, h (N, H): the encoder's last state. The rows of Wx (H + D, H) and of
    Wy (H + H, V) for the encoder's state come first. Returns the scores (N, T, V).
    """
    N, T, D = xs.shape
    H = h.shape[1]
    hs = np.repeat(h[:, np.newaxis], T, axis=1)  #: b
    inputs = np.concatenate((hs, xs), axis=2)  #: c
    out = np.zeros((N, T, H))
    state = h
    for t in range(T):
        state = np.tanh(inputs[:, t] @ Wx + state @ Wh + b)
        out[:, t] = state
    return np.concatenate((hs, out), axis=2) @ Wy + by  #: d
