"""RMSprop over dictionaries of parameters and gradients."""

import numpy as np


class RMSprop:
    """h is a moving average of the squared gradient; the step is lr grad / sqrt(h).

    Source: Tieleman and Hinton, 2012.
    """

    def __init__(self, lr=0.01, decay_rate=0.99):
        self.lr = lr
        self.decay_rate = decay_rate
        self.h = None

    def update(self, params, grads):
        """params and grads are dictionaries with the same keys; params changes in place."""
        if self.h is None:
            self.h = {key: np.zeros_like(param) for key, param in params.items()}  #: a
        for key in params:
            self.h[key] = self.decay_rate * self.h[key] + (1 - self.decay_rate) * grads[key] ** 2  #: b
            params[key] -= self.lr * grads[key] / np.sqrt(self.h[key] + 1e-14)  #: c
