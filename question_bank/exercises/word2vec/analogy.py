"""Cosine similarity and the analogy a : b = c : ?"""

import numpy as np


def cosine_similarity(x, y, eps=1e-8):
    """The cosine of the angle between two vectors; eps keeps a zero vector from failing."""
    x_norm = x / np.sqrt((x**2).sum() + eps)
    y_norm = y / np.sqrt((y**2).sum() + eps)
    return np.inner(x_norm, y_norm)  #: a


def analogy(a, b, c, W):
    """a, b, c: word ids, W (V, D). Returns the similarities of all words (V,) and the best id."""
    norm = np.sqrt((W**2).sum(axis=1, keepdims=True))
    W = W / norm  #: b
    query = W[b] - W[a] + W[c]  #: c
    query = query / np.sqrt((query**2).sum())
    similarity = np.dot(W, query)
    order = np.argsort(-similarity)
    #: d begin
    for word in order:
        if word not in (a, b, c):
            return similarity, int(word)
    #: d end
    return similarity, -1
