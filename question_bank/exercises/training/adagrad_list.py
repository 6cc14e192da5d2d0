"""AdaGrad over lists of parameters and gradients."""

import numpy as np


class AdaGrad:
    """h sums up the squares of all gradients; the step is lr grad / sqrt(h).

    Source: Duchi, Hazan and Singer, 2011.
    """

    def __init__(self, lr=0.01):
        self.lr = lr
        self.h = None

    def update(self, params, grads):
        """params and grads are lists of arrays in the same order; params changes in place."""
        if self.h is None:
            self.h = [np.zeros_like(param) for param in params]  #: a
        for i in range(len(params)):
            self.h[i] += grads[i] ** 2  #: b
            params[i] -= self.lr * grads[i] / (np.sqrt(self.h[i]) + 1e-7)  #: c
