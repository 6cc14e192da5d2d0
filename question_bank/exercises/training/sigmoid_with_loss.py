"""Sigmoid and binary cross-entropy in one layer."""

import numpy as np


class SigmoidWithLoss:
    """The mean binary cross-entropy of the scores x (N,) with the labels t (N,), 0 or 1."""

    def __init__(self):
        self.params, self.grads = [], []
        self.y, self.t = None, None

    def forward(self, x, t):
        """x (N,) scores, t (N,) labels; returns a number."""
        self.t = t
        self.y = 1 / (1 + np.exp(-x))  #: a
        p = np.where(t == 1, self.y, 1 - self.y)  #: b
        return -np.mean(np.log(p))  #: c

    def backward(self, dout=1):
        """Returns dx (N,); the loss is the last number, so dout is 1."""
        return (self.y - self.t) / len(self.t)  #: d


#: judge
def loss(x, t):
    return np.mean(np.log(1 + np.exp(x)) - t * x)
