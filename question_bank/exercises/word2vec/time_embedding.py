"""The embedding of whole sequences, made of one small layer for each time step."""

import numpy as np


class Embedding:
    """One row of W (V, D) for each of N ids."""

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


class TimeEmbedding:
    """T steps that share W."""

    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.layers = None

    def forward(self, xs):
        """xs (N, T) word ids; returns out (N, T, D)."""
        (W,) = self.params
        N, T = xs.shape
        out = np.empty((N, T, W.shape[1]))
        self.layers = []
        for t in range(T):
            layer = Embedding(W)
            out[:, t] = layer.forward(xs[:, t])  #: a
            self.layers.append(layer)
        return out

    def backward(self, dout):
        """dout (N, T, D); fills grads. Word ids have no gradient."""
        grad = 0
        for t in range(dout.shape[1]):
            layer = self.layers[t]
            layer.backward(dout[:, t])  #: b
            grad += layer.grads[0]  #: c
        self.grads[0][...] = grad  #: d


#: judge
def loss(W, xs, dout):
    return np.sum(W[xs] * dout)
