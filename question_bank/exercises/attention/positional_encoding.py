"""Sinusoidal positional encoding."""

import numpy as np


def positional_encoding(length, d):
    """The encodings of the positions 0, ..., length - 1 in rows: (length, d), d even."""
    PE = np.zeros((length, d))
    for pos in range(length):
        for i in range(d // 2):
            angle = pos / 10000 ** (2 * i / d)  #: a
            #: b begin
            PE[pos, 2 * i] = np.sin(angle)
            PE[pos, 2 * i + 1] = np.cos(angle)
            #: b end
    return PE


def add_position(x):
    """x (N, T, d): embeddings; position t is the same for all examples."""
    N, T, d = x.shape
    return x + positional_encoding(T, d)  #: c
