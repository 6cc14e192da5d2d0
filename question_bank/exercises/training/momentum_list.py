"""Momentum over lists of parameters and gradients."""

import numpy as np


class Momentum:
    """Keeps a velocity v for each parameter: v <- momentum v - lr grad, then param <- param + v."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, params, grads):
        """params and grads are lists of arrays in the same order; params changes in place."""
        if self.v is None:
            self.v = [np.zeros_like(param) for param in params]  #: a
        for i in range(len(params)):
            self.v[i] = self.momentum * self.v[i] - self.lr * grads[i]  #: b
            params[i] += self.v[i]  #: c
