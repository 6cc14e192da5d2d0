"""Momentum over dictionaries of parameters and gradients."""

import numpy as np


class Momentum:
    """Keeps a velocity v for each parameter: v <- momentum v - lr grad, then param <- param + v."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = None

    def update(self, params, grads):
        """params and grads are dictionaries with the same keys; params changes in place."""
        if self.v is None:
            self.v = {}
            for key in params:
                self.v[key] = np.zeros_like(params[key])  #: a
        for key in params:
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]  #: b
            params[key] += self.v[key]  #: c
