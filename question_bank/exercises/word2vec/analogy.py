"""The analogy a : b = c : ?"""

import numpy as np


def analogy(a, b, c, W):
    """a, b, c: word ids, W (V, D). Returns the similarities of all words (V,) and the best id."""
    norm = np.sqrt((W**2).sum(axis=1, keepdims=True))
    W = W / norm  #: a
    query = W[b] - W[a] + W[c]  #: b
    query = query / np.sqrt((query**2).sum())
    similarity = np.dot(W, query)
    order = np.argsort(-similarity)
    #: c begin
    for word in order:
        if word not in (a, b, c):
            return similarity, int(word)
    #: c end
    return similarity, -1
