"""An affine layer for all steps of a batch of sequences at once."""

import numpy as np


class TimeAffine:
    """The same W (D, M) and b (M,) at every step of every sequence; params [W, b] and grads."""

    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        """x (N, T, D); returns (N, T, M)."""
        N, T, D = x.shape
        W, b = self.params
        self.x = x
        rows = x.reshape(N * T, D)  #: a
        out = rows @ W + b
        return out.reshape(N, T, -1)

    def backward(self, dout):
        """dout (N, T, M); fills grads in place and returns dx (N, T, D)."""
        N, T, D = self.x.shape
        W, _ = self.params
        rows = self.x.reshape(N * T, D)
        dout = dout.reshape(N * T, -1)
        self.grads[0][...] = rows.T @ dout  #: b
        self.grads[1][...] = dout.sum(axis=0)  #: c
        dx = dout @ W.T
        return dx.reshape(N, T, D)  #: d


#: judge
def loss(W, b, x, dout):
    """A number whose gradient by the layer's output is dout."""
    return np.sum((x @ W + b) * dout)
