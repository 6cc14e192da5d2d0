"""AdaGrad over dictionaries of parameters and gradients."""

import numpy as np


class AdaGrad:
    """h sums up the squares of all gradients; the step is lr grad / sqrt(h).

    Source: Duchi, Hazan and Singer, 2011.
    """

    def __init__(self, lr=0.01):
        self.lr = lr
        self.h = None

    def update(self, params, grads):
        """params and grads are dictionaries with the same keys; params changes in place."""
        if self.h is None:
            self.h = {key: np.zeros_like(param) for key, param in params.items()}  #: a
        for key in params:
            self.h[key] += grads[key] ** 2  #: b
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + 1e-7)  #: c
