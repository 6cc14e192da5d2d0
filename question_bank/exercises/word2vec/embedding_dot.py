"""The score of one word for each example: a row of W times the hidden vector."""

import numpy as np


class Embedding:
    """One row of W (V, H) for each of N ids."""

    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        (W,) = self.params
        self.idx = idx
        return W[idx]

    def backward(self, dout):
        (dW,) = self.grads
        dW[...] = 0
        np.add.at(dW, self.idx, dout)


class EmbeddingDot:
    """Instead of all V scores only the one of a given word."""

    def __init__(self, W):
        self.embed = Embedding(W)
        self.params, self.grads = self.embed.params, self.embed.grads
        self.cache = None

    def forward(self, h, idx):
        """h (N, H), idx (N,) word ids; returns the scores (N,)."""
        target_W = self.embed.forward(idx)
        self.cache = (h, target_W)
        return np.sum(target_W * h, axis=1)  #: a

    def backward(self, dout):
        """dout (N,); fills grads, returns dh (N, H)."""
        h, target_W = self.cache
        dout = dout.reshape(dout.shape[0], 1)  #: b
        self.embed.backward(dout * h)  #: c | dout * h
        return dout * target_W  #: d


#: judge
def loss(W, h, idx, dout):
    return np.sum(np.sum(W[idx] * h, axis=1) * dout)
