"""Adam over lists of parameters and gradients."""

import numpy as np


class Adam:
    """Moments m and v with bias correction (Kingma and Ba, 2015)."""

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.iter = 0
        self.m = None
        self.v = None

    def update(self, params, grads):
        """params and grads are lists of arrays in the same order; params changes in place."""
        #: a begin
        if self.m is None:
            self.m = [np.zeros_like(param) for param in params]
            self.v = [np.zeros_like(param) for param in params]
        self.iter += 1
        for i in range(len(params)):
            self.m[i] += (1 - self.beta1) * (grads[i] - self.m[i])
            self.v[i] += (1 - self.beta2) * (grads[i] ** 2 - self.v[i])
            m_hat = self.m[i] / (1 - self.beta1**self.iter)
            v_hat = self.v[i] / (1 - self.beta2**self.iter)
            params[i] -= self.lr * m_hat / (np.sqrt(v_hat) + 1e-7)
        #: a end
