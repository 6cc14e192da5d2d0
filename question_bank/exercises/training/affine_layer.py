"""An affine layer as a class that keeps its gradients in a list."""

import numpy as np


class Affine:
    """y = x W + b with W (D, H) and b (H,)."""

    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        """x (N, D); returns (N, H)."""
        W, b = self.params
        self.x = x
        return x @ W + b  #: a

    def backward(self, dout):
        """dout (N, H); fills grads, returns dx (N, D)."""
        W, b = self.params
        self.grads[0][...] = self.x.T @ dout  #: b
        self.grads[1][...] = dout.sum(axis=0)  #: c
        return dout @ W.T  #: d


#: judge
def loss(W, b, x, dout):
    return np.sum((x @ W + b) * dout)
