"""The inputs of a decoder in training: the right word or its own, step by step."""

import numpy as np


def run_decoder(targets, forced, start, h, E, Wx, Wh, b, Wy):
    """targets (T,): the right words; forced (T,): 1 where the right word is fed back, else 0.

    h (H,), E (V, D), Wx (D, H), Wh (H, H), b (H,), Wy (H, V). Returns the words that the decoder
    puts out, and the fraction of right ones.
    """
    T = len(targets)
    words = []
    x = start  #: a
    for t in range(T):
        h = np.tanh(np.dot(E[x], Wx) + np.dot(h, Wh) + b)
        word = int(np.argmax(np.dot(h, Wy)))
        words.append(word)
        x = targets[t] if forced[t] else word  #: b
    right = sum(words[t] == targets[t] for t in range(T))
    return words, right / T  #: c
