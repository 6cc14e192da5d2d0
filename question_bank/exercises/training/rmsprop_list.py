"""RMSprop over lists of parameters and gradients."""

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
        """params and grads are lists of arrays in the same order; params changes in place."""
        if self.h is None:
            self.h = [np.zeros_like(param) for param in params]  #: a
        for i in range(len(params)):
            self.h[i] = self.decay_rate * self.h[i] + (1 - self.decay_rate) * grads[i] ** 2  #: b
            params[i] -= self.lr * grads[i] / np.sqrt(self.h[i] + 1e-14)  #: c
