"""The four steps of a decoder that draws its words."""

import numpy as np


def softmax(x):
    """The softmax of a vector."""
    x = np.exp(x - x.max())
    return x / x.sum()


def decode(state, start, E, Wx, Wh, b, Wy, temperature, draws, letters):
    """state (H,): the encoder's last state; start: the id of the start sign; E (V, D).

    Wx (D, H), Wh (H, H), b (H,), Wy (H, V); draws: one uniform number in [0, 1) for each word.
    letters: the text of id k is letters[k]. Returns the text and the probabilities (T, V).
    """
    h = state  #: a
    e = E[start]  #: b
    ids = []
    probabilities = []
    for draw in draws:
        h = np.tanh(np.dot(e, Wx) + np.dot(h, Wh) + b)
        p = softmax(np.dot(h, Wy) / temperature)  #: c
        word = int((np.cumsum(p) <= draw).sum())
        ids.append(word)
        probabilities.append(p)
        e = E[word]  #: d
    text = "".join(letters[k] for k in ids)  #: e
    return text, np.array(probabilities)
