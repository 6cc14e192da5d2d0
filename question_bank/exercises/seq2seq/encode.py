"""The encoder of a sequence-to-sequence model, as the course has it."""

import numpy as np


def _activation(x):
    return np.tanh(x)


def encode(words, E, W, U, b):
    """The state after the last word, from zeros before the first.

    words: one-hot vectors in rows, (n_words, vocab_size)
    E: embedding matrix, (embed_size, vocab_size)
    W: upward weights, (hidden_size, embed_size)
    U: lateral weights, (hidden_size, hidden_size)
    b: bias, (hidden_size,)
    """
    hidden_size = b.shape[0]
    h = np.zeros(hidden_size)
    for w in words:
        e = E.dot(w)  #: a
        h = _activation(np.dot(W, e) + np.dot(U, h) + b)  #: b
    return h
